#include "services/server/health.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "eventstore/base/mutex.h"

namespace samverk {
namespace {

class Health : public grpc::HealthCheckServiceInterface {
 public:
  void SetServingStatus(const std::string& service, bool serving) override {
    MutexLock lock(mu_);
    serving_[service] = serving;
    changed_.NotifyAll();
  }
  void SetServingStatus(bool /*serving*/) override {}

  bool Serving(const std::string& service) {
    MutexLock lock(mu_);
    return serving_.at(service);
  }
  void WaitUntil(const std::string& service, bool serving) {
    MutexLock lock(mu_);
    while (serving_.at(service) != serving) changed_.Wait(mu_);
  }

 private:
  Mutex mu_;
  CondVar changed_;
  std::map<std::string, bool> serving_;
};

constexpr char kRecording[] = "samverk.recording.v1.RecordingService";
constexpr char kViews[] = "samverk.view.v1.ViewService";
constexpr char kStore[] = "samverk.store.v1.EventStoreService";

class HealthReporterTest : public testing::Test {
 protected:
  std::string Why() {
    MutexLock lock(mu_);
    return why_;
  }
  void Set(const std::string& why) {
    MutexLock lock(mu_);
    why_ = why;
  }

  Mutex mu_;
  std::string why_;
  Health health_;
};

TEST_F(HealthReporterTest, RecordingServesWhileEventsAreTaken) {
  const HealthReporter reporter(health_, false, [this] { return Why(); });
  EXPECT_TRUE(health_.Serving(kRecording));
  EXPECT_TRUE(health_.Serving(kViews));
  Set("the disk is full");
  health_.WaitUntil(kRecording, false);
  EXPECT_TRUE(health_.Serving(kViews));
  Set("");
  health_.WaitUntil(kRecording, true);
}

TEST_F(HealthReporterTest, StartsWithWhatHoldsAtTheStart) {
  Set("the clock is wrong");
  const HealthReporter reporter(health_, true, [this] { return Why(); });
  EXPECT_FALSE(health_.Serving(kRecording));
  EXPECT_TRUE(health_.Serving(kStore));
}

TEST_F(HealthReporterTest, ARawStoreThatIsSwitchedOffDoesNotServe) {
  const HealthReporter reporter(health_, false, [this] { return Why(); });
  EXPECT_FALSE(health_.Serving(kStore));
}

}  // namespace
}  // namespace samverk

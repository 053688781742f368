#include "services/privacy/privacy_upkeep.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"

namespace samverk::privacy {

PrivacyUpkeep::PrivacyUpkeep(Disposals& disposals, KeyBackups& backups,
                             std::function<void(const std::string&)> warn,
                             absl::Duration every)
    : disposals_(disposals),
      backups_(backups),
      warn_(std::move(warn)),
      every_(every),
      thread_([this] { Run(); }) {}

PrivacyUpkeep::~PrivacyUpkeep() {
  stop_.Give();
  thread_.join();
}

void PrivacyUpkeep::Run() {
  do {
    DoAll();
  } while (!stop_.AwaitUntil(absl::Now() + every_));
}

void PrivacyUpkeep::DoAll() {
  absl::Status done;
  if (!disposals_.Problem().empty()) done = disposals_.CarryOut();
  done.Update(backups_.Tidy());
  if (done.ok()) {
    warned_.clear();
  } else if (warned_ != done.message()) {
    warned_ = std::string(done.message());
    warn_(warned_);
  }
}

}  // namespace samverk::privacy

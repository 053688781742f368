#include "services/server/health.h"

#include <grpcpp/server_context.h>

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/thread_name.h"
#include "samverk/admin/v1/admin_service.grpc.pb.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "samverk/report/v1/report.grpc.pb.h"
#include "samverk/store/v1/store_service.grpc.pb.h"
#include "samverk/view/v1/view_service.grpc.pb.h"
#include "services/server/logging.h"

namespace samverk {
namespace {

using Count = std::shared_ptr<std::atomic<int64_t>>;

// Lives as long as its call, and leaves it alone unless it is one too many.
class CountedCall final : public grpc::experimental::Interceptor {
 public:
  CountedCall(Count count, grpc::ServerContextBase& context)
      : count_(std::move(count)),
        context_(context),
        too_many_(++*count_ > HealthWatches::kMost) {}
  ~CountedCall() override { --*count_; }
  void Intercept(
      grpc::experimental::InterceptorBatchMethods* methods) override {
    // Once: a call that is cancelled comes through here again.
    if (too_many_ &&
        methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::POST_RECV_MESSAGE)) {
      context_.TryCancel();
    }
    methods->Proceed();
  }

 private:
  const Count count_;
  grpc::ServerContextBase& context_;
  const bool too_many_;
};

class WatchCounter final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit WatchCounter(Count count) : count_(std::move(count)) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    const bool watch =
        std::string_view(info->method()) == "/grpc.health.v1.Health/Watch";
    return watch ? new CountedCall(count_, *info->server_context()) : nullptr;
  }

 private:
  const Count count_;
};

}  // namespace

HealthReporter::HealthReporter(grpc::HealthCheckServiceInterface& health,
                               bool raw_store,
                               std::function<std::string()> why_read_only)
    : health_(health), why_read_only_(std::move(why_read_only)) {
  // The server as a whole ("") is gRPC's own.
  health_.SetServingStatus(view::v1::ViewService::service_full_name(), true);
  health_.SetServingStatus(report::v1::ReportingService::service_full_name(),
                           true);
  health_.SetServingStatus(admin::v1::AdminService::service_full_name(), true);
  health_.SetServingStatus(store::v1::EventStoreService::service_full_name(),
                           raw_store);
  Report(why_read_only_());
  thread_ = std::thread([this] { Run(); });
}

HealthReporter::~HealthReporter() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void HealthReporter::Run() {
  SetThreadName("health");
  while (true) {
    {
      MutexLock lock(mu_);
      const absl::Time next = absl::Now() + kInterval;
      while (!stopping_ && changed_.WaitUntil(mu_, next)) {
      }
      if (stopping_) return;
    }
    const std::string why = why_read_only_();
    if (why == reported_) continue;
    LogWarning(why.empty() ? "events are taken again"
                           : absl::StrCat("no events are taken: ", why));
    Report(why);
  }
}

void HealthReporter::Report(const std::string& why_read_only) {
  reported_ = why_read_only;
  health_.SetServingStatus(recording::v1::RecordingService::service_full_name(),
                           why_read_only.empty());
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
HealthWatches::MakeCounter() {
  return std::make_unique<WatchCounter>(count_);
}

}  // namespace samverk

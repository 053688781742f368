// Following the register over gRPC.
#ifndef SAMVERK_SERVICES_BUS_SUBSCRIPTION_SERVICE_H_
#define SAMVERK_SERVICES_BUS_SUBSCRIPTION_SERVICE_H_

#include <cstddef>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "eventstore/limits.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "services/access/gate.h"
#include "services/bus/bus_pages.h"
#include "services/bus/subscription_stream.h"
#include "services/common/head_watcher.h"
#include "services/common/worker_pool.h"

namespace samverk {

// How subscribers stand.
struct SubscriptionStats {
  size_t count = 0;
  // Positions between the head and how far the slowest subscriber is.
  uint64_t lag_events = 0;
};

// samverk.bus.v1.SubscriptionService. Subscribers share one thread that waits
// for the log to grow and a few that read. When the store closes it ends them
// with UNAVAILABLE (SHUTTING_DOWN).
class SubscriptionService final
    : public bus::v1::SubscriptionService::WithRawCallbackMethod_Subscribe<
          bus::v1::SubscriptionService::Service> {
 public:
  // All must outlive it; `disposed` may be null. `subscriptions_max` at once.
  // Whoever has logged in may follow, and is given what they may read.
  SubscriptionService(EventStore& store, Clock& clock, access::Gate& gate,
                      size_t subscriptions_max = limits::kSubscriptions,
                      const DisposedValues* disposed = nullptr);
  ~SubscriptionService() override;

  // Any thread.
  SubscriptionStats Stats();

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Subscribe(
      grpc::CallbackServerContext* context,
      const grpc::ByteBuffer* request) override;

 private:
  absl::StatusOr<SubscriptionStream*> NewStream(
      grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
      access::Admitted who);
  void Stop();

  EventStore& store_;
  Clock& clock_;
  access::Gate& gate_;
  const size_t subscriptions_max_;
  BusPages pages_;
  Mutex mu_;
  absl::flat_hash_set<SubscriptionStream*> streams_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  WorkerPool live_;
  WorkerPool catching_up_;
  HeadWatcher watcher_;  // last: what it calls uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_SUBSCRIPTION_SERVICE_H_

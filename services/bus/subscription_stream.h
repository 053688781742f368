// One subscriber.
#ifndef SAMVERK_SERVICES_BUS_SUBSCRIPTION_STREAM_H_
#define SAMVERK_SERVICES_BUS_SUBSCRIPTION_STREAM_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "services/access/gate.h"
#include "services/bus/bus_pages.h"
#include "services/bus/subscribe_request.h"
#include "services/common/head_watcher.h"
#include "services/common/worker_pool.h"

namespace samverk {

// What subscriptions share. Everything must outlive them.
struct BusParts {
  EventStore& store;
  HeadWatcher& watcher;
  BusPages& pages;
  // Reads for those who are at the head, who must not wait for the others.
  WorkerPool& live;
  // Reads for those who are catching up.
  WorkerPool& catching_up;
  // Is asked again for each page.
  access::Gate& gate;
};

// Catching up and following are one loop: read the next page after the cursor,
// write it, and so on; at the head wait until the log grows or a sign of life
// is due. Invariants:
// 1. The next page is read when the last message of the one before has been
//    written: a slow subscriber holds one page and no thread.
// 2. At any time one of these goes on: a job, a wait, a write, or nothing, when
//    the call has been finished. The call is finished once, and only when none
//    of them goes on, so that none finds the stream gone.
class SubscriptionStream final
    : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // Told when the stream is gone, from gRPC's thread.
  using Gone = std::function<void(SubscriptionStream*)>;

  // `key` is equal for equal queries and sizes of a batch. `who` is not given
  // what they may not read; when what they showed holds no longer it ends.
  SubscriptionStream(const BusParts& parts, SubscriptionTerms terms,
                     std::string key, access::Admitted who,
                     grpc::CallbackServerContext& context, Gone gone);

  // Begins. Called once, by whoever made it.
  void Start();

  // Ends it with UNAVAILABLE (SHUTTING_DOWN); one whose subscriber does not
  // take what was written, by cancelling the call.
  void Stop();

  // Everything up to here has been looked at. Any thread.
  Position LookedAt() const;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  using Messages = std::deque<grpc::ByteBuffer>;

  // Everything up to here has been looked at by this.
  Position cursor() const {
    return Position(cursor_.load(std::memory_order_relaxed));
  }
  // Does what is to be done next.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Leaves what has not been written.
  void End(const absl::Status& outcome) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Wait() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Hands on to a job: it reads on, unless the wait ended with an error.
  void SubmitJob(const absl::Status& waited);
  void RunJob(const absl::Status& waited);
  // Reads one page; what there is to say then.
  absl::StatusOr<Messages> ReadOn();
  // True when the page reaches as far as the log does, or did just now.
  bool AtHead(const BusPage& page, absl::Time now) const;

  const BusParts parts_;
  const SubscriptionTerms terms_;
  const std::string key_;
  grpc::CallbackServerContext& context_;
  const Gone gone_;
  std::atomic<uint64_t> cursor_;
  std::atomic<bool> waits_ = false;  // for what comes beyond the cursor

  // These belong to the job, or to whoever starts the next one.
  access::Admitted who_;
  std::optional<absl::Time> recorded_from_;
  bool live_ = false;
  bool at_head_ = false;
  Position told_;         // the cursor of the last message
  absl::Time next_sign_;  // of life, at the latest

  Mutex mu_;
  bool working_ ABSL_GUARDED_BY(mu_) = false;  // a job or a wait
  HeadWatcher::WaiterId waiter_ ABSL_GUARDED_BY(mu_) = 0;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  absl::Time write_began_ ABSL_GUARDED_BY(mu_);
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  // How the call is to end, once it is known.
  std::optional<absl::Status> outcome_ ABSL_GUARDED_BY(mu_);
  // To be written, in order.
  Messages messages_ ABSL_GUARDED_BY(mu_);
  grpc::ByteBuffer current_;  // belongs to the write that goes on
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_SUBSCRIPTION_STREAM_H_

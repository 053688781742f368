#include "services/views/log_stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "services/common/grpc_status.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

class LogStream final
    : public grpc::ServerWriteReactor<view::v1::ReadLogResponse> {
 public:
  LogStream(EventStore& store, HeadWatcher& watcher, WorkerPool& pool)
      : store_(store), watcher_(watcher), pool_(pool) {}

  void Start(const view::v1::ReadLogRequest& request) {
    absl::StatusOr<ReadOptions> options = ReadOptionsOf(request);
    if (!options.ok()) {
      End(options.status());
      return;
    }
    options_ = *std::move(options);
    follow_ = request.follow();
    left_ = request.limit() == 0 ? UINT64_MAX : request.limit();
    if (!follow_) {
      const Position beyond = store_.Head().Next();
      options_.before = std::min(options_.before.value_or(beyond), beyond);
    }
    SubmitPage();
  }

  void OnWriteDone(bool ok) override {
    if (!ok || left_ == 0) {
      End(absl::OkStatus());
    } else {
      Continue();
    }
  }

  void OnCancel() override {
    HeadWatcher::WaiterId waiter = 0;
    {
      MutexLock lock(mu_);
      cancelled_ = true;
      waiter = std::exchange(waiter_, 0);
    }
    if (waiter != 0 && watcher_.Remove(waiter)) End(absl::OkStatus());
  }

  void OnDone() override {
    // OnCancel or Await may still hold the lock.
    { MutexLock lock(mu_); }
    delete this;
  }

 private:
  void End(const absl::Status& status) { Finish(ToGrpcStatus(status)); }

  // After a page has left.
  void Continue() {
    if (!at_end_) {
      SubmitPage();
    } else if (follow_) {
      Await();
    } else {
      End(absl::OkStatus());
    }
  }

  void SubmitPage() {
    const absl::Status queued = pool_.Submit([this] { WritePage(); });
    if (!queued.ok()) End(queued);
  }

  void WritePage() {
    options_.limit =
        static_cast<uint32_t>(std::min<uint64_t>(options_.limit, left_));
    const absl::StatusOr<EventPage> page = store_.Read(options_);
    if (!page.ok()) {
      End(page.status());
      return;
    }
    response_.Clear();
    for (const RecordedEvent& recorded : page->events) {
      const absl::Status decoded =
          ToLoggedEvent(recorded, *response_.add_events());
      if (!decoded.ok()) {
        End(decoded);
        return;
      }
    }
    left_ -= page->events.size();
    at_end_ = page->end;
    head_ = page->head;
    response_.set_scanned_to(page->scanned_to.value());
    response_.set_head(page->head.value());
    if (options_.direction == Direction::kForward) {
      options_.after = std::max(options_.after, page->scanned_to);
    } else {
      options_.before = page->scanned_to;
    }
    StartWrite(&response_);
  }

  // Goes on when the log has grown.
  void Await() {
    MutexLock lock(mu_);
    if (cancelled_) {
      End(absl::OkStatus());
      return;
    }
    waiter_ = watcher_.Await(head_, absl::InfiniteFuture(),
                             [this](absl::StatusOr<Position> head) {
                               if (head.ok()) {
                                 SubmitPage();
                               } else {
                                 End(head.status());
                               }
                             });
  }

  EventStore& store_;
  HeadWatcher& watcher_;
  WorkerPool& pool_;
  // Belong to the reaction that runs: there is one at a time.
  ReadOptions options_;
  uint64_t left_ = 0;  // events that may still be sent
  bool follow_ = false;
  bool at_end_ = false;
  Position head_;
  view::v1::ReadLogResponse response_;

  Mutex mu_;
  HeadWatcher::WaiterId waiter_ ABSL_GUARDED_BY(mu_) = 0;
  bool cancelled_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace

grpc::ServerWriteReactor<view::v1::ReadLogResponse>* NewLogStream(
    EventStore& store, HeadWatcher& watcher, WorkerPool& pool,
    const view::v1::ReadLogRequest& request) {
  auto* stream = new LogStream(store, watcher, pool);  // deletes itself
  stream->Start(request);
  return stream;
}

}  // namespace samverk

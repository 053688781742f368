#include "services/store/read_stream.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/mutex.h"
#include "samverk/store/v1/store_service.pb.h"
#include "services/common/grpc_status.h"
#include "services/store/append_stream.h"
#include "services/store/conversions.h"
#include "services/store/wire_bytes.h"

namespace samverk {
namespace {

// Invariants:
// 1. At most one page is being read, at most one is made and waits, and at most
//    one is being written; one waits only while another is written, and none is
//    read then.
// 2. The call is finished once, and only while none is being read: no job of
//    the pool finds the reactor gone.
class ReadStreamReactor final
    : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  ReadStreamReactor(EventStore& store, WorkerPool& pool,
                    const grpc::ByteBuffer& request)
      : store_(store), pool_(pool) {
    store::v1::ReadRequest parsed;
    absl::Status status = ParseMessage(request, parsed);
    if (status.ok()) {
      absl::StatusOr<ReadOptions> options = ReadFromProto(parsed);
      status = options.status();
      if (status.ok()) options_ = *std::move(options);
    }
    if (!status.ok()) {
      Finish(ToGrpcStatus(status));
      return;
    }
    left_ = parsed.limit() == 0 ? UINT64_MAX : parsed.limit();
    head_ = store_.Head();
    const Position beyond = head_.Next();
    options_.before = std::min(options_.before.value_or(beyond), beyond);
    MutexLock lock(mu_);
    ReadOn();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mu_);
    writing_ = false;
    if (!ok) caller_gone_ = true;
    Proceed();
  }

  void OnDone() override {
    // Whoever called Finish may still hold the lock.
    { MutexLock lock(mu_); }
    delete this;
  }

 private:
  struct Page {
    grpc::ByteBuffer bytes;
    bool last = false;
  };

  // Has the next page read.
  void ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    reading_ = true;
    absl::Status queued = pool_.Submit([this] {
      absl::StatusOr<Page> page = ReadPage();
      MutexLock lock(mu_);
      Take(std::move(page));
    });
    if (!queued.ok()) Take(WithRetryDelay(std::move(queued)));
  }

  absl::StatusOr<Page> ReadPage() {
    options_.limit =
        static_cast<uint32_t>(std::min<uint64_t>(options_.limit, left_));
    const absl::StatusOr<EventPage> page = store_.Read(options_);
    if (!page.ok()) return page.status();
    left_ -= page->events.size();
    if (options_.direction == Direction::kForward) {
      options_.after = page->scanned_to;
    } else {
      options_.before = page->scanned_to;
    }
    return Page{
        ToByteBuffer(EncodeReadResponse(page->events, page->scanned_to, head_)),
        page->end || left_ == 0};
  }

  void Take(absl::StatusOr<Page> page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    reading_ = false;
    next_ = std::move(page);
    Proceed();
  }

  // Writes the page that waits, or ends the call when there is no other.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (writing_ || reading_) return;
    if (caller_gone_ || !next_.has_value()) {
      Finish(grpc::Status::OK);
      return;
    }
    if (!next_->ok()) {
      Finish(ToGrpcStatus(next_->status()));
      return;
    }
    buffer_ = std::move((*next_)->bytes);
    const bool last = (*next_)->last;
    next_.reset();
    writing_ = true;
    StartWrite(&buffer_);
    if (!last) ReadOn();
  }

  EventStore& store_;
  WorkerPool& pool_;
  // These belong to the job that reads; there is one at a time.
  ReadOptions options_;
  uint64_t left_ = 0;  // events that may still be sent
  Position head_;

  Mutex mu_;
  bool reading_ ABSL_GUARDED_BY(mu_) = false;
  // What was read and is to be written, or the error that ends the call.
  std::optional<absl::StatusOr<Page>> next_ ABSL_GUARDED_BY(mu_);
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool caller_gone_ ABSL_GUARDED_BY(mu_) = false;
  grpc::ByteBuffer buffer_;  // belongs to the write that goes on
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* NewReadStream(
    EventStore& store, WorkerPool& pool, const grpc::ByteBuffer& request) {
  return new ReadStreamReactor(store, pool, request);
}

}  // namespace samverk

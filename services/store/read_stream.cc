#include "services/store/read_stream.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"
#include "samverk/store/v1/store_service.pb.h"
#include "services/common/grpc_status.h"
#include "services/common/retry_delay.h"
#include "services/common/wire_bytes.h"
#include "services/store/conversions.h"
#include "services/store/page_bytes.h"

namespace samverk {
namespace {

// The first page is small, so that it is there soon; the next ones are larger.
constexpr size_t kFirstPage = 128;
constexpr size_t kPageGrowth = 4;

// Invariants:
// 1. There are at most two pages: one that is being written, and one that is
//    being made or waits.
// 2. The call is finished once, and only while no job reads: none finds the
//    reactor gone.
class ReadStreamReactor final
    : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  ReadStreamReactor(EventStore& store, WorkerPool& pool,
                    const grpc::ByteBuffer& request, access::LastingRight right)
      : store_(store), pool_(pool), right_(std::move(right)) {
    store::v1::ReadRequest parsed;
    absl::Status status = ParseMessage(request, parsed);
    if (status.ok()) {
      absl::StatusOr<ReadOptions> options = ReadFromProto(parsed);
      if (options.ok()) options_ = *std::move(options);
      status = options.status();
    }
    if (status.ok()) status = CheckRead(options_);
    if (!status.ok()) {
      Finish(ToGrpcStatus(status));
      return;
    }
    page_limit_ = options_.limit;
    page_events_ = std::min(page_limit_, kFirstPage);
    left_ = parsed.limit() == 0 ? UINT64_MAX : parsed.limit();
    head_ = store_.Head();
    const Position beyond = head_.Next();
    options_.before = std::min(options_.before.value_or(beyond), beyond);
    MutexLock lock(mu_);
    Proceed();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mu_);
    writing_ = false;
    if (!ok) caller_gone_ = true;
    Proceed();
  }

  // The write or the job that goes on then ends the call.
  void OnCancel() override { caller_gone_ = true; }

  void OnDone() override {
    // Whoever called Finish may still hold the lock.
    { MutexLock lock(mu_); }
    delete this;
  }

 private:
  // Does what is to be done next, but for reading on while a job does.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (caller_gone_) {
      if (!reading_ && !writing_) Finish(grpc::Status::OK);
      return;
    }
    if (waiting_.has_value() && !writing_) {
      buffer_ = ToByteBuffer(*std::move(waiting_));
      waiting_.reset();
      writing_ = true;
      if (outcome_.has_value() && outcome_->ok()) {
        StartWriteAndFinish(&buffer_, {}, grpc::Status::OK);
        return;
      }
      StartWrite(&buffer_);
    }
    if (waiting_.has_value() || reading_) return;
    if (!outcome_.has_value()) {
      ReadOn();
    } else if (!writing_) {
      Finish(ToGrpcStatus(*outcome_));
    }
  }

  void ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    reading_ = true;
    const absl::Status queued = pool_.Submit([this] {
      absl::StatusOr<bool> end = ReadSome();
      MutexLock lock(mu_);
      reading_ = false;
      if (!end.ok()) {
        outcome_ = std::move(end).status();
      } else if (*end) {
        outcome_ = absl::OkStatus();
      }
      Proceed();
    });
    if (queued.ok()) return;
    reading_ = false;
    outcome_ = WithRetryDelay(queued);
    if (!writing_) Finish(ToGrpcStatus(*outcome_));
  }

  // Reads and hands on pages until one has to wait, or as far as one reading of
  // the store goes. True when nothing is left.
  absl::StatusOr<bool> ReadSome() {
    RETURN_IF_ERROR(right_.Check());
    options_.limit =
        static_cast<uint32_t>(std::min<uint64_t>(limits::kReadPage, left_));
    bool waits = false;
    ASSIGN_OR_RETURN(
        const ReadEnd read,
        store_.Visit(options_, [this, &waits](const RecordView& event) {
          if (caller_gone_.load(std::memory_order_relaxed)) return false;
          if (page_.events() == page_events_ ||
              page_.size() + event.record().size() > limits::kReadPageBytes) {
            noted_ = NoteSecrets();
            if (!noted_.ok()) return false;
            waits = !HandOn(last_);
            if (waits) return false;
          }
          page_.Add(event);
          access::AddIfSecret(event, secrets_);
          last_ = event.position();
          --left_;
          return true;
        }));
    if (options_.direction == Direction::kForward) {
      options_.after = read.scanned_to;
    } else {
      options_.before = read.scanned_to;
    }
    RETURN_IF_ERROR(noted_);
    RETURN_IF_ERROR(NoteSecrets());
    const bool end = read.end || left_ == 0;
    if (end || page_.events() > 0) {
      MutexLock lock(mu_);
      waiting_ = page_.Take(read.scanned_to, head_);
    }
    return end;
  }

  // Of the page that has been made, before it is given.
  absl::Status NoteSecrets() {
    RETURN_IF_ERROR(right_.journal().Note(
        right_.who(), event::v1::SecretDataRead::WAY_RECORDS, secrets_));
    secrets_.clear();
    return absl::OkStatus();
  }

  // Takes the page that has been made; true when the next one may be made now.
  bool HandOn(Position scanned_to) {
    page_events_ = std::min(page_limit_, page_events_ * kPageGrowth);
    MutexLock lock(mu_);
    waiting_ = page_.Take(scanned_to, head_);
    Proceed();
    return !waiting_.has_value() && !caller_gone_;
  }

  EventStore& store_;
  WorkerPool& pool_;
  // These belong to the job that reads; there is one at a time.
  access::LastingRight right_;
  ReadOptions options_;
  std::vector<access::SecretEvent> secrets_;  // of the page that is made
  absl::Status noted_;
  size_t page_limit_ = 0;   // events of a page, as the caller says
  size_t page_events_ = 0;  // of the one that is being made
  PageBytes page_;
  Position last_;      // of the last event in it
  uint64_t left_ = 0;  // events that may still be sent
  Position head_;

  Mutex mu_;
  bool reading_ ABSL_GUARDED_BY(mu_) = false;
  // A page that is to be written.
  std::optional<std::string> waiting_ ABSL_GUARDED_BY(mu_);
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  // How the reading ended, once all its pages are made.
  std::optional<absl::Status> outcome_ ABSL_GUARDED_BY(mu_);
  std::atomic<bool> caller_gone_{false};
  grpc::ByteBuffer buffer_;  // belongs to the write that goes on
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* NewReadStream(
    EventStore& store, WorkerPool& pool, const grpc::ByteBuffer& request,
    access::LastingRight right) {
  return new ReadStreamReactor(store, pool, request, std::move(right));
}

}  // namespace samverk

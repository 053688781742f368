#include "services/store/append_stream.h"

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "eventstore/base/mutex.h"
#include "eventstore/base/status_macros.h"
#include "google/rpc/status.pb.h"
#include "samverk/store/v1/store_service.pb.h"
#include "services/common/grpc_status.h"
#include "services/common/retry_delay.h"
#include "services/common/wire_bytes.h"
#include "services/store/conversions.h"

namespace samverk {
namespace {

using store::v1::AppendStreamRequest;
using store::v1::AppendStreamResponse;

// What one stream may have in flight: beyond it no more is read.
constexpr size_t kRequestsInFlight = 1024;
constexpr size_t kBytesInFlight = 16 << 20;

AppendStreamResponse ErrorAnswer(const absl::Status& status) {
  AppendStreamResponse answer;
  const grpc::Status grpc_status = ToGrpcStatus(status);
  std::string bytes = grpc_status.error_details();
  if (bytes.empty()) {
    google::rpc::Status rpc;
    rpc.set_code(status.raw_code());
    rpc.set_message(std::string(status.message()));
    bytes = rpc.SerializeAsString();
  }
  answer.set_error(std::move(bytes));
  return answer;
}

// Invariants:
// 1. Slots are the requests that were read, in order; the front one is written
//    when it is answered, and leaves when it was written.
// 2. The next request is read when the one before is in the store's queue, so
//    the store sees them in order; none is read while there is no room.
// 3. The call ends when nothing more comes and no slot is left: no answer of
//    the store can then find the reactor gone.
class AppendStreamReactor final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  AppendStreamReactor(EventStore& store, absl::Time deadline, uint64_t caller,
                      access::LastingRight right)
      : store_(store),
        deadline_(deadline),
        caller_(caller),
        right_(std::move(right)) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      MutexLock lock(mu_);
      reading_ended_ = true;
      Proceed();
      return;
    }
    const size_t bytes = request_.Length();
    absl::StatusOr<AppendRequest> append = Parse(request_);
    uint64_t number;
    {
      MutexLock lock(mu_);
      number = front_number_ + slots_.size();
      slots_.push_back(Slot{bytes, std::nullopt});
      bytes_in_flight_ += bytes;
    }
    if (append.ok()) {
      append->caller = caller_;
      store_.Append(*std::move(append), deadline_,
                    [this, number](absl::StatusOr<AppendResult> result) {
                      Answer(number, ToAnswer(std::move(result)));
                    });
    } else {
      Answer(number, ErrorAnswer(append.status()));
    }
    MutexLock lock(mu_);
    want_read_ = true;
    ReadOnIfRoom();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mu_);
    writing_ = false;
    if (!ok) connection_lost_ = true;
    PopFront();
    Proceed();
  }

  void OnDone() override {
    // Whoever called Finish may still hold the lock.
    { MutexLock lock(mu_); }
    delete this;
  }

 private:
  struct Slot {
    size_t bytes;
    std::optional<grpc::ByteBuffer> answer;
  };

  absl::StatusOr<AppendRequest> Parse(const grpc::ByteBuffer& bytes) {
    RETURN_IF_ERROR(right_.Check());
    AppendStreamRequest request;
    RETURN_IF_ERROR(ParseMessage(bytes, request));
    return AppendFromProto(*request.mutable_append());
  }

  static AppendStreamResponse ToAnswer(absl::StatusOr<AppendResult> result) {
    if (!result.ok()) return ErrorAnswer(WithRetryDelay(result.status()));
    AppendStreamResponse answer;
    *answer.mutable_appended() = AppendToProto(*result);
    return answer;
  }

  void Answer(uint64_t number, const AppendStreamResponse& answer) {
    grpc::ByteBuffer bytes = ToByteBuffer(answer);
    MutexLock lock(mu_);
    slots_[number - front_number_].answer = std::move(bytes);
    Proceed();
  }

  void PopFront() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    bytes_in_flight_ -= slots_.front().bytes;
    slots_.pop_front();
    ++front_number_;
    ReadOnIfRoom();
  }

  void ReadOnIfRoom() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (!want_read_ || slots_.size() >= kRequestsInFlight ||
        bytes_in_flight_ >= kBytesInFlight) {
      return;
    }
    want_read_ = false;
    StartRead(&request_);
  }

  // Writes the front answer, and ends the call when all is said.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    while (!writing_ && !slots_.empty() && slots_.front().answer.has_value()) {
      if (connection_lost_) {
        PopFront();
        continue;
      }
      writing_ = true;
      StartWrite(&*slots_.front().answer);
    }
    if (reading_ended_ && slots_.empty() && !finished_) {
      finished_ = true;
      Finish(grpc::Status::OK);
    }
  }

  EventStore& store_;
  const absl::Time deadline_;
  const uint64_t caller_;
  // Belong to the read that goes on, then to OnReadDone.
  access::LastingRight right_;
  grpc::ByteBuffer request_;

  Mutex mu_;
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mu_);
  // Number of the front slot, or of the next one when there is none.
  uint64_t front_number_ ABSL_GUARDED_BY(mu_) = 0;
  size_t bytes_in_flight_ ABSL_GUARDED_BY(mu_) = 0;
  // True when the next request may be read as soon as there is room.
  bool want_read_ ABSL_GUARDED_BY(mu_) = false;
  bool reading_ended_ ABSL_GUARDED_BY(mu_) = false;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool connection_lost_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* NewAppendStream(
    EventStore& store, absl::Time deadline, uint64_t caller,
    access::LastingRight right) {
  return new AppendStreamReactor(store, deadline, caller, std::move(right));
}

}  // namespace samverk

// One caller who watches something that goes on by itself.
#ifndef SAMVERK_SERVICES_ADMIN_LATEST_STREAM_H_
#define SAMVERK_SERVICES_ADMIN_LATEST_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "eventstore/base/mutex.h"
#include "services/common/grpc_status.h"

namespace samverk {

// Sends the latest word whenever the caller is ready for it: a slow reader
// misses steps but never the last one. A call that is cancelled ends at once,
// and what is watched goes on. Deletes itself when the call is done and the
// last word, End, has been said. Made with new, and given to gRPC. Holds the
// caller's place among their streams until the call is done.
template <typename Response>
class LatestStream final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit LatestStream(std::shared_ptr<const void> place)
      : place_(std::move(place)) {}

  // From whoever is watched, from one thread at a time.
  void Send(Response latest) {
    {
      MutexLock lock(mu_);
      // After a cancellation there is nobody to tell.
      if (!result_) next_ = std::move(latest);
    }
    Advance();
  }
  // Once; nothing is said after it.
  void End(const absl::Status& status) {
    {
      MutexLock lock(mu_);
      if (!result_) result_ = ToGrpcStatus(status);
    }
    Advance();
    Release();
  }

  void OnWriteDone(bool ok) override {
    {
      MutexLock lock(mu_);
      writing_ = false;
      if (!ok) GiveUp();
    }
    Advance();
  }
  // What waits for its turn says nothing: nothing but this would end the call
  // then.
  void OnCancel() override {
    {
      MutexLock lock(mu_);
      GiveUp();
    }
    Advance();
  }
  void OnDone() override {
    place_.reset();
    Release();
  }

 private:
  ~LatestStream() override = default;

  // The caller has gone.
  void GiveUp() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    next_.reset();
    if (!result_) result_ = grpc::Status::CANCELLED;
  }
  // Sends what is there, or ends the call.
  void Advance() {
    bool write = false;
    std::optional<grpc::Status> finish;
    {
      MutexLock lock(mu_);
      if (writing_ || finished_) return;
      if (next_) {
        sending_ = *std::exchange(next_, std::nullopt);
        writing_ = write = true;
      } else if (result_) {
        finished_ = true;
        finish = result_;
      }
    }
    if (write) this->StartWrite(&sending_);
    if (finish) this->Finish(*finish);
  }
  // One reference for gRPC, one for whoever is watched; the last deletes.
  void Release() {
    bool last = false;
    {
      MutexLock lock(mu_);
      last = --references_ == 0;
    }
    if (last) delete this;
  }

  Mutex mu_;
  std::optional<Response> next_ ABSL_GUARDED_BY(mu_);
  std::optional<grpc::Status> result_ ABSL_GUARDED_BY(mu_);
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  int references_ ABSL_GUARDED_BY(mu_) = 2;
  std::shared_ptr<const void> place_;  // of gRPC's callbacks
  // Constant while a write is under way.
  Response sending_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_LATEST_STREAM_H_

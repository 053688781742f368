#include "services/admin/rebuild_stream.h"

#include <utility>

#include "services/common/grpc_status.h"

namespace samverk {

using projections::RebuildProgress;

RebuildStream* RebuildStream::Start(projections::Projector& projector,
                                    const std::string& name) {
  auto* stream = new RebuildStream;  // deletes itself, see Release
  const absl::Status started = projector.Rebuild(
      name, [stream](const absl::StatusOr<RebuildProgress>& progress) {
        stream->Observe(progress);
      });
  if (!started.ok()) stream->Observe(started);  // it will not be called
  return stream;
}

void RebuildStream::Observe(const absl::StatusOr<RebuildProgress>& progress) {
  bool last = false;
  {
    MutexLock lock(mu_);
    if (!progress.ok()) {
      result_ = ToGrpcStatus(progress.status());
      last = true;
    } else {
      next_.emplace();
      next_->set_applied(progress->applied.value());
      next_->set_head(progress->head.value());
      next_->set_events_per_second(progress->events_per_second);
      next_->set_done(progress->done);
      if (progress->done) {
        result_ = grpc::Status::OK;
        last = true;
      }
    }
  }
  Advance();
  if (last) Release();
}

void RebuildStream::OnWriteDone(bool ok) {
  {
    MutexLock lock(mu_);
    writing_ = false;
    if (!ok) GiveUp();
  }
  Advance();
}

// A rebuild that waits for its turn says nothing, and one whose store fails
// says no more: nothing but this would end the call then.
void RebuildStream::OnCancel() {
  {
    MutexLock lock(mu_);
    GiveUp();
  }
  Advance();
}

void RebuildStream::GiveUp() {
  next_.reset();
  if (!result_) result_ = grpc::Status::CANCELLED;
}

void RebuildStream::Advance() {
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
  if (write) StartWrite(&sending_);
  if (finish) Finish(*finish);
}

void RebuildStream::OnDone() { Release(); }

void RebuildStream::Release() {
  bool last = false;
  {
    MutexLock lock(mu_);
    last = --references_ == 0;
  }
  if (last) delete this;
}

}  // namespace samverk

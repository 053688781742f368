#include "services/common/worker_pool.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {

WorkerPool::WorkerPool(int threads, size_t waiting_max)
    : waiting_max_(waiting_max) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkerPool::~WorkerPool() { Close(); }

absl::Status WorkerPool::Submit(std::function<void()> job) {
  MutexLock lock(mu_);
  if (closed_) {
    return MakeError(absl::StatusCode::kUnavailable,
                     error::v1::REASON_SHUTTING_DOWN,
                     "the server is shutting down; send the request again to "
                     "the restarted server");
  }
  if (waiting_.size() >= waiting_max_) {
    return MakeError(
        absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
        absl::StrCat(waiting_.size(),
                     " requests wait already; send the same request again "
                     "later"),
        {{"waiting", absl::StrCat(waiting_.size())}});
  }
  waiting_.push_back(std::move(job));
  changed_.NotifyOne();
  return absl::OkStatus();
}

void WorkerPool::Close() {
  {
    MutexLock lock(mu_);
    closed_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Run() {
  for (;;) {
    std::function<void()> job;
    {
      MutexLock lock(mu_);
      while (waiting_.empty() && !closed_) changed_.Wait(mu_);
      if (waiting_.empty()) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    job();
  }
}

}  // namespace samverk

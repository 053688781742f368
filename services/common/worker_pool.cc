#include "services/common/worker_pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

// One caller's part of those that may wait.
constexpr size_t kShareOfOne = 4;

}  // namespace

WorkerPool::WorkerPool(int threads, size_t waiting_max)
    : waiting_max_(waiting_max) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkerPool::~WorkerPool() { Close(); }

absl::Status WorkerPool::Submit(std::function<void()> job,
                                std::string_view caller) {
  MutexLock lock(mu_);
  if (closed_) {
    return MakeError(absl::StatusCode::kUnavailable,
                     error::v1::REASON_SHUTTING_DOWN,
                     "the server is shutting down; send the request again to "
                     "the restarted server");
  }
  const auto own = jobs_.find(caller);
  const size_t owns = own == jobs_.end() ? 0 : own->second.size();
  const size_t most = caller.empty()
                          ? waiting_max_
                          : std::max<size_t>(waiting_max_ / kShareOfOne, 1);
  if (waiting_ >= waiting_max_ || owns >= most) {
    const size_t waiting = waiting_ >= waiting_max_ ? waiting_ : owns;
    return MakeError(
        absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
        absl::StrCat(waiting,
                     " requests wait already; send the same request again "
                     "later"),
        {{"waiting", absl::StrCat(waiting)}});
  }
  if (own == jobs_.end()) {
    turns_.emplace_back(caller);
    jobs_[std::string(caller)].push_back(std::move(job));
  } else {
    own->second.push_back(std::move(job));
  }
  ++waiting_;
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

std::function<void()> WorkerPool::TakeNext() {
  const std::string caller = std::move(turns_.front());
  turns_.pop_front();
  const auto jobs = jobs_.find(caller);
  std::function<void()> job = std::move(jobs->second.front());
  jobs->second.pop_front();
  --waiting_;
  if (jobs->second.empty()) {
    jobs_.erase(jobs);
  } else {
    turns_.push_back(caller);
  }
  return job;
}

void WorkerPool::Run() {
  for (;;) {
    std::function<void()> job;
    {
      MutexLock lock(mu_);
      while (waiting_ == 0 && !closed_) changed_.Wait(mu_);
      if (waiting_ == 0) return;
      job = TakeNext();
    }
    job();
  }
}

}  // namespace samverk

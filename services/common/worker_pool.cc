#include "services/common/worker_pool.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"

namespace samverk {

WorkerPool::WorkerPool(size_t threads, size_t queue) : queue_(queue) {
  SAMVERK_CHECK(threads > 0) << "a pool needs a thread";
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkerPool::~WorkerPool() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

absl::Status WorkerPool::Submit(std::function<void()> task) {
  {
    MutexLock lock(mu_);
    if (tasks_.size() >= queue_) {
      return MakeError(
          absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
          absl::StrCat("the server has ", queue_,
                       " questions waiting; ask again in a moment"),
          {{"queue", absl::StrCat(queue_)}});
    }
    tasks_.push_back(std::move(task));
  }
  changed_.NotifyOne();
  return absl::OkStatus();
}

void WorkerPool::Run() {
  for (;;) {
    std::function<void()> task;
    {
      MutexLock lock(mu_);
      while (tasks_.empty() && !stopping_) changed_.Wait(mu_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace samverk

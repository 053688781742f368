// Threads for work that would hold up gRPC's own.
#ifndef SAMVERK_SERVICES_COMMON_WORKER_POOL_H_
#define SAMVERK_SERVICES_COMMON_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// A few threads and a bounded queue. All methods may be called from any thread.
class WorkerPool {
 public:
  // At least one thread; at most `queue` tasks wait.
  WorkerPool(size_t threads, size_t queue);
  // Finishes what is queued.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Has `task` run by one of the threads. RESOURCE_EXHAUSTED (QUEUE_FULL): it
  // will not be run; the caller may try again later.
  absl::Status Submit(std::function<void()> task);

 private:
  void Run();

  const size_t queue_;
  Mutex mu_;
  CondVar changed_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_WORKER_POOL_H_

// A few threads for work that is too heavy for gRPC's own.
#ifndef SAMVERK_SERVICES_COMMON_WORKER_POOL_H_
#define SAMVERK_SERVICES_COMMON_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// Runs jobs in the order in which they come, as many at once as it has
// threads. All methods may be called from any thread, but for Close and the
// destructor, which are the owner's and not for a job.
class WorkerPool {
 public:
  // At most `waiting_max` jobs wait for a thread.
  WorkerPool(int threads, size_t waiting_max);
  // Closes.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes a job on. RESOURCE_EXHAUSTED (QUEUE_FULL): too many wait.
  // UNAVAILABLE (SHUTTING_DOWN): closed. After an error the job is never run.
  absl::Status Submit(std::function<void()> job);

  // Runs what was taken on to its end, then stops the threads. A second call
  // does nothing.
  void Close();

 private:
  void Run();

  const size_t waiting_max_;
  Mutex mu_;
  CondVar changed_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_WORKER_POOL_H_

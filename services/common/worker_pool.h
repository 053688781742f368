// A few threads for work that is too heavy for gRPC's own.
#ifndef SAMVERK_SERVICES_COMMON_WORKER_POOL_H_
#define SAMVERK_SERVICES_COMMON_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"

namespace samverk {

// Runs as many jobs at once as it has threads. Callers take turns, and those of
// one are run in the order in which they come: nobody waits for all that
// another has asked. All methods may be called from any thread, but for Close
// and the destructor, which are the owner's and not for a job.
class WorkerPool {
 public:
  // At most `waiting_max` jobs wait for a thread.
  WorkerPool(int threads, size_t waiting_max);
  // Closes.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes a job of a caller on; empty: nobody's, of whom there is one.
  // RESOURCE_EXHAUSTED (QUEUE_FULL): too many wait, or a quarter of them are
  // this caller's. UNAVAILABLE (SHUTTING_DOWN): closed. After an error the job
  // is never run.
  absl::Status Submit(std::function<void()> job, std::string_view caller = {});

  // Runs what was taken on to its end, then stops the threads. A second call
  // does nothing.
  void Close();

 private:
  void Run();
  std::function<void()> TakeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t waiting_max_;
  Mutex mu_;
  CondVar changed_;
  // Of callers who wait for their turn, in that order.
  std::deque<std::string> turns_ ABSL_GUARDED_BY(mu_);
  // Their jobs; one that has none is not there.
  StringMap<std::deque<std::function<void()>>> jobs_ ABSL_GUARDED_BY(mu_);
  size_t waiting_ ABSL_GUARDED_BY(mu_) = 0;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_WORKER_POOL_H_

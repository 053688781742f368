// Waiting for the log to grow, for any number of waiters, with one thread.
#ifndef SAMVERK_SERVICES_COMMON_HEAD_WATCHER_H_
#define SAMVERK_SERVICES_COMMON_HEAD_WATCHER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"

namespace samverk {

// Blocks one thread of its own in EventStore::AwaitBeyond while somebody waits,
// and none when nobody does. All methods may be called from any thread.
class HeadWatcher {
 public:
  // The head, DEADLINE_EXCEEDED, or UNAVAILABLE (SHUTTING_DOWN).
  using Done = std::function<void(absl::StatusOr<Position>)>;
  using WaiterId = uint64_t;

  // `store` must outlive the watcher.
  explicit HeadWatcher(EventStore& store);
  // Answers those who still wait with UNAVAILABLE (SHUTTING_DOWN).
  ~HeadWatcher();

  HeadWatcher(const HeadWatcher&) = delete;
  HeadWatcher& operator=(const HeadWatcher&) = delete;

  // Calls `done` once, when the head is beyond `position` or `deadline` has
  // passed (up to 25 ms late); from within the call, or from the watcher's
  // thread. It must not block, nor call the watcher.
  WaiterId Await(Position position, absl::Time deadline, Done done);

  // Takes a waiter away. True: its `done` was not called and never will be.
  bool Remove(WaiterId id);

 private:
  struct Waiter {
    Position position;
    absl::Time deadline;
    Done done;
  };
  struct Answer {
    Done done;
    absl::StatusOr<Position> head;
  };

  void Run();
  // Takes away whom `head` or the time answers; all of them when it is an
  // error.
  std::vector<Answer> TakeAnswered(const absl::StatusOr<Position>& head);
  absl::Time NearestDeadline() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  EventStore& store_;
  Mutex mu_;
  CondVar changed_;
  std::map<WaiterId, Waiter> waiters_ ABSL_GUARDED_BY(mu_);
  WaiterId last_id_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_HEAD_WATCHER_H_

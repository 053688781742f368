// Waiting for the log to grow, for any number of waiters, with one thread.
#ifndef SAMVERK_SERVICES_COMMON_HEAD_WATCHER_H_
#define SAMVERK_SERVICES_COMMON_HEAD_WATCHER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "services/common/waiting_queries.h"

namespace samverk {

// Blocks one thread of its own in EventStore::AwaitBeyond while somebody waits,
// and none when nobody does. What comes is looked at once for all who wait for
// something that matches, and wakes only those for whom it does. All methods
// may be called from any thread.
class HeadWatcher {
 public:
  // The head, DEADLINE_EXCEEDED, or UNAVAILABLE (SHUTTING_DOWN).
  using Done = std::function<void(absl::StatusOr<Position>)>;
  using WaiterId = uint64_t;

  // What is waited for: an event beyond `after`.
  struct Wait {
    Position after = Position();
    absl::Time deadline = absl::InfiniteFuture();
    // Only one that matches; null: any. Must outlive the wait. It ends without
    // one, too, when that cannot be known: whoever waits looks for it.
    const Query* query = nullptr;
    // Whatever matches, no longer than until the head is here.
    Position at_most = Position(UINT64_MAX);
  };

  // `store` must outlive the watcher.
  explicit HeadWatcher(EventStore& store);
  // Answers those who still wait with UNAVAILABLE (SHUTTING_DOWN).
  ~HeadWatcher();

  HeadWatcher(const HeadWatcher&) = delete;
  HeadWatcher& operator=(const HeadWatcher&) = delete;

  // Calls `done` once, when what is waited for is there or the deadline has
  // passed (up to 25 ms late); from within the call, or from the watcher's
  // thread. It must not block, nor call the watcher.
  WaiterId Await(const Wait& wait, Done done);
  WaiterId Await(Position position, absl::Time deadline, Done done) {
    return Await(Wait{position, deadline}, std::move(done));
  }

  // Takes a waiter away. True: its `done` was not called and never will be.
  bool Remove(WaiterId id);

  // Up to here there is nothing for those who wait with a query.
  Position LookedAt();

 private:
  struct Waiter {
    Wait wait;
    Done done;
  };
  struct Answer {
    Done done;
    absl::StatusOr<Position> head;
  };

  void Run();
  // True when there are some.
  static bool Call(std::vector<Answer> answers);
  // Takes away whom `head` or the time answers, whatever they wait for; all of
  // them when it is an error.
  std::vector<Answer> TakeAnswered(const absl::StatusOr<Position>& head);
  // Looks at what has come up to `head`, and answers those for whom it is. True
  // when there were some.
  bool LookAtNew(Position head);
  std::vector<Answer> TakeMatching(std::vector<RecordedEvent> events,
                                   const absl::StatusOr<ReadEnd>& read,
                                   Position head);
  // Whether it can be known that there is nothing for it so far.
  bool NothingYet(const Wait& wait) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Nothing is known of the events up to here.
  void ForgetUpTo(Position position) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Take(WaiterId id, const absl::StatusOr<Position>& head,
            std::vector<Answer>& answers) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Waiter Take(std::map<WaiterId, Waiter>::iterator at)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  EventStore& store_;
  Mutex mu_;
  CondVar changed_;
  std::map<WaiterId, Waiter> waiters_ ABSL_GUARDED_BY(mu_);
  // The same, by what may answer them.
  absl::btree_set<std::pair<Position, WaiterId>> any_ ABSL_GUARDED_BY(mu_);
  absl::btree_set<std::pair<Position, WaiterId>> at_most_ ABSL_GUARDED_BY(mu_);
  absl::btree_set<std::pair<absl::Time, WaiterId>> deadlines_
      ABSL_GUARDED_BY(mu_);
  WaitingQueries queries_ ABSL_GUARDED_BY(mu_);

  // The events after `recent_after_` and up to `looked_at_`, for those who come
  // when these have been looked at. Later ones will be.
  std::deque<RecordedEvent> recent_ ABSL_GUARDED_BY(mu_);
  size_t recent_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  Position recent_after_ ABSL_GUARDED_BY(mu_);
  Position looked_at_ ABSL_GUARDED_BY(mu_);

  WaiterId last_id_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_HEAD_WATCHER_H_

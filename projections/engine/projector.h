// Keeps the views up with the log.
#ifndef SAMVERK_PROJECTIONS_ENGINE_PROJECTOR_H_
#define SAMVERK_PROJECTIONS_ENGINE_PROJECTOR_H_

#include <bitset>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "projections/engine/lane.h"
#include "projections/engine/view_store.h"
#include "projections/projection.h"

namespace samverk::projections {

// Some of the projections.
class ProjectionSet {
 public:
  ProjectionSet() = default;
  ProjectionSet(std::initializer_list<ProjectionId> ids) {
    for (const ProjectionId id : ids) bits_.set(static_cast<size_t>(id));
  }
  static ProjectionSet All() {
    ProjectionSet all;
    all.bits_.set();
    return all;
  }
  bool Has(ProjectionId id) const {
    return bits_.test(static_cast<size_t>(id));
  }

 private:
  std::bitset<kProjectionCount> bits_;
};

// How a projection is doing.
struct ProjectionStatus {
  enum class State { kLive, kCatchingUp, kRebuilding, kStopped };
  std::string name;
  int version = 0;
  State state = State::kCatchingUp;
  Position applied;  // what answers take in
  uint64_t entries = 0;
  std::optional<Position> rebuild_applied;  // when it is being built anew
  std::string stopped_reason;
};

// How a rebuild is doing.
struct RebuildProgress {
  Position applied;
  Position head;
  double events_per_second = 0;
  bool done = false;  // swapped in: answers come from the new entries
};

// The latest state of the views, at one position.
struct LiveViews {
  std::unique_ptr<ViewSnapshot> snapshot;
  Position position;
  int64_t recorded_at_us = 0;  // of that event; 0 when there is none
};

// Owns the view store and one thread that folds the log into it. All methods
// may be called from any thread.
//
// A projection whose version has changed is built anew before anything else:
// until then the old entries answer, and all views stand still where they were.
// A rebuild that is asked for goes on beside the live views, which move on.
class Projector {
 public:
  struct Options {
    std::string directory;  // of the view store
    std::vector<Projection> projections;
    ViewStore::Options store;  // `directory` is set from the one above
    Lane::Options lane;
    // Builds views again that take in events which the log does not have.
    bool accept_loss = false;
    // Told what an operator should know: views that are thrown away, a
    // projection that stops. Called from any thread.
    std::function<void(std::string_view)> log = [](std::string_view) {};
  };

  // Opens the views and begins to catch up. Views that cannot be read are built
  // again. `events` must outlive the projector. DATA_LOSS (DAMAGED): the views
  // take in events that the log does not have; nothing is changed. Other errors
  // as ViewStore::Open and EventStore::Read.
  static absl::StatusOr<std::unique_ptr<Projector>> Open(EventStore& events,
                                                         Options options);

  // Stops the thread. Those who wait are answered UNAVAILABLE (SHUTTING_DOWN).
  ~Projector();
  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  // The latest state; must not outlive the projector. UNAVAILABLE: one of
  // `needed` has stopped (PROJECTION_STOPPED), or is being built for the first
  // time (NOT_CAUGHT_UP). DATA_LOSS (DAMAGED): the view store.
  absl::StatusOr<LiveViews> Views(ProjectionSet needed);

  // Calls `done` once when answers take in `position`, from the projector's
  // thread or from within the call; it must not block.
  //   DEADLINE_EXCEEDED (NOT_CAUGHT_UP): they did not in time (up to 0.1 s
  //     later than `deadline`).
  //   UNAVAILABLE (PROJECTION_STOPPED, SHUTTING_DOWN): they will not.
  void OnApplied(Position position, absl::Time deadline,
                 std::function<void(absl::Status)> done);
  // The same, waiting.
  absl::Status AwaitApplied(Position position, absl::Time deadline);

  // Builds a projection anew beside the live one, then swaps it in. `observer`
  // is called from the projector's thread as it gets on, last with `done` or
  // with an error; it must not block. NOT_FOUND: no such projection.
  // FAILED_PRECONDITION: it is being rebuilt already.
  using RebuildObserver =
      std::function<void(const absl::StatusOr<RebuildProgress>&)>;
  absl::Status Rebuild(std::string_view name, RebuildObserver observer);

  // Every projection, by id.
  std::vector<ProjectionStatus> Status();
  uint64_t BytesOnDisk() const { return views_->BytesOnDisk(); }

 private:
  struct Waiter {
    Position position;
    absl::Time deadline;
    std::function<void(absl::Status)> done;
  };
  struct Request {
    Projection projection;
    RebuildObserver observer;
  };
  // A rebuild under way; touched by the thread alone.
  struct RebuildRun {
    Request request;
    std::unique_ptr<Lane> lane;
    absl::Time started;
  };

  Projector(EventStore& events, Options options);
  absl::Status OpenViews();
  // Goes on from what is stored, after a write that failed.
  absl::Status Reopen();
  // Makes the live lane from what is stored.
  absl::Status OpenLane();
  void Run();
  // One round; true when there is nothing to do until the log grows.
  absl::StatusOr<bool> Work();
  absl::Status StartRebuild(const Request& request);
  // Takes the rebuild a page further. True when it waits for the live views.
  absl::StatusOr<bool> AdvanceRebuild();
  // Puts the rebuilt table in the place of the live one.
  absl::Status SwapRebuilt();
  void EndRebuild(const absl::StatusOr<RebuildProgress>& result);
  // Answers a request that has come to its end, one way or the other.
  void Answer(const Request& request,
              const absl::StatusOr<RebuildProgress>& result);
  RebuildProgress ProgressOfRebuild() const;
  // Makes the thread's state known to the other threads.
  void Publish();
  void AnswerWaiters();
  // How a wait for `position` ends now; nothing when it goes on.
  std::optional<absl::Status> Outcome(Position position, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool Stopping();

  EventStore* const events_;
  const Options options_;
  std::unique_ptr<ViewStore> views_;

  // Touched by the thread alone, once it runs.
  std::unique_ptr<Lane> live_;
  std::unique_ptr<RebuildRun> rebuild_;
  // The last generation of each projection.
  absl::flat_hash_map<std::string, uint64_t> generations_;

  Mutex mu_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  Position answering_ ABSL_GUARDED_BY(mu_);
  std::vector<ProjectionStatus> status_ ABSL_GUARDED_BY(mu_);
  std::vector<Stop> stops_ ABSL_GUARDED_BY(mu_);
  std::vector<Waiter> waiters_ ABSL_GUARDED_BY(mu_);
  std::deque<Request> requests_ ABSL_GUARDED_BY(mu_);
  // Being rebuilt, or asked for.
  std::vector<ProjectionId> rebuilding_ ABSL_GUARDED_BY(mu_);

  std::thread thread_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_PROJECTOR_H_

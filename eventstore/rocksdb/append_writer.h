// The one writer of the log.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_APPEND_WRITER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_APPEND_WRITER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/commit_log.h"
#include "eventstore/cursor_store.h"
#include "eventstore/event_store.h"
#include "eventstore/limits.h"
#include "eventstore/rocksdb/decider.h"
#include "eventstore/rocksdb/fair_queue.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/serial_thread.h"
#include "eventstore/rocksdb/stored_facts.h"
#include "eventstore/store_observer.h"
#include "eventstore/track_store.h"

namespace samverk {

// Takes the whole queue, and then: decide → commit → apply → publish → answer.
// While a large commit is on its way to the disk, the one before it is applied
// and answered, and the one after it is decided.
//
//   I1  One thread decides, numbers and applies, and one commit is on its way
//       at a time; so positions and revisions have no gaps, and conditions are
//       judged in the order of the log.
//   I2  Requests are decided against what is applied, what is on its way, and
//       what was admitted before them in the same commit.
//   I3  Nothing is applied before it is committed (synced), nothing published
//       before it is applied, nothing answered before it is published.
//   I4  A request is in one commit as a whole, or in none.
//   I5  After a commit whose outcome is unknown, or that cannot be applied, no
//       other is begun: the writer answers READ_ONLY, with the reason.
//   I6  Every request is answered exactly once, also when closing.
//   I7  When a commit fails, so does every request whose answer rests on it,
//       refusals too: nobody is told that an event is recorded which is not.
//       What was decided meanwhile upon the commit that failed is decided
//       again.
class AppendWriter {
 public:
  struct Options {
    CommitLog* log = nullptr;
    RegisterState* state = nullptr;
    const LogReader* records = nullptr;
    Clock* clock = nullptr;
    bool accept_clock = false;  // whatever CheckClock says of it
    SaltSource salt;
    // Makes everything up to this point visible. Called from the writer's
    // thread.
    std::function<void(const CommitPoint&)> publish;
    StoreObserver* observer = nullptr;  // may be null
  };

  // The pointers must outlive the writer.
  explicit AppendWriter(Options options);
  ~AppendWriter() { Close(); }

  // Queues a request; `done` is called from a thread of the writer, or from
  // here when the request is refused at once.
  void Append(CheckedAppend append, StoredFacts facts, absl::Time deadline,
              EventStore::AppendCallback done);
  void PutCursors(std::vector<CursorEntry> cursors, absl::Time deadline,
                  CursorStore::PutCallback done);
  void ChangeTrack(TrackChange change, absl::Time deadline,
                   TrackStore::TrackCallback done);

  // Refuses new requests, answers those queued and ends the threads.
  void Close();

  // Requests that wait now.
  size_t QueueLength();
  // Why it refuses writes, or empty.
  std::string Problem();

 private:
  struct Request {
    absl::Time deadline;
    absl::Time arrived;
    absl::Time taken;  // from the queue
    QueuedSize size;
    // An append, or
    CheckedAppend append;
    StoredFacts facts;
    EventStore::AppendCallback done;
    // a change of cursors, or of a track.
    std::vector<CursorEntry> cursors;
    std::optional<TrackChange> track;
    std::function<void(absl::Status)> changed;

    bool is_append() const { return done != nullptr; }
    void Refuse(const absl::Status& status);
  };
  struct Decision {
    absl::StatusOr<AppendResult> answer;
    // False: it is right also when the commit that is being made fails.
    bool rests_on_commit = false;
  };
  // The requests of one commit, from the queue to their answers.
  struct Round {
    std::vector<Request> requests;
    std::vector<Decision> answers;  // of as many as are decided
    QueuedSize size;
    bool full = false;  // takes no more
    // Null when no commit can be made now; then `refused` says why.
    std::unique_ptr<Decider> decider;
    absl::Status refused;
    std::vector<Commit> commits;
    absl::Status written;
    CommitWork work;
  };

  void Enqueue(uint64_t caller, const QueuedSize& size, Request request);
  void Run();
  // Moves requests that wait into `round`, after waiting for something to do:
  // some, the end of the commit that is on its way, or closing. False when
  // there is nothing more to do.
  bool TakeRequests(Round& round, bool on_its_way);
  // Whether the commit that was on its way has ended.
  bool HasEnded();
  // Why no commit can be made now, or OK.
  absl::Status CheckReady(absl::Time now);
  // Decides the requests of a round that are not yet.
  void Decide(Round& round, const Round* on_its_way);
  void ExpectUndecided(Round& round);
  Decision DecideOne(Round& round, Request& request, absl::Time now);
  // Decides all requests anew: what they were decided upon has failed.
  void DecideAgain(Round& round);
  // Has the round's commits written beside this thread.
  void SendOnItsWay(Round& round);
  void Write(Round& round);
  // After its commits are written, or could not be: applies, publishes and
  // answers.
  void Complete(std::unique_ptr<Round> round);
  absl::Status Apply(Round& round);
  // While others wait to be written they are answered beside it.
  void Answer(std::unique_ptr<Round> round);
  static void CallBack(Round& round);
  void Tell(const Round& round);
  void Stop(const absl::Status& why);

  const Options options_;
  uint64_t epoch_ = 0;

  Mutex mu_;
  CondVar changed_;
  FairQueue<Request> queue_ ABSL_GUARDED_BY(mu_){limits::kAppendQueue,
                                                 limits::kAppendQueueBytes};
  // The writer waits until so many events wait in the queue.
  size_t wake_at_ ABSL_GUARDED_BY(mu_) = 1;
  bool commit_ended_ ABSL_GUARDED_BY(mu_) = false;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::string problem_ ABSL_GUARDED_BY(mu_);
  SerialThread disk_thread_{"log-disk"};
  SerialThread answer_thread_{"log-answers"};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_APPEND_WRITER_H_

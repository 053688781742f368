// The one thread that writes the log.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_APPEND_WRITER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_APPEND_WRITER_H_

#include <functional>
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
#include "eventstore/rocksdb/answer_thread.h"
#include "eventstore/rocksdb/decider.h"
#include "eventstore/rocksdb/fair_queue.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/stored_facts.h"
#include "eventstore/store_observer.h"

namespace samverk {

// Takes the whole queue, and then: decide → commit → apply → publish → answer.
//
//   I1  One thread decides, numbers and commits; so positions and revisions
//       have no gaps, and conditions are judged in the order of the log.
//   I2  Requests are decided against what is committed and what was admitted
//       before them in the same commit.
//   I3  Nothing is applied before it is committed (synced), nothing published
//       before it is applied, nothing answered before it is published.
//   I4  A request is in one commit as a whole, or in none.
//   I5  After a commit whose outcome is unknown, or that cannot be applied, no
//       other is made: the writer answers READ_ONLY, with the reason.
//   I6  Every request is answered exactly once, also when closing.
//   I7  When a commit fails, so does every request whose answer rests on it,
//       refusals too: nobody is told that an event is recorded which is not.
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
    // An append, or
    CheckedAppend append;
    StoredFacts facts;
    EventStore::AppendCallback done;
    // a change of cursors.
    std::vector<CursorEntry> cursors;
    CursorStore::PutCallback cursors_done;

    bool is_append() const { return done != nullptr; }
    void Refuse(const absl::Status& status);
  };
  using Batch = std::vector<Request>;
  struct Decision {
    absl::StatusOr<AppendResult> answer;
    // False: it is right also when the commit that is being made fails.
    bool rests_on_commit = false;
  };
  using Answers = std::vector<Decision>;

  void Enqueue(uint64_t caller, const QueuedSize& size, Request request);
  void Run();
  bool TakeBatch(Batch& batch);
  // Answers every request, and says how.
  void Process(Batch batch);
  Answers Work(Batch& batch, absl::Time taken);
  // Why no commit can be made now, or OK.
  absl::Status CheckReady(absl::Time now);
  // Decides every request; those admitted are in the commits returned.
  std::vector<Commit> Decide(Batch& batch, Decider& decider, Answers& answers);
  absl::Status CommitAndApply(absl::Span<const Commit> commits,
                              absl::Span<const BodyView* const> bodies,
                              CommitWork& work);
  // While others wait to be written they are answered beside it.
  void Answer(Batch batch, Answers answers);
  static void CallBack(Batch& batch, Answers& answers);
  void Tell(const Batch& batch, const Answers& answers, absl::Time taken);
  void Stop(const absl::Status& why);

  const Options options_;
  uint64_t epoch_ = 0;

  Mutex mu_;
  CondVar changed_;
  FairQueue<Request> queue_ ABSL_GUARDED_BY(mu_){limits::kAppendQueue,
                                                 limits::kAppendQueueBytes};
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::string problem_ ABSL_GUARDED_BY(mu_);
  AnswerThread answer_thread_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_APPEND_WRITER_H_

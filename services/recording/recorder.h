// Records batches: looks ids up, judges, appends on the condition that what was
// judged still holds, and judges again when it does not.
#ifndef SAMVERK_SERVICES_RECORDING_RECORDER_H_
#define SAMVERK_SERVICES_RECORDING_RECORDER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "services/access/admitted.h"
#include "services/common/worker_pool.h"
#include "services/recording/decision.h"
#include "services/recording/event_sealer.h"
#include "services/recording/register_reader.h"

namespace samverk::recording {

// One event as it was recorded.
struct RecordedPlace {
  EventId id;
  std::string stream;
  Position position;
  Revision revision;
};

// What became of a batch.
struct RecordOutcome {
  // OK: recorded now or earlier. INVALID_ARGUMENT or FAILED_PRECONDITION
  // (REFUSED): `violations` says why; the first when an event is wrong whatever
  // is recorded. Anything else: as RecordingService.Record says.
  absl::Status status;
  std::vector<RecordedPlace> places;  // one for each event, in order
  absl::Time recorded_at;
  bool replayed = false;
  std::vector<BatchNotice> notices;  // none when replayed
  std::vector<BatchViolation> violations;
};

// What Record would say of a batch.
struct Validation {
  Judgement judgement;
  Position position;  // that it was judged at
};

// Thread-safe.
class Recorder {
 public:
  // `store`, `clock` and `pool` must outlive it. `pool` takes batches that are
  // not small, and those that have to be judged again.
  // `sealer` seals what is personal, and must outlive it too; null: such
  // events are refused (PERSONAL_NOT_SEALABLE). `disposal_by_one`: one person
  // may decide on a disposal and carry it out.
  Recorder(EventStore& store, Clock& clock, WorkerPool& pool,
           EventSealer* sealer = nullptr, bool disposal_by_one = false);
  // Waits until every batch has its outcome.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  using Done = std::function<void(RecordOutcome)>;

  // Records the events, all or none, and calls `done` exactly once, from
  // within the call, a thread of the pool or one of the store; it must not
  // block. `caller` is who asks: AppendRequest.caller. `track` is written with
  // the events: one that does not grow is ABORTED (REVISION_CONFLICT); of a
  // batch that is recorded already it is not looked at.
  // PERMISSION_DENIED (NOT_PERMITTED): `who` may not record one of them.
  void Record(std::vector<event::v1::Event> events, absl::Time deadline,
              Done done, uint64_t caller = 0,
              std::optional<Track> track = std::nullopt,
              access::Admitted who = access::Admitted::Everybody());

  // Judges and writes nothing. Errors: as Record, but for REFUSED. Of a batch
  // that is recorded already nothing is judged, as in Record. What only
  // the writing can find is not found: a source reference that is recorded
  // under another id.
  absl::StatusOr<Validation> Validate(
      std::vector<event::v1::Event> events,
      const access::Admitted& who = access::Admitted::Everybody());

  // How often a batch is judged before ABORTED (CONTENTION).
  static constexpr int kAttempts = 8;
  // Larger batches are left to the pool.
  static constexpr size_t kSmallBatch = 16;

 private:
  class Recording;

  void Begin();
  void End();

  EventStore& store_;
  Clock& clock_;
  WorkerPool& pool_;
  EventSealer* const sealer_;
  const bool disposal_by_one_;
  RegisterReader reader_;
  Mutex mu_;
  CondVar ended_;
  int running_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_RECORDER_H_

// Decides the requests of one group commit, one after the other.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DECIDER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DECIDER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/append_checks.h"
#include "eventstore/conflict.h"
#include "eventstore/event_store.h"
#include "eventstore/rocksdb/index.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/pending_commit.h"
#include "eventstore/rocksdb/recent_segments.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/stored_facts.h"
#include "eventstore/track_store.h"

namespace samverk {

// Lives for one group commit. Sees what is committed and applied, the commit
// that is on its way to the disk meanwhile, if any, and what it has admitted
// itself; writes nothing. Should the commit that is on its way fail, then none
// of this decider's answers is one. One thread.
class Decider {
 public:
  // The arguments must outlive the decider, but for `on_its_way` (may be null),
  // which must live until the last request is decided. `state` must not change
  // until then.
  Decider(const RegisterState& state, const PendingCommit* on_its_way,
          const LogReader& records, const SaltSource& salt,
          int64_t recorded_at_us);

  // Makes room for so many events more, of so many stored bytes together.
  void Expect(size_t events, size_t bytes) { pending_.Expect(events, bytes); }

  // Admits the request into the commit, or answers it again, or refuses it.
  // `append` must outlive the decider and the commit's application; it may be
  // moved.
  absl::StatusOr<AppendResult> Decide(const CheckedAppend& append,
                                      StoredFacts& facts);
  // Admits the change into the commit, if it changes anything, or refuses it.
  absl::Status Decide(const TrackChange& change);
  // True when the last answer rests on what was admitted before it: should the
  // commit fail, then it is no answer.
  bool rests_on_pending() const { return rests_on_pending_; }

  // What was admitted.
  PendingCommit& pending() { return pending_; }

 private:
  // The first answer, an error, or nothing when all ids are new.
  absl::StatusOr<std::optional<AppendResult>> Replay(
      const CheckedAppend& append, const StoredFacts& facts);
  std::optional<IdEntry> FindId(const EventId& id, size_t i,
                                const StoredFacts& facts);
  // True when the event at this position has this body. Fills in the rest of
  // the answer.
  absl::StatusOr<bool> SameBody(Position position, std::string_view body,
                                AppendResult& answer);
  absl::Status CheckSources(const CheckedAppend& append,
                            const StoredFacts& facts);
  // The id of the event that has event i's source reference, if any has.
  absl::StatusOr<std::optional<EventId>> FindSource(const BodyView& body,
                                                    size_t i,
                                                    const StoredFacts& facts);
  absl::Status CheckConditions(const CheckedAppend& append,
                               const StoredFacts& facts);
  // `gathered` is what the facts have of it.
  StreamState FindStream(std::string_view stream, const StreamState& gathered);
  // The same without what this decider has admitted.
  StreamState FindStreamBefore(std::string_view stream,
                               const StreamState& gathered) const;
  std::optional<uint64_t> FindTrack(std::string_view consumer);
  absl::Status CheckRoomForTrack();
  // The first event after condition.after that matches, or 0.
  Position FirstMatch(const QueryCondition& condition,
                      const std::optional<Position>& stored);
  AppendResult Admit(const CheckedAppend& append, const StoredFacts& facts);

  const RegisterState* const state_;
  const PendingCommit* const on_its_way_;
  const RecentSegments recent_;
  const LogReader* const records_;
  const SaltSource* const salt_;
  PendingCommit pending_;
  bool rests_on_pending_ = false;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DECIDER_H_

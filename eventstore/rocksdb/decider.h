// Decides the requests of one group commit, one after the other.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DECIDER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DECIDER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/strings.h"
#include "eventstore/commit_record.h"
#include "eventstore/conflict.h"
#include "eventstore/event_store.h"
#include "eventstore/rocksdb/index.h"
#include "eventstore/rocksdb/log_reader.h"
#include "eventstore/rocksdb/recent_segments.h"
#include "eventstore/rocksdb/register_state.h"
#include "eventstore/rocksdb/stored_facts.h"

namespace samverk {

// Fills 16 bytes that nobody can guess.
using SaltSource = std::function<void(std::array<uint8_t, 16>&)>;

// Lives for one group commit. Sees what is committed, and what it has admitted
// itself; writes nothing. One thread.
class Decider {
 public:
  // The arguments must outlive the decider; `state` must not change meanwhile.
  Decider(const RegisterState& state, const LogReader& records,
          const SaltSource& salt, int64_t recorded_at_us);

  // Makes room for so many events of so many stored bytes together.
  void Expect(size_t events, size_t bytes);

  // Admits the request into the commit, or answers it again, or refuses it.
  // `append` must outlive the decider and the commit's application.
  absl::StatusOr<AppendResult> Decide(const CheckedAppend& append,
                                      StoredFacts& facts);
  // True when the last answer rests on what was admitted before it: should the
  // commit fail, then it is no answer.
  bool rests_on_pending() const { return rests_on_pending_; }

  // The commit of all that was admitted, complete but for its sequence's epoch;
  // empty when nothing was. Call once, at the end.
  Commit TakeCommit(uint64_t epoch);
  absl::Span<const BodyView* const> bodies() const { return bodies_; }
  size_t admitted() const { return bodies_.size(); }

 private:
  // An event that this decider has admitted.
  struct Pending {
    Position position;
    Revision revision;
    uint32_t request_first = 0;  // index of the request's first event
    uint32_t request_count = 0;
  };

  Position NextPosition() const {
    return Position(state_->point().position.value() + bodies_.size() + 1);
  }
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
  absl::Status CheckConditions(const CheckedAppend& append,
                               const StoredFacts& facts);
  // `gathered` is what the facts have of it.
  StreamState FindStream(std::string_view stream, const StreamState& gathered);
  absl::StatusOr<std::optional<uint64_t>> FindTrack(std::string_view consumer);
  // The first event after condition.after that matches, or 0.
  Position FirstMatch(const QueryCondition& condition,
                      const std::optional<Position>& stored);
  Position FirstPendingMatch(const QueryCondition& condition);
  AppendResult Admit(const CheckedAppend& append, const StoredFacts& facts);

  const RegisterState* const state_;
  const RecentSegments recent_;
  const LogReader* const records_;
  const SaltSource* const salt_;

  Commit commit_;
  // By index in the commit.
  std::vector<const BodyView*> bodies_;
  std::vector<Pending> pending_;
  // What is in the commit so far. Views into the requests.
  template <typename Value>
  using ViewMap =
      absl::flat_hash_map<std::string_view, Value, StringHash, std::equal_to<>>;
  absl::flat_hash_map<EventId, uint32_t> ids_;
  StringMap<uint32_t> sources_;
  ViewMap<StreamState> streams_;
  ViewMap<uint64_t> tracks_;
  // The last event with a tag; filled up to tags_through_ when asked for.
  ViewMap<Position> last_with_tag_;
  size_t tags_through_ = 0;
  bool rests_on_pending_ = false;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DECIDER_H_

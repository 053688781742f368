#include "eventstore/rocksdb/decider.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/query_plan.h"

namespace samverk {

Decider::Decider(const RegisterState& state, const PendingCommit* on_its_way,
                 const LogReader& records, const SaltSource& salt,
                 int64_t recorded_at_us)
    : state_(&state),
      on_its_way_(on_its_way),
      recent_(state.index().RecentForWriter()),
      records_(&records),
      salt_(&salt),
      pending_(on_its_way != nullptr ? on_its_way->point() : state.point(),
               on_its_way != nullptr ? on_its_way->tree() : state.frontier(),
               recorded_at_us) {}

absl::StatusOr<AppendResult> Decider::Decide(const CheckedAppend& append,
                                             StoredFacts& facts) {
  rests_on_pending_ = false;
  // Facts and recent segments together know every event that is applied.
  if (facts.through < recent_.stored_through) {
    ASSIGN_OR_RETURN(facts, GatherFacts(state_->index(), append));
  }
  ASSIGN_OR_RETURN(auto first_answer, Replay(append, facts));
  if (first_answer.has_value()) return *std::move(first_answer);
  RETURN_IF_ERROR(CheckSources(append, facts));
  RETURN_IF_ERROR(CheckConditions(append, facts));
  return Admit(append, facts);
}

std::optional<IdEntry> Decider::FindId(const EventId& id, size_t i,
                                       const StoredFacts& facts) {
  if (auto found = pending_.FindId(id)) {
    rests_on_pending_ = true;
    return found;
  }
  if (on_its_way_ != nullptr) {
    if (auto found = on_its_way_->FindId(id)) return found;
  }
  if (!state_->index().MayHaveId(id)) return std::nullopt;
  if (auto found = recent_.FindId(id)) return found;
  return facts.ids.empty() ? std::nullopt : facts.ids[i];
}

absl::StatusOr<bool> Decider::SameBody(Position position, std::string_view body,
                                       AppendResult& answer) {
  for (const PendingCommit* commit : {&std::as_const(pending_), on_its_way_}) {
    if (commit == nullptr || !commit->Holds(position)) continue;
    answer.recorded.push_back({position, commit->RevisionAt(position)});
    answer.recorded_at = commit->recorded_at();
    return commit->BodyAt(position) == body;
  }
  ASSIGN_OR_RETURN(const RecordedEvent event, records_->EventAt(position));
  answer.recorded.push_back({position, event.revision()});
  answer.recorded_at = event.recorded_at();
  return event.body() == body;
}

absl::StatusOr<std::optional<AppendResult>> Decider::Replay(
    const CheckedAppend& append, const StoredFacts& facts) {
  std::vector<EventId> known;
  std::vector<IdEntry> entries;
  for (size_t i = 0; i < append.ids.size(); ++i) {
    if (const auto entry = FindId(append.ids[i], i, facts)) {
      known.push_back(append.ids[i]);
      entries.push_back(*entry);
    }
  }
  if (known.empty()) return std::optional<AppendResult>();
  // The same request: as many events, all known, all of one request, which had
  // no others.
  if (known.size() != append.ids.size()) return IdConflict(known);
  AppendResult answer;
  answer.replayed = true;
  for (size_t i = 0; i < entries.size(); ++i) {
    ASSIGN_OR_RETURN(const bool same,
                     SameBody(entries[i].position, append.bodies[i], answer));
    if (!same || entries[i].request_first != entries[0].request_first ||
        entries[i].request_count != entries.size()) {
      return IdConflict(known);
    }
  }
  return std::optional<AppendResult>(std::move(answer));
}

absl::Status Decider::CheckSources(const CheckedAppend& append,
                                   const StoredFacts& facts) {
  for (size_t i = 0; i < append.views.size(); ++i) {
    const BodyView& body = append.views[i];
    if (body.source_ref.empty()) continue;
    ASSIGN_OR_RETURN(const auto recorded, FindSource(body, i, facts));
    if (!recorded.has_value()) continue;
    return SourceConflict(body.source_system, body.source_ref, *recorded);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<EventId>> Decider::FindSource(
    const BodyView& body, size_t i, const StoredFacts& facts) {
  const std::string key = keys::Source(body.source_system, body.source_ref);
  if (const EventId* id = pending_.FindSource(key)) {
    rests_on_pending_ = true;
    return std::optional<EventId>(*id);
  }
  if (on_its_way_ != nullptr) {
    if (const EventId* id = on_its_way_->FindSource(key)) {
      return std::optional<EventId>(*id);
    }
  }
  auto position = recent_.FindSource(key);
  if (!position.has_value() && !facts.sources.empty()) {
    position = facts.sources[i];
  }
  if (!position.has_value()) return std::optional<EventId>();
  ASSIGN_OR_RETURN(const RecordedEvent event, records_->EventAt(*position));
  ASSIGN_OR_RETURN(const BodyView recorded, DecodeBody(event.body()));
  return std::optional<EventId>(recorded.id);
}

absl::Status Decider::CheckConditions(const CheckedAppend& append,
                                      const StoredFacts& facts) {
  ConflictCollector conflicts;
  for (size_t i = 0; i < append.conditions.size(); ++i) {
    if (const auto* on_stream =
            std::get_if<StreamCondition>(&append.conditions[i])) {
      const StreamState actual =
          FindStream(on_stream->stream, facts.condition_streams.empty()
                                            ? StreamState{}
                                            : facts.condition_streams[i]);
      if (!Holds(*on_stream, actual)) {
        conflicts.AddStream(i, *on_stream, actual);
      }
      continue;
    }
    const auto& on_query = std::get<QueryCondition>(append.conditions[i]);
    const Position found = FirstMatch(
        on_query, facts.broken_by.empty() ? std::nullopt : facts.broken_by[i]);
    if (found != Position()) conflicts.AddQuery(i, on_query, found);
  }
  if (append.track.has_value()) {
    const auto recorded = FindTrack(append.track->consumer);
    if (recorded.has_value() && append.track->upstream_position <= *recorded) {
      conflicts.AddTrack(*append.track, *recorded);
    }
    RETURN_IF_ERROR(conflicts.ToStatus());
    if (!recorded.has_value()) return CheckRoomForTrack();
  }
  return conflicts.ToStatus();
}

absl::Status Decider::Decide(const TrackChange& change) {
  rests_on_pending_ = false;
  const auto recorded = FindTrack(change.track.consumer);
  ASSIGN_OR_RETURN(const bool changes, JudgeChange(change, recorded));
  if (!changes) return absl::OkStatus();
  Track track = change.track;
  if (change.kind == TrackChange::Kind::kForget) {
    track.upstream_position = 0;
  } else if (!recorded.has_value()) {
    RETURN_IF_ERROR(CheckRoomForTrack());
  }
  pending_.AddTrack(track, recorded.has_value());
  rests_on_pending_ = true;
  return absl::OkStatus();
}

std::optional<uint64_t> Decider::FindTrack(std::string_view consumer) {
  auto found = pending_.FindTrack(consumer);
  rests_on_pending_ |= found.has_value();
  if (!found.has_value() && on_its_way_ != nullptr) {
    found = on_its_way_->FindTrack(consumer);
  }
  if (!found.has_value()) return state_->index().FindTrack(consumer);
  return *found == 0 ? std::nullopt : found;  // forgotten
}

absl::Status Decider::CheckRoomForTrack() {
  int64_t names = static_cast<int64_t>(state_->index().track_count());
  if (on_its_way_ != nullptr) names += on_its_way_->new_tracks();
  names += pending_.new_tracks();
  rests_on_pending_ |= pending_.new_tracks() != 0;
  return samverk::CheckRoomForTrack(static_cast<size_t>(names));
}

StreamState Decider::FindStream(std::string_view stream,
                                const StreamState& gathered) {
  if (const auto found = pending_.FindStream(stream)) {
    rests_on_pending_ = true;
    return *found;
  }
  return FindStreamBefore(stream, gathered);
}

StreamState Decider::FindStreamBefore(std::string_view stream,
                                      const StreamState& gathered) const {
  if (on_its_way_ != nullptr) {
    if (const auto found = on_its_way_->FindStream(stream)) return *found;
  }
  if (const auto found = state_->index().RememberedStream(stream)) {
    return *found;
  }
  // What was in memory when the facts were gathered may since have been written
  // and forgotten.
  return recent_.FindStream(stream).value_or(gathered);
}

Position Decider::FirstMatch(const QueryCondition& condition,
                             const std::optional<Position>& stored) {
  if (stored.has_value()) return *stored;
  const Position head = state_->point().position;
  const Position after = std::max(condition.after, recent_.stored_through);
  if (after < head) {
    auto positions = PositionsOfTerms(condition.query, recent_, after, head);
    const uint64_t found =
        CombineTerms(condition.query, head,
                     [&](keys::TermKind kind, const std::string& term) {
                       return ListOfPositions(positions[{kind, term}]);
                     })
            ->AtOrAfter(after.value() + 1);
    if (found <= head.value()) return Position(found);
  }
  if (on_its_way_ != nullptr) {
    const Position found = on_its_way_->FirstMatch(condition);
    if (found != Position()) return found;
  }
  const Position found = pending_.FirstMatch(condition);
  if (found != Position()) rests_on_pending_ = true;
  return found;
}

AppendResult Decider::Admit(const CheckedAppend& append,
                            const StoredFacts& facts) {
  if (append.track.has_value()) {
    pending_.AddTrack(*append.track,
                      FindTrack(append.track->consumer).has_value());
  }
  return pending_.Add(append, *salt_, [&](size_t i) {
    return FindStreamBefore(append.views[i].stream, facts.streams.empty()
                                                        ? StreamState{}
                                                        : facts.streams[i]);
  });
}

}  // namespace samverk

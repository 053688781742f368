#include "eventstore/rocksdb/decider.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "eventstore/base/status_macros.h"
#include "eventstore/query.h"
#include "eventstore/rocksdb/query_plan.h"

namespace samverk {

Decider::Decider(const RegisterState& state, const LogReader& records,
                 const SaltSource& salt, int64_t recorded_at_us)
    : state_(&state),
      recent_(state.index().RecentForWriter()),
      records_(&records),
      salt_(&salt) {
  commit_.header.kind = CommitKind::kEvents;
  commit_.header.after = state.point();
  // Time never runs backwards, whatever the clock does.
  commit_.header.after.recorded_at_us =
      std::max(recorded_at_us, state.point().recorded_at_us);
}

void Decider::Expect(size_t events, size_t bytes) {
  commit_.Reserve(events, bytes);
  bodies_.reserve(events);
  pending_.reserve(events);
  ids_.reserve(events);
  streams_.reserve(events);
}

absl::StatusOr<AppendResult> Decider::Decide(const CheckedAppend& append,
                                             StoredFacts& facts) {
  rests_on_pending_ = false;
  // Facts and recent segments together know every event.
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
  if (const auto it = ids_.find(id); it != ids_.end()) {
    rests_on_pending_ = true;
    const Pending& pending = pending_[it->second];
    return IdEntry{pending.position, pending_[pending.request_first].position,
                   pending.request_count};
  }
  if (!state_->index().MayHaveId(id)) return std::nullopt;
  if (auto found = recent_.FindId(id)) return found;
  return facts.ids.empty() ? std::nullopt : facts.ids[i];
}

absl::StatusOr<bool> Decider::SameBody(Position position, std::string_view body,
                                       AppendResult& answer) {
  const uint64_t head = state_->point().position.value();
  if (position.value() > head) {
    const size_t i = position.value() - head - 1;
    answer.recorded.push_back({position, pending_[i].revision});
    answer.recorded_at =
        absl::FromUnixMicros(commit_.header.after.recorded_at_us);
    return commit_.body(i) == body;
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
    const std::string key = keys::Source(body.source_system, body.source_ref);
    if (const auto it = sources_.find(key); it != sources_.end()) {
      rests_on_pending_ = true;
      return SourceConflict(body.source_system, body.source_ref,
                            bodies_[it->second]->id);
    }
    auto position = recent_.FindSource(key);
    if (!position.has_value() && !facts.sources.empty()) {
      position = facts.sources[i];
    }
    if (!position.has_value()) continue;
    ASSIGN_OR_RETURN(const RecordedEvent event, records_->EventAt(*position));
    ASSIGN_OR_RETURN(const BodyView recorded, DecodeBody(event.body()));
    return SourceConflict(body.source_system, body.source_ref, recorded.id);
  }
  return absl::OkStatus();
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
    ASSIGN_OR_RETURN(const auto recorded, FindTrack(append.track->consumer));
    if (recorded.has_value() && append.track->upstream_position <= *recorded) {
      conflicts.AddTrack(*append.track, *recorded);
    }
  }
  return conflicts.ToStatus();
}

absl::StatusOr<std::optional<uint64_t>> Decider::FindTrack(
    std::string_view consumer) {
  if (const auto it = tracks_.find(consumer); it != tracks_.end()) {
    rests_on_pending_ = true;
    return std::optional<uint64_t>(it->second);
  }
  if (auto found = recent_.FindTrack(consumer)) return found;
  return state_->index().store().FindTrack(consumer);
}

StreamState Decider::FindStream(std::string_view stream,
                                const StreamState& gathered) {
  if (const auto it = streams_.find(stream); it != streams_.end()) {
    rests_on_pending_ = true;
    return it->second;
  }
  return state_->index().RememberedStream(stream).value_or(gathered);
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
  return FirstPendingMatch(condition);
}

Position Decider::FirstPendingMatch(const QueryCondition& condition) {
  for (; tags_through_ < bodies_.size(); ++tags_through_) {
    for (const std::string_view tag : bodies_[tags_through_]->tags) {
      last_with_tag_[tag] = pending_[tags_through_].position;
    }
  }
  // Most items name a tag that no pending event has: no need to look at each.
  const auto may_match = [&](const QueryItem& item) {
    return std::all_of(
        item.tags.begin(), item.tags.end(), [&](const std::string& tag) {
          const auto it = last_with_tag_.find(tag);
          return it != last_with_tag_.end() && it->second > condition.after;
        });
  };
  const auto& items = condition.query.items;
  if (!items.empty() && std::none_of(items.begin(), items.end(), may_match)) {
    return Position();
  }
  for (size_t i = 0; i < bodies_.size(); ++i) {
    if (pending_[i].position > condition.after &&
        Matches(condition.query, *bodies_[i])) {
      rests_on_pending_ = true;
      return pending_[i].position;
    }
  }
  return Position();
}

AppendResult Decider::Admit(const CheckedAppend& append,
                            const StoredFacts& facts) {
  AppendResult result;
  result.recorded.reserve(append.bodies.size());
  result.recorded_at =
      absl::FromUnixMicros(commit_.header.after.recorded_at_us);
  const auto first = static_cast<uint32_t>(bodies_.size());
  const auto count = static_cast<uint32_t>(append.bodies.size());
  for (size_t i = 0; i < append.bodies.size(); ++i) {
    const BodyView& body = append.views[i];
    RecordHeader header;
    header.position = NextPosition();
    const StreamState before = FindStream(
        body.stream, facts.streams.empty() ? StreamState{} : facts.streams[i]);
    header.revision = before.revision.Next();
    header.recorded_at_us = commit_.header.after.recorded_at_us;
    (*salt_)(header.salt);
    streams_[body.stream] = {header.revision, header.position};
    const auto index = static_cast<uint32_t>(bodies_.size());
    ids_.emplace(body.id, index);
    if (!body.source_ref.empty()) {
      sources_.emplace(keys::Source(body.source_system, body.source_ref),
                       index);
    }
    commit_.AddRecord(header, append.bodies[i]);
    bodies_.push_back(&body);
    pending_.push_back({header.position, header.revision, first, count});
    result.recorded.push_back({header.position, header.revision});
  }
  commit_.header.requests.push_back(count);
  if (append.track.has_value()) {
    tracks_[append.track->consumer] = append.track->upstream_position;
    commit_.header.tracks.push_back(*append.track);
  }
  return result;
}

Commit Decider::TakeCommit(uint64_t epoch) {
  CommitPoint& after = commit_.header.after;
  after.epoch = epoch;
  ++after.sequence;
  after.position = Position(after.position.value() + bodies_.size());
  commit_.header.count = static_cast<uint32_t>(bodies_.size());
  TreeFrontier tree = state_->frontier();
  for (const Hash& leaf : commit_.leaves()) tree.Append(leaf);
  after.tree = tree.Head();
  return std::move(commit_);
}

}  // namespace samverk

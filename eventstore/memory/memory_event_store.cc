#include "eventstore/memory/memory_event_store.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "eventstore/base/random.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"
#include "eventstore/query.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

std::array<uint8_t, 16> RandomSalt() {
  std::array<uint8_t, 16> salt;
  FillRandom(absl::MakeSpan(salt));
  return salt;
}

}  // namespace

MemoryEventStore::MemoryEventStore(Clock& clock, SaltSource salt)
    : clock_(&clock), salt_(salt ? std::move(salt) : RandomSalt) {}

void MemoryEventStore::Append(AppendRequest request, absl::Time deadline,
                              AppendCallback done) {
  auto checked = CheckAppend(std::move(request));
  if (!checked.ok()) return done(std::move(checked).status());
  if (deadline <= absl::Now()) return done(DeadlinePassed());
  absl::StatusOr<AppendResult> result = ShuttingDown();
  {
    MutexLock lock(mu_);
    if (!closed_) result = AppendLocked(*checked);
    grown_.NotifyAll();
  }
  done(std::move(result));
}

absl::StatusOr<AppendResult> MemoryEventStore::AppendLocked(
    const CheckedAppend& append) {
  ASSIGN_OR_RETURN(auto first_answer, Replay(append));
  if (first_answer.has_value()) return *std::move(first_answer);
  RETURN_IF_ERROR(CheckSources(append));
  RETURN_IF_ERROR(CheckConditions(append));

  int64_t recorded_at_us = absl::ToUnixMicros(clock_->Now());
  if (!log_.empty()) {
    recorded_at_us =
        std::max(recorded_at_us, log_.back().event.header().recorded_at_us);
  }
  ++requests_;
  AppendResult result;
  result.recorded_at = absl::FromUnixMicros(recorded_at_us);
  for (size_t i = 0; i < append.bodies.size(); ++i) {
    const BodyView& body = append.views[i];
    RecordHeader header;
    header.position = Position(log_.size() + 1);
    header.revision = StateOf(body.stream).revision.Next();
    header.recorded_at_us = recorded_at_us;
    header.salt = salt_();
    std::string record;
    AppendRecord(header, append.bodies[i], record);
    auto event = RecordedEvent::FromRecord(std::move(record));
    SAMVERK_CHECK(event.ok()) << event.status().ToString();
    // A deque never moves its elements, so the views stay valid.
    Stored& stored = log_.emplace_back();
    stored.event = *std::move(event);
    stored.body = *DecodeBody(stored.event.body());
    stored.request = requests_;
    result.recorded.push_back({header.position, header.revision});
  }
  if (append.track.has_value()) {
    tracks_[append.track->consumer] = append.track->upstream_position;
  }
  return result;
}

absl::StatusOr<std::optional<AppendResult>> MemoryEventStore::Replay(
    const CheckedAppend& append) {
  std::vector<EventId> known;
  AppendResult answer;
  answer.replayed = true;
  bool same = true;
  uint64_t request = 0;
  for (size_t i = 0; i < append.ids.size(); ++i) {
    const Stored* stored = Find(append.ids[i]);
    if (stored == nullptr) continue;
    if (!known.empty() && stored->request != request) same = false;
    if (stored->event.body() != append.bodies[i]) same = false;
    request = stored->request;
    known.push_back(append.ids[i]);
    answer.recorded.push_back(
        {stored->event.position(), stored->event.revision()});
    answer.recorded_at = stored->event.recorded_at();
  }
  if (known.empty()) return std::optional<AppendResult>();
  const auto in_request =
      std::count_if(log_.begin(), log_.end(),
                    [&](const Stored& s) { return s.request == request; });
  if (!same || known.size() != append.ids.size() ||
      static_cast<size_t>(in_request) != known.size()) {
    return IdConflict(known);
  }
  return std::optional<AppendResult>(std::move(answer));
}

absl::Status MemoryEventStore::CheckSources(const CheckedAppend& append) {
  for (const BodyView& body : append.views) {
    if (body.source_ref.empty()) continue;
    for (const Stored& stored : log_) {
      if (stored.body.source_system == body.source_system &&
          stored.body.source_ref == body.source_ref) {
        return SourceConflict(body.source_system, body.source_ref,
                              stored.body.id);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status MemoryEventStore::CheckConditions(const CheckedAppend& append) {
  ConflictCollector conflicts;
  for (size_t i = 0; i < append.conditions.size(); ++i) {
    if (const auto* stream =
            std::get_if<StreamCondition>(&append.conditions[i])) {
      const StreamState state = StateOf(stream->stream);
      if (!Holds(*stream, state)) conflicts.AddStream(i, *stream, state);
      continue;
    }
    const auto& query = std::get<QueryCondition>(append.conditions[i]);
    for (const Stored& stored : log_) {
      if (stored.event.position() > query.after &&
          Matches(query.query, stored.body)) {
        conflicts.AddQuery(i, query, stored.event.position());
        break;
      }
    }
  }
  if (append.track.has_value()) {
    const auto recorded = TrackOf(append.track->consumer);
    if (recorded.has_value() && *recorded >= append.track->upstream_position) {
      conflicts.AddTrack(*append.track, *recorded);
    }
    RETURN_IF_ERROR(conflicts.ToStatus());
    if (!recorded.has_value()) return CheckRoomForTrack(tracks_.size());
  }
  return conflicts.ToStatus();
}

std::optional<uint64_t> MemoryEventStore::TrackOf(std::string_view consumer) {
  const auto it = tracks_.find(consumer);
  if (it == tracks_.end()) return std::nullopt;
  return it->second;
}

void MemoryEventStore::ChangeTrack(TrackChange change, absl::Time deadline,
                                   TrackCallback done) {
  absl::Status status = ShuttingDown();
  if (deadline <= absl::Now()) {
    status = DeadlinePassed();
  } else {
    MutexLock lock(mu_);
    if (!closed_) status = ChangeLocked(change);
  }
  done(std::move(status));
}

absl::Status MemoryEventStore::ChangeLocked(const TrackChange& change) {
  RETURN_IF_ERROR(CheckChange(change));
  const auto recorded = TrackOf(change.track.consumer);
  ASSIGN_OR_RETURN(const bool changes, JudgeChange(change, recorded));
  if (!changes) return absl::OkStatus();
  if (change.kind == TrackChange::Kind::kForget) {
    tracks_.erase(change.track.consumer);
    return absl::OkStatus();
  }
  if (!recorded.has_value()) RETURN_IF_ERROR(CheckRoomForTrack(tracks_.size()));
  tracks_[change.track.consumer] = change.track.upstream_position;
  return absl::OkStatus();
}

std::optional<uint64_t> MemoryEventStore::FindTrack(std::string_view consumer) {
  MutexLock lock(mu_);
  return TrackOf(consumer);
}

std::vector<Track> MemoryEventStore::ListTracks(std::string_view after,
                                                size_t limit) {
  MutexLock lock(mu_);
  std::vector<Track> tracks;
  for (auto it = tracks_.upper_bound(after);
       it != tracks_.end() && tracks.size() < limit; ++it) {
    tracks.push_back({it->first, it->second});
  }
  return tracks;
}

const MemoryEventStore::Stored* MemoryEventStore::Find(const EventId& id) {
  for (const Stored& stored : log_) {
    if (stored.body.id == id) return &stored;
  }
  return nullptr;
}

StreamState MemoryEventStore::StateOf(std::string_view stream) {
  StreamState state;
  for (const Stored& stored : log_) {
    if (stored.body.stream == stream) {
      state = {stored.event.revision(), stored.event.position()};
    }
  }
  return state;
}

bool MemoryEventStore::InBounds(const ReadOptions& options,
                                const RecordedEvent& event) {
  return event.position() > options.after &&
         (!options.before.has_value() || event.position() < *options.before) &&
         (!options.recorded_from.has_value() ||
          event.recorded_at() >= *options.recorded_from) &&
         (!options.recorded_until.has_value() ||
          event.recorded_at() < *options.recorded_until);
}

absl::StatusOr<ReadEnd> MemoryEventStore::Visit(const ReadOptions& options,
                                                EventVisitor visit) {
  RETURN_IF_ERROR(CheckRead(options));
  const bool forward = options.direction == Direction::kForward;
  std::vector<const RecordedEvent*> found;  // stay where they are
  ReadEnd result;
  {
    MutexLock lock(mu_);
    result.head = Position(log_.size());
    for (size_t i = 0; i < log_.size(); ++i) {
      const Stored& stored = log_[forward ? i : log_.size() - 1 - i];
      if (!InBounds(options, stored.event)) continue;
      if (!Matches(options.query, stored.body)) continue;
      found.push_back(&stored.event);
      if (found.size() > options.limit) break;
    }
  }
  for (size_t i = 0; i < found.size(); ++i) {
    if (i == options.limit || !visit(found[i]->view())) return result;
    result.scanned_to = found[i]->position();
  }
  result.end = true;
  const uint64_t before =
      std::min(options.before.value_or(result.head.Next()), result.head.Next())
          .value();
  if (forward) {
    const uint64_t last = before > 0 ? before - 1 : 0;
    result.scanned_to = std::max(options.after, Position(last));
  } else {
    result.scanned_to = std::min(options.after.Next(), Position(before));
  }
  return result;
}

Position MemoryEventStore::Head() {
  MutexLock lock(mu_);
  return Position(log_.size());
}

absl::StatusOr<Position> MemoryEventStore::AwaitBeyond(Position position,
                                                       absl::Time deadline) {
  MutexLock lock(mu_);
  while (log_.size() <= position.value()) {
    if (closed_) return ShuttingDown();
    if (!grown_.WaitUntil(mu_, deadline) && log_.size() <= position.value()) {
      return DeadlinePassed();
    }
  }
  return Position(log_.size());
}

absl::StatusOr<std::vector<std::optional<Position>>> MemoryEventStore::Locate(
    absl::Span<const EventId> ids) {
  MutexLock lock(mu_);
  std::vector<std::optional<Position>> positions;
  for (const EventId& id : ids) {
    const Stored* stored = Find(id);
    positions.push_back(stored == nullptr
                            ? std::nullopt
                            : std::optional(stored->event.position()));
  }
  return positions;
}

void MemoryEventStore::Close() {
  MutexLock lock(mu_);
  closed_ = true;
  grown_.NotifyAll();
}

}  // namespace samverk

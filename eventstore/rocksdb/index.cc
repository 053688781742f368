#include "eventstore/rocksdb/index.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/rocksdb/query_plan.h"
#include "eventstore/rocksdb/remembered.h"

namespace samverk {
namespace {

// Events taken in under one lock, so that readers need not wait for a large
// commit.
constexpr size_t kEventsPerLock = 64;
// Before a segment that could not be written is tried again; twice as long each
// time.
constexpr absl::Duration kShortestPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

// With fewer segments on disk a start learns all of it in a moment.
constexpr size_t kSegmentsToRemember = 10;

Revision RevisionOf(std::string_view record) {
  return Revision(GetLittle<uint64_t>(record.data() + 16));
}

}  // namespace

Index::Index(DerivedStore& store, const CommitPoint& applied, TileTail tiles,
             const std::vector<Track>& tracks, const SegmentSize& segment_size)
    : store_(&store),
      segment_size_(segment_size),
      recent_{
          applied.position, {}, std::make_shared<Segment>(applied.position)},
      tiles_(std::move(tiles)),
      filler_([this, applied] { FillFilter(applied); }),
      writer_([this] { WriteSealed(); }) {
  MutexLock lock(mu_);
  for (const Track& track : tracks) Put(track);
}

Index::~Index() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    changed_.NotifyAll();
  }
  stop_filling_ = true;
  filler_.join();
  writer_.join();
}

bool Index::Recall(const CommitPoint& applied) {
  const std::string bytes = store_->ReadRemembered();
  RememberedStreams streams;
  if (!DecodeRemembered(bytes, applied, ids_, streams)) return false;
  for (const auto& [stream, state] : streams) {
    if (stop_filling_) break;
    RememberStream(stream, state, applied.position);
  }
  return true;
}

void Index::Remember() const {
  if (!KnowsNewIds()) return;
  const auto applied = store_->Applied();
  if (!applied.ok() || !applied->has_value() ||
      (*applied)->position.value() <
          kSegmentsToRemember * segment_size_.entries) {
    return;
  }
  StreamCache streams;
  {
    MutexLock lock(mu_);
    streams = streams_;
  }
  store_->WriteRemembered(EncodeRemembered(**applied, ids_, streams))
      .IgnoreError();
}

void Index::FillFilter(const CommitPoint& applied) {
  SetThreadName("id-filter");
  if (Recall(applied)) {
    filter_is_complete_.store(true, std::memory_order_release);
    return;
  }
  const absl::Status filled = store_->ForEachId([this](const EventId& id) {
    ids_.Add(id);
    return !stop_filling_;
  });
  // If they cannot all be read, each is looked up, and what is damaged is told
  // to who asks for it.
  if (filled.ok() && !stop_filling_) {
    filter_is_complete_.store(true, std::memory_order_release);
  }
}

bool Index::MayHaveId(const EventId& id) const {
  return !filter_is_complete_.load(std::memory_order_acquire) ||
         ids_.MayHave(id);
}

absl::Status Index::Ready() const {
  MutexLock lock(mu_);
  return recent_.sealed.size() < kSealedSegments ? absl::OkStatus()
                                                 : write_error_;
}

void Index::Apply(const Commit& commit,
                  absl::Span<const BodyView* const> bodies,
                  absl::Span<const Node> nodes) {
  AddEvents(commit, bodies);
  {
    MutexLock lock(mu_);
    for (const Track& track : commit.header.tracks) {
      recent_.tail->AddTrack(track);
      Put(track);
    }
    for (const CursorEntry& cursor : commit.header.cursors) {
      recent_.tail->AddCursor(cursor);
    }
    for (const Node& node : nodes) {
      tiles_.Add(node.level, node.index, node.hash);
    }
  }
  SealIfFull(commit.header.after);
}

void Index::AddEvents(const Commit& commit,
                      absl::Span<const BodyView* const> bodies) {
  size_t request = 0;
  size_t request_begin = 0;
  const uint64_t first = commit.header.first_position().value();
  for (size_t begin = 0; begin < bodies.size(); begin += kEventsPerLock) {
    const size_t end = std::min(begin + kEventsPerLock, bodies.size());
    MutexLock lock(mu_);
    for (size_t i = begin; i < end; ++i) {
      while (i >= request_begin + commit.header.requests[request]) {
        request_begin += commit.header.requests[request++];
      }
      const Revision revision = RevisionOf(commit.record(i));
      const Position position(first + i);
      ids_.Add(bodies[i]->id);  // X6
      recent_.tail->AddEvent(*bodies[i], commit.record(i).size(), revision,
                             {position, Position(first + request_begin),
                              commit.header.requests[request]});
      streams_.Put(bodies[i]->stream, {revision, position});  // X4
    }
  }
}

void Index::SealIfFull(const CommitPoint& end) {
  MutexLock lock(mu_);
  if (recent_.tail->size() < segment_size_.entries &&
      recent_.tail->record_bytes() < segment_size_.bytes) {
    return;
  }
  recent_.tail->end = end;  // X1
  recent_.sealed.push_back(std::move(recent_.tail));
  recent_.tail = std::make_shared<Segment>(end.position);
  recent_.tail->ReserveLike(*recent_.sealed.back());
  changed_.NotifyAll();
  // X5: while the disk fails, Ready has kept this from being one too many.
  while (recent_.sealed.size() > kSealedSegments && write_error_.ok()) {
    changed_.Wait(mu_);
  }
}

void Index::WriteSealed() {
  SetThreadName("index-writer");
  absl::Duration pause = kShortestPause;
  while (true) {
    std::shared_ptr<const Segment> segment;
    std::vector<Tile> tiles;
    {
      MutexLock lock(mu_);
      while (recent_.sealed.empty() && !closing_) changed_.Wait(mu_);
      if (closing_) return;
      segment = recent_.sealed.front();
      tiles = tiles_.CompleteTiles(segment->end.tree.size);
    }
    const absl::Status written = store_->Write(*segment, tiles);
    MutexLock lock(mu_);
    Written(*segment, written);
    if (written.ok()) {
      pause = kShortestPause;
    } else {
      Pause(pause);  // X5
      pause = std::min(2 * pause, kLongestPause);
    }
  }
}

void Index::Written(const Segment& segment, const absl::Status& written) {
  write_error_ = written;
  changed_.NotifyAll();
  if (!written.ok()) return;
  recent_.stored_through = segment.end.position;  // X2
  recent_.sealed.pop_front();
  tiles_.DropComplete(segment.end.tree.size);
}

void Index::Pause(absl::Duration delay) {
  const absl::Time until = absl::Now() + delay;
  while (!closing_ && absl::Now() < until) changed_.WaitUntil(mu_, until);
}

absl::Status Index::Flush() {
  MutexLock lock(mu_);
  while (!recent_.sealed.empty() && write_error_.ok()) changed_.Wait(mu_);
  return write_error_;
}

Position Index::stored_through() const {
  MutexLock lock(mu_);
  return recent_.stored_through;
}

std::optional<StreamState> Index::RememberedStream(
    std::string_view stream) const {
  MutexLock lock(mu_);
  if (auto remembered = streams_.Find(stream)) return remembered;
  return recent_.FindStream(stream);
}

void Index::RememberStream(std::string_view stream, const StreamState& state,
                           Position through) const {
  MutexLock lock(mu_);
  // X4
  if (recent_.stored_through == through && !streams_.Find(stream) &&
      !recent_.FindStream(stream)) {
    streams_.Put(stream, state);
  }
}

RecentSegments Index::RecentForWriter() const {
  MutexLock lock(mu_);
  return recent_;
}

absl::StatusOr<std::optional<IdEntry>> Index::FindId(const EventId& id) const {
  if (!MayHaveId(id)) return std::nullopt;
  {
    MutexLock lock(mu_);
    if (auto found = recent_.FindId(id)) return found;
  }
  return store_->FindId(id);  // X2
}

absl::StatusOr<std::vector<std::optional<IdEntry>>> Index::FindStoredIds(
    absl::Span<const EventId> ids) const {
  std::vector<EventId> asked;
  std::vector<size_t> places;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!MayHaveId(ids[i])) continue;
    asked.push_back(ids[i]);
    places.push_back(i);
  }
  std::vector<std::optional<IdEntry>> entries;
  if (asked.empty()) return entries;
  ASSIGN_OR_RETURN(const auto found, store_->FindIds(asked));
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].has_value()) continue;
    entries.resize(ids.size());
    entries[places[i]] = found[i];
  }
  return entries;
}

void Index::Put(const Track& track) {
  if (track.upstream_position == 0) {
    tracks_.erase(track.consumer);
  } else {
    tracks_[track.consumer] = track.upstream_position;
  }
}

std::optional<uint64_t> Index::FindTrack(std::string_view consumer) const {
  MutexLock lock(mu_);
  const auto it = tracks_.find(consumer);
  if (it == tracks_.end()) return std::nullopt;
  return it->second;
}

size_t Index::track_count() const {
  MutexLock lock(mu_);
  return tracks_.size();
}

std::vector<Track> Index::ListTracks(std::string_view after,
                                     size_t limit) const {
  MutexLock lock(mu_);
  std::vector<Track> tracks;
  for (auto it = tracks_.upper_bound(after);
       it != tracks_.end() && tracks.size() < limit; ++it) {
    tracks.push_back({it->first, it->second});
  }
  return tracks;
}

absl::StatusOr<std::optional<std::string>> Index::FindCursor(
    std::string_view key) const {
  {
    MutexLock lock(mu_);
    const std::string* value = recent_.FindCursor(key);
    if (value != nullptr && value->empty()) return std::nullopt;
    if (value != nullptr) return std::optional<std::string>(*value);
  }
  return store_->FindCursor(key);
}

absl::StatusOr<std::vector<CursorEntry>> Index::ListCursors(
    std::string_view prefix) const {
  std::map<std::string, std::string> merged;
  {
    MutexLock lock(mu_);
    recent_.ListCursors(prefix, merged);
  }
  ASSIGN_OR_RETURN(auto stored, store_->ListCursors(prefix));
  for (CursorEntry& cursor : stored) {
    merged.emplace(std::move(cursor.key), std::move(cursor.value));
  }
  std::vector<CursorEntry> cursors;
  for (auto& [key, value] : merged) {
    if (!value.empty()) cursors.push_back({key, value});
  }
  return cursors;
}

std::unique_ptr<PositionSource> Index::Search(const Query& query,
                                              Position after,
                                              Position upto) const {
  Position stored;
  TermPositions in_memory;
  {
    MutexLock lock(mu_);
    stored = std::min(recent_.stored_through, upto);
    in_memory = PositionsOfTerms(query, recent_, after, upto);
  }
  return CombineTerms(
      query, upto, [&](keys::TermKind kind, const std::string& term) {
        auto memory = ListOfPositions(in_memory[{kind, term}]);
        if (after >= stored) return memory;
        return Concatenate(store_->Positions(kind, term, stored),
                           stored.value(), std::move(memory));
      });
}

absl::StatusOr<Hash> Index::ReadNode(uint32_t level, uint64_t index) const {
  const uint32_t height = level % kTileHeight;
  const uint32_t tile_level = level - height;
  const uint64_t first = index << height;
  const uint64_t count = uint64_t{1} << height;
  {
    MutexLock lock(mu_);
    if (tiles_.Find(tile_level, first).has_value()) {
      TreeFrontier subtree;
      for (uint64_t i = 0; i < count; ++i) {
        const auto hash = tiles_.Find(tile_level, first + i);
        SAMVERK_CHECK(hash.has_value()) << "subtree is not complete";
        subtree.Append(*hash);
      }
      return subtree.Root();
    }
  }
  ASSIGN_OR_RETURN(
      const std::string tile,
      store_->ReadTile({tile_level / kTileHeight, first / kTileWidth}));
  return RootWithinTile(tile, first % kTileWidth, height);
}

}  // namespace samverk

#include "eventstore/rocksdb/pending_commit.h"

#include <algorithm>
#include <utility>

#include "eventstore/query.h"
#include "eventstore/rocksdb/keys.h"

namespace samverk {

PendingCommit::PendingCommit(const CommitPoint& point, const TreeFrontier& tree,
                             int64_t recorded_at_us)
    : first_point_(point),
      recorded_at_us_(std::max(recorded_at_us, point.recorded_at_us)),
      point_(point),
      tree_(tree) {}

void PendingCommit::Expect(size_t events, size_t bytes) {
  const size_t all = entries_.size() + events;
  commit_.Reserve(all, commit_.bytes() + bytes);
  bodies_.reserve(all);
  entries_.reserve(all);
  ids_.reserve(all);
  streams_.reserve(all);
}

void PendingCommit::AddEvent(const EventId& id, const BodyView& view,
                             const Entry& entry, const SaltSource& salt) {
  const auto index = static_cast<uint32_t>(entries_.size());
  RecordHeader header;
  header.position = PositionOf(index);
  header.revision = entry.revision;
  header.recorded_at_us = recorded_at_us_;
  salt(header.salt);
  commit_.AddRecord(header, entry.body);
  tree_.Append(commit_.leaves().back());
  streams_[view.stream] = {header.revision, header.position};
  ids_.emplace(id, index);
  if (!view.source_ref.empty()) {
    sources_.emplace(keys::Source(view.source_system, view.source_ref), index);
  }
  bodies_.push_back(&view);
  entries_.push_back(entry);
}

void PendingCommit::AddCursors(absl::Span<const CursorEntry> cursors) {
  cursors_.insert(cursors_.end(), cursors.begin(), cursors.end());
}

void PendingCommit::AddTrack(const Track& track, bool was_known) {
  const bool is_known = track.upstream_position != 0;
  new_tracks_ += int{is_known} - int{was_known};
  tracks_[track.consumer] = track.upstream_position;
  commit_.header.tracks.push_back(track);
}

std::optional<IdEntry> PendingCommit::FindId(const EventId& id) const {
  const auto it = ids_.find(id);
  if (it == ids_.end()) return std::nullopt;
  const Entry& entry = entries_[it->second];
  return IdEntry{PositionOf(it->second), PositionOf(entry.request_first),
                 entry.request_count};
}

const EventId* PendingCommit::FindSource(std::string_view source_key) const {
  const auto it = sources_.find(source_key);
  return it == sources_.end() ? nullptr : &bodies_[it->second]->id;
}

std::optional<StreamState> PendingCommit::FindStream(
    std::string_view stream) const {
  const auto it = streams_.find(stream);
  if (it == streams_.end()) return std::nullopt;
  return it->second;
}

std::optional<uint64_t> PendingCommit::FindTrack(
    std::string_view consumer) const {
  const auto it = tracks_.find(consumer);
  if (it == tracks_.end()) return std::nullopt;
  return it->second;
}

Position PendingCommit::FirstMatch(const QueryCondition& condition) const {
  for (; tags_through_ < bodies_.size(); ++tags_through_) {
    for (const std::string_view tag : bodies_[tags_through_]->tags) {
      last_with_tag_[tag] = PositionOf(tags_through_);
    }
  }
  // Most items name a tag that none of these events has: no need to look at
  // each.
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
    if (PositionOf(i) > condition.after &&
        Matches(condition.query, *bodies_[i])) {
      return PositionOf(i);
    }
  }
  return Position();
}

std::vector<Commit> PendingCommit::TakeCommits(uint64_t epoch) {
  std::vector<Commit> commits;
  point_.epoch = epoch;
  // All tracks are in one commit, in their order: that of the events, if there
  // is one.
  std::vector<Track> tracks;
  if (entries_.empty()) tracks.swap(commit_.header.tracks);
  if (!entries_.empty()) {
    ++point_.sequence;
    point_.position = LastPosition();
    point_.recorded_at_us = recorded_at_us_;
    point_.tree = tree_.Head();
    commit_.header.kind = CommitKind::kEvents;
    commit_.header.count = static_cast<uint32_t>(entries_.size());
    commit_.header.after = point_;
    commits.push_back(std::move(commit_));
  }
  if (!cursors_.empty() || !tracks.empty()) {
    ++point_.sequence;
    Commit cursors;
    cursors.header.kind = CommitKind::kCursors;
    cursors.header.tracks = std::move(tracks);
    cursors.header.cursors = std::move(cursors_);
    cursors.header.after = point_;
    commits.push_back(std::move(cursors));
  }
  return commits;
}

}  // namespace samverk

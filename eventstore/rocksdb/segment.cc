#include "eventstore/rocksdb/segment.h"

namespace samverk {

Segment::Segment(Position base) : base_(base) {}

void Segment::ReserveLike(const Segment& other) {
  for (size_t i = 0; i < postings_.size(); ++i) {
    postings_[i].reserve(other.postings_[i].size());
  }
  ids_.reserve(other.ids_.size());
}

void Segment::AddTerm(keys::TermKind kind, std::string_view term,
                      uint32_t offset, Revision before) {
  PostingMap& map = postings_[keys::IndexOf(kind)];
  auto it = map.find(term);
  if (it == map.end()) {
    it = map.emplace(terms_.Keep(term), Postings{before, {}}).first;
  }
  it->second.offsets.push_back(offset);
}

void Segment::AddEvent(const BodyView& body, size_t record_bytes,
                       Revision revision, const IdEntry& entry) {
  const auto offset =
      static_cast<uint32_t>(entry.position.value() - base_.value());
  AddTerm(keys::TermKind::kStream, body.stream, offset,
          Revision(revision.value() - 1));
  AddTerm(keys::TermKind::kType, body.type, offset, Revision());
  for (const std::string_view tag : body.tags) {
    AddTerm(keys::TermKind::kTag, tag, offset, Revision());
  }
  ids_.emplace(body.id, entry);
  if (!body.source_ref.empty()) {
    sources_.emplace(keys::Source(body.source_system, body.source_ref),
                     entry.position);
  }
  record_bytes_ += record_bytes;
  ++size_;
}

void Segment::AddTrack(const Track& track) {
  tracks_[track.consumer] = track.upstream_position;
  ++size_;
}

void Segment::AddCursor(const CursorEntry& cursor) {
  cursors_[cursor.key] = cursor.value;
  ++size_;
}

const Segment::Postings* Segment::Find(keys::TermKind kind,
                                       std::string_view term) const {
  const PostingMap& map = postings(kind);
  const auto it = map.find(term);
  return it == map.end() ? nullptr : &it->second;
}

std::optional<IdEntry> Segment::FindId(const EventId& id) const {
  const auto it = ids_.find(id);
  if (it == ids_.end()) return std::nullopt;
  return it->second;
}

std::optional<Position> Segment::FindSource(std::string_view source_key) const {
  const auto it = sources_.find(source_key);
  if (it == sources_.end()) return std::nullopt;
  return it->second;
}

std::optional<StreamState> Segment::FindStream(std::string_view stream) const {
  const Postings* found = Find(keys::TermKind::kStream, stream);
  if (found == nullptr) return std::nullopt;
  return StateAfter(*found);
}

const std::string* Segment::FindCursor(std::string_view key) const {
  const auto it = cursors_.find(key);
  return it == cursors_.end() ? nullptr : &it->second;
}

}  // namespace samverk

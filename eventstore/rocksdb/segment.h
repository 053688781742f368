// The index of a run of commits, in memory: what has not been written to the
// derived data yet.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_SEGMENT_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_SEGMENT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/text_arena.h"
#include "eventstore/commit_record.h"
#include "eventstore/conflict.h"
#include "eventstore/record.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/types.h"

namespace samverk {

// Where an event is, and which request it came with: enough to answer the
// request again.
struct IdEntry {
  Position position;
  Position request_first;  // of the request's first event
  uint32_t request_count = 0;
  bool operator==(const IdEntry&) const = default;
};

// Grows while it is the last one; constant once the index has sealed it. Not
// thread-safe while it grows.
class Segment {
 public:
  // Offsets from base(), ascending.
  struct Postings {
    Revision before;  // streams only: the revision before the first of these
    absl::InlinedVector<uint32_t, 4> offsets;
  };
  // The terms are kept by the segment.
  using PostingMap = absl::flat_hash_map<std::string_view, Postings, StringHash,
                                         std::equal_to<>>;

  // Covers the events after `base`.
  explicit Segment(Position base);

  // Makes room for as much as `other` holds.
  void ReserveLike(const Segment& other);

  void AddEvent(const BodyView& body, size_t record_bytes, Revision revision,
                const IdEntry& entry);
  void AddTrack(const Track& track);
  void AddCursor(const CursorEntry& cursor);

  // Null, or nullopt, when this segment says nothing about it.
  const Postings* Find(keys::TermKind kind, std::string_view term) const;
  std::optional<IdEntry> FindId(const EventId& id) const;
  std::optional<Position> FindSource(std::string_view source_key) const;
  std::optional<StreamState> FindStream(std::string_view stream) const;
  // After the events of a stream's postings.
  StreamState StateAfter(const Postings& postings) const {
    return {Revision(postings.before.value() + postings.offsets.size()),
            PositionAt(postings.offsets.back())};
  }
  // An empty value says that the key was forgotten.
  const std::string* FindCursor(std::string_view key) const;

  Position base() const { return base_; }
  // Entries taken in: events, tracks and cursors.
  size_t size() const { return size_; }
  // Of the records of its events, in the log.
  size_t record_bytes() const { return record_bytes_; }
  Position PositionAt(uint32_t offset) const {
    return Position(base_.value() + offset);
  }

  const PostingMap& postings(keys::TermKind kind) const {
    return postings_[keys::IndexOf(kind)];
  }
  const absl::flat_hash_map<EventId, IdEntry>& ids() const { return ids_; }
  // By keys::Source.
  const StringMap<Position>& sources() const { return sources_; }
  const StringMap<uint64_t>& tracks() const { return tracks_; }
  const StringMap<std::string>& cursors() const { return cursors_; }

  // The commit that this segment ends with; set when it is sealed.
  CommitPoint end;

 private:
  void AddTerm(keys::TermKind kind, std::string_view term, uint32_t offset,
               Revision before);

  const Position base_;
  size_t size_ = 0;
  size_t record_bytes_ = 0;
  TextArena terms_;
  std::array<PostingMap, keys::kTermKinds> postings_;
  absl::flat_hash_map<EventId, IdEntry> ids_;
  StringMap<Position> sources_;
  StringMap<uint64_t> tracks_;
  StringMap<std::string> cursors_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_SEGMENT_H_

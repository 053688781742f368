// What a group commit will hold, before it is durable.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_PENDING_COMMIT_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_PENDING_COMMIT_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "eventstore/append_checks.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/base/strings.h"
#include "eventstore/commit_record.h"
#include "eventstore/conflict.h"
#include "eventstore/event_store.h"
#include "eventstore/record.h"
#include "eventstore/rocksdb/segment.h"

namespace samverk {

// Fills 16 bytes that nobody can guess.
using SaltSource = std::function<void(std::array<uint8_t, 16>&)>;

// Grows request by request until its commits are taken; can be searched then,
// too, while they are on their way to the disk. What a request's bodies and
// views own must outlive it; the request itself may be moved. One thread.
class PendingCommit {
 public:
  // Goes on after this point, whose tree has this frontier. What it records is
  // recorded at `recorded_at_us`, or when the last event was, if that is later:
  // time never runs backwards, whatever the clock does.
  PendingCommit(const CommitPoint& point, const TreeFrontier& tree,
                int64_t recorded_at_us);

  // Makes room for so many events more, of so many stored bytes together.
  void Expect(size_t events, size_t bytes);

  // Numbers and adds the events of a request. `last_before(i)` is the state of
  // event i's stream without this commit's events.
  template <typename LastBefore>
  AppendResult Add(const CheckedAppend& append, const SaltSource& salt,
                   LastBefore last_before);
  void AddCursors(absl::Span<const CursorEntry> cursors);
  // Position 0: the name is forgotten. `was_known`: there was one.
  void AddTrack(const Track& track, bool was_known);

  // Nothing when it holds no such thing.
  std::optional<IdEntry> FindId(const EventId& id) const;
  const EventId* FindSource(std::string_view source_key) const;
  std::optional<StreamState> FindStream(std::string_view stream) const;
  std::optional<uint64_t> FindTrack(std::string_view consumer) const;
  // How many names of tracks there are more than before it; less than 0: fewer.
  int64_t new_tracks() const { return new_tracks_; }
  // Its first event after condition.after that matches, or 0.
  Position FirstMatch(const QueryCondition& condition) const;

  // Whether this position is one of its events'; then, which.
  bool Holds(Position position) const {
    return position > first_point_.position && position <= LastPosition();
  }
  std::string_view BodyAt(Position position) const {
    return EntryAt(position).body;
  }
  Revision RevisionAt(Position position) const {
    return EntryAt(position).revision;
  }
  absl::Time recorded_at() const {
    return absl::FromUnixMicros(recorded_at_us_);
  }

  // The commits of all that was added, in order; none when nothing was. Call
  // once, at the end.
  std::vector<Commit> TakeCommits(uint64_t epoch);

  // After all that was added; once the commits are taken, where the next one
  // goes on.
  const CommitPoint& point() const { return point_; }
  const TreeFrontier& tree() const { return tree_; }
  // By index in the commit of events.
  absl::Span<const BodyView* const> bodies() const { return bodies_; }

 private:
  struct Entry {
    Revision revision;
    uint32_t request_first = 0;  // index of the request's first event
    uint32_t request_count = 0;
    std::string_view body;
  };

  Position PositionOf(size_t index) const {
    return Position(first_point_.position.value() + 1 + index);
  }
  Position LastPosition() const {
    return Position(first_point_.position.value() + entries_.size());
  }
  const Entry& EntryAt(Position position) const {
    return entries_[position.value() - first_point_.position.value() - 1];
  }
  void AddEvent(const EventId& id, const BodyView& view, const Entry& entry,
                const SaltSource& salt);

  const CommitPoint first_point_;  // before this commit
  const int64_t recorded_at_us_;   // of its events
  CommitPoint point_;
  TreeFrontier tree_;
  Commit commit_;
  std::vector<CursorEntry> cursors_;
  // By index in the commit.
  std::vector<const BodyView*> bodies_;
  std::vector<Entry> entries_;
  // Views into the requests' bodies.
  template <typename Value>
  using ViewMap =
      absl::flat_hash_map<std::string_view, Value, StringHash, std::equal_to<>>;
  absl::flat_hash_map<EventId, uint32_t> ids_;
  StringMap<uint32_t> sources_;
  ViewMap<StreamState> streams_;
  StringMap<uint64_t> tracks_;  // the last of each name
  int64_t new_tracks_ = 0;
  // The last event with a tag; filled up to tags_through_ when asked for.
  mutable ViewMap<Position> last_with_tag_;
  mutable size_t tags_through_ = 0;
};

template <typename LastBefore>
AppendResult PendingCommit::Add(const CheckedAppend& append,
                                const SaltSource& salt,
                                LastBefore last_before) {
  AppendResult result;
  result.recorded.reserve(append.bodies.size());
  result.recorded_at = recorded_at();
  Entry entry;
  entry.request_first = static_cast<uint32_t>(entries_.size());
  entry.request_count = static_cast<uint32_t>(append.bodies.size());
  for (size_t i = 0; i < append.bodies.size(); ++i) {
    const auto known = FindStream(append.views[i].stream);
    const StreamState before = known.has_value() ? *known : last_before(i);
    entry.revision = before.revision.Next();
    entry.body = append.bodies[i];
    AddEvent(append.ids[i], append.views[i], entry, salt);
    result.recorded.push_back({LastPosition(), entry.revision});
  }
  commit_.header.requests.push_back(entry.request_count);
  return result;
}

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_PENDING_COMMIT_H_

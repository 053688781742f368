// The segments in memory, as one.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_RECENT_SEGMENTS_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_RECENT_SEGMENTS_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/rocksdb/segment.h"

namespace samverk {

// What is after `stored_through`: sealed segments and the one that grows. A
// copy shares the segments. Not thread-safe, because of the one that grows.
struct RecentSegments {
  // Events up to here are on disk.
  Position stored_through;
  std::deque<std::shared_ptr<const Segment>> sealed;  // oldest first
  std::shared_ptr<Segment> tail;

  // nullopt, or null, when only the disk can tell.
  std::optional<IdEntry> FindId(const EventId& id) const;
  std::optional<Position> FindSource(std::string_view source_key) const;
  std::optional<StreamState> FindStream(std::string_view stream) const;
  const std::string* FindCursor(std::string_view key) const;
  // Adds the cursors whose keys begin with `prefix`, also forgotten ones.
  void ListCursors(std::string_view prefix,
                   std::map<std::string, std::string>& found) const;

  // The positions of a term in (after, upto], ascending.
  std::vector<uint64_t> Positions(keys::TermKind kind, std::string_view term,
                                  Position after, Position upto) const;

 private:
  // Calls look(segment) from the newest to the oldest until it returns true.
  template <typename Look>
  void ForEach(Look look) const;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_RECENT_SEGMENTS_H_

// Compares derived data with what the log gives.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_FSCK_DERIVED_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_FSCK_DERIVED_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "eventstore/audit/tile.h"
#include "eventstore/commit_record.h"
#include "eventstore/record.h"
#include "eventstore/rocksdb/closed_register.h"
#include "eventstore/rocksdb/fsck.h"
#include "eventstore/rocksdb/fsck_finding.h"
#include "eventstore/rocksdb/segment.h"

namespace samverk {

// Is given every commit in order, and makes the segments again that the index
// made. One thread.
class DerivedCheck {
 public:
  // All must outlive it.
  DerivedCheck(ClosedRegister& closed, Findings& findings, FsckResult& result,
               const Index::SegmentSize& segment_size);

  // The hash that a tile remembers of the record at a position.
  std::optional<Hash> StoredLeaf(Position position);

  // The tree has grown by a leaf.
  void AddNode(uint32_t level, uint64_t index, const Hash& hash) {
    if (!stopped_) tiles_.Add(level, index, hash);
  }
  // The next commit; bodies[i] is that of record i. After its nodes.
  void Take(const Commit& commit, absl::Span<const BodyView> bodies);
  // The log is damaged: what it would give is not known any more.
  void Stop() { stopped_ = true; }
  // After the last commit, which was `head`.
  void Finish(const CommitPoint& head);

 private:
  using Entry = std::pair<std::string, std::string>;

  void ReadMarker();
  void Compare(const Segment& segment, const std::vector<Tile>& tiles);
  void CompareEntries(const std::vector<Entry>& expected);
  void Differs(const std::string& key, const std::string& expected,
               const std::optional<std::string>& found);
  // Compares cursors and tracks, and counts everything.
  void ScanAll();
  // Names what is there and does not follow from any event.
  void NameExtras();
  bool Follows(std::string_view key, std::string_view value);

  ClosedRegister& closed_;
  Findings& findings_;
  FsckResult& result_;
  const Index::SegmentSize segment_size_;
  bool stopped_ = false;

  std::optional<CommitPoint> applied_;  // the marker
  bool marker_reached_ = false;
  std::unique_ptr<Segment> segment_;
  TileTail tiles_;
  uint64_t expected_[256] = {};  // entries, by the key's first byte
  std::map<std::string, std::string> latest_;  // cursors and tracks
  std::pair<TileId, std::string> last_tile_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_FSCK_DERIVED_H_

// Checks a register that nobody has open: every stored byte against what it
// says of itself, and everything derived against what the log gives.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_FSCK_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_FSCK_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/commit_record.h"
#include "eventstore/rocksdb/fsck_finding.h"
#include "eventstore/rocksdb/index.h"

namespace samverk {

//   F1  Nothing is changed, but for LOCK, which is taken: a server that has the
//       register open is not disturbed, and none opens it meanwhile.
//   F2  The check does not use the code that it checks: records, commits and
//       keys are read as docs/log_format.md has them. What a segment holds is
//       Segment's to say, for both.
//   F3  One damage is told once, where it is: a changed record by its position,
//       as long as a tile remembers its hash, otherwise by its commit.
//   F4  Memory is bounded by a segment and 16 bytes or so for each stream.
struct FsckOptions {
  std::string directory;
  Index::SegmentSize segment_size;  // see there
  // Events whose records' SHA-256 is wanted.
  std::set<Position> wanted;
  // What is wrong, as it is found. At most kListed of each kind.
  std::function<void(const Finding&)> on_finding;
  // Called now and then. May be empty.
  std::function<void(Position done, Position all)> on_progress;
};

struct FsckResult {
  static constexpr uint64_t kListed = 100;

  std::string origin;
  CommitPoint point;  // the last commit that could be read
  uint64_t commits = 0;
  uint64_t events = 0;
  uint64_t streams = 0;
  uint64_t tiles = 0;
  uint64_t index_entries = 0;
  uint64_t cursors = 0;  // with tracks
  // Derived data is stored up to here; what follows it is derived at start.
  Position stored_through;
  // What the log gives could not be compared with what is stored any further
  // than here.
  bool derived_checked = true;
  std::map<Position, Hash> wanted;

  std::array<uint64_t, kFindingKinds> findings{};  // by kind, all of them
  uint64_t Findings() const;
  // Of those, what cannot be derived again.
  uint64_t Irreparable() const;
};

// NOT_FOUND: no register is there. FAILED_PRECONDITION (IN_USE): a server has
// it open. (FORMAT_NEWER). UNAVAILABLE: it cannot be opened at all.
absl::StatusOr<FsckResult> CheckRegister(const FsckOptions& options);

// Throws derived data away and derives it again from the log, which is thereby
// verified; never touches records or commits. Errors of Database::Open, and
// DATA_LOSS (DAMAGED) when the log itself is damaged.
absl::Status RepairDerived(
    const std::string& directory, const Index::SegmentSize& segment_size,
    const std::function<void(Position done, Position all)>& on_progress);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_FSCK_H_

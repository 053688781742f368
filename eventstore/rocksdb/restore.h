// A register made again from a backup.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_RESTORE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_RESTORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "eventstore/commit_record.h"
#include "eventstore/rocksdb/backup.h"
#include "eventstore/rocksdb/index.h"

namespace samverk {

//   R1  The register appears under its name as a whole, verified, or not at
//       all. What a restore that was cut short leaves lies beside it, under
//       RestoringDirectory; the next one begins again.
//   R2  Its records are the backup's, byte for byte; so is every commit but the
//       one that a position cuts.
//   R3  Verified: the tree is made again from the records; every commit has the
//       root that comes out, and the commit of the manifest that of the
//       manifest.
struct RestoreOptions {
  std::string backups;
  uint32_t number = 0;    // 0: the last that can be used
  std::string directory;  // of the register; must not be there
  // The last event to restore, which must be the last of a request. Everything
  // in the backup when not given.
  std::optional<Position> to;
  Index::SegmentSize segment_size;  // see there
  // Called now and then while records are read. May be empty.
  std::function<void(Position done, Position all)> on_progress;
};

struct Restored {
  Backup backup;
  std::string origin;
  CommitPoint point;  // the last one
};

// Where a restore is under way or was cut short.
std::string RestoringDirectory(const std::string& directory);

// FAILED_PRECONDITION (IN_USE): another restore writes there. ALREADY_EXISTS:
//   there is something in its place.
// OUT_OF_RANGE, INVALID_ARGUMENT: `to` is beyond the backup's end, 0, or within
//   a request; the sentence has the nearest positions that will do.
// DATA_LOSS (DAMAGED): the backup is not what was backed up.
// Errors of FindBackup; RESOURCE_EXHAUSTED (DISK_FULL).
absl::StatusOr<Restored> Restore(const RestoreOptions& options);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_RESTORE_H_

// Backups of an open register: online, incremental, checked.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_BACKUP_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/rocksdb/backup_manifest.h"
#include "eventstore/rocksdb/database.h"

namespace samverk {

// A directory of backups is RocksDB's (BackupEngine): tables are shared between
// backups, each of which is whole. It belongs to one register.
//
//   B1  A backup holds every commit that was durable when it was begun, and
//       perhaps some after it, but none in part.
//   B2  A backup counts only when it is whole: its list of files is written
//       last. One that was cut short is removed by the next.
//   B3  Nothing is written when it would leave less room than the reserve.

struct Backup {
  uint32_t number = 0;  // 1, 2, 3 … in its directory
  BackupManifest manifest;
  uint64_t bytes = 0;  // of all its files, also those it shares
  // Why it cannot be used; OK when it can, as far as was looked.
  absl::Status usable;
};

struct BackupProgress {
  uint64_t bytes_done = 0;
  uint64_t bytes_total = 0;  // of what is new, about
};

struct BackupOptions {
  std::string directory;  // made when it is not there
  absl::Time now;
  // Removes older backups that can be used, until so many are left; 0: none.
  uint32_t keep = 0;
  uint64_t reserved_bytes = 128 << 20;
  // Called now and then; false stops. May be empty.
  std::function<bool(const BackupProgress&)> on_progress;
  // Where tests make the disk fail.
  rocksdb::Env* env = nullptr;
};

// Backs the database up while it is used. `point` is a commit that is durable.
//   RESOURCE_EXHAUSTED (DISK_FULL): too little room; no backup was made, and
//     the register is not affected.
//   FAILED_PRECONDITION (IN_USE): another backup is being written there.
//     (READ_ONLY): the directory has backups of another register.
//   UNAVAILABLE (SHUTTING_DOWN): on_progress stopped it.
absl::StatusOr<Backup> CreateBackup(Database& database,
                                    const CommitPoint& point,
                                    const BackupOptions& options);

// The backups of a directory, by number. NOT_FOUND: it has none.
absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& directory);

// The backup of this number, or the last that can be used for 0. NOT_FOUND,
// saying which there are. DATA_LOSS (DAMAGED), FAILED_PRECONDITION
// (FORMAT_NEWER): it cannot be used.
absl::StatusOr<Backup> FindBackup(const std::string& directory,
                                  uint32_t number);

// Reads every file of a backup and compares it with its checksum. DATA_LOSS
// (DAMAGED), and errors of FindBackup.
absl::Status VerifyBackup(const std::string& directory, uint32_t number);

// Removes all but the last `keep`, which is at least 1.
absl::Status PurgeBackups(const std::string& directory, uint32_t keep);

// Copies a backup's files into directory/rocksdb, comparing each with its
// checksum. Errors as VerifyBackup; RESOURCE_EXHAUSTED (DISK_FULL).
absl::Status CopyBackup(const std::string& backups, uint32_t number,
                        const std::string& directory);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_BACKUP_H_

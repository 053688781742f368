// What a backup says of itself.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_BACKUP_MANIFEST_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_BACKUP_MANIFEST_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/commit_record.h"
#include "eventstore/rocksdb/database.h"

namespace samverk {

// A register, and a commit of it that the backup surely holds. It may hold some
// that came after.
struct BackupManifest {
  std::string origin;
  uint32_t log_format = kLogFormat;
  CommitPoint point;
  absl::Time made;  // to the second
  bool operator==(const BackupManifest&) const = default;
};

// As text, with a checksum: docs/log_format.md.
std::string EncodeManifest(const BackupManifest& manifest);

// FAILED_PRECONDITION (FORMAT_NEWER): of a later program, or a register of a
// later log format. DATA_LOSS (DAMAGED): these bytes are no manifest.
absl::StatusOr<BackupManifest> DecodeManifest(std::string_view text);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_BACKUP_MANIFEST_H_

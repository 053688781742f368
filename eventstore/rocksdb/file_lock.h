// Keeps other processes, and other threads of this one, away.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_FILE_LOCK_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_FILE_LOCK_H_

#include <rocksdb/env.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace samverk {

// The lock that RocksDB takes on its databases (database/LOCK). Given back when
// destroyed; the file stays.
class FileLock {
 public:
  // FAILED_PRECONDITION (IN_USE), with the sentence `in_use`: somebody has it.
  // UNAVAILABLE: the file cannot be written.
  static absl::StatusOr<std::unique_ptr<FileLock>> Take(
      const std::string& path, const std::string& in_use);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(rocksdb::FileLock* lock) : lock_(lock) {}
  rocksdb::FileLock* const lock_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_FILE_LOCK_H_

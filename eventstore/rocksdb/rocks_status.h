// Between RocksDB's types and ours.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_ROCKS_STATUS_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_ROCKS_STATUS_H_

#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace samverk {

inline rocksdb::Slice ToSlice(std::string_view s) {
  return rocksdb::Slice(s.data(), s.size());
}
inline std::string_view ToStd(const rocksdb::Slice& s) {
  return std::string_view(s.data(), s.size());
}

// What a failure of RocksDB means to us; `doing` begins the sentence: "reading
// event 17". Corruption: DATA_LOSS (DAMAGED); no space: RESOURCE_EXHAUSTED
// (DISK_FULL); other: UNAVAILABLE.
absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing);

// Takes a file's name away, if it is there, before a table is written under
// it. A table is taken in by a second name, and the first one is removed; a
// process that was killed between the two left both, and what is written under
// the first would be written into the database's own table. UNAVAILABLE: the
// name is still there.
absl::Status RemoveBeforeWriting(const std::string& path);

// RESOURCE_EXHAUSTED (DISK_FULL).
absl::Status DiskFull(std::string_view directory, std::string_view detail);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_ROCKS_STATUS_H_

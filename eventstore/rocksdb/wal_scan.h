// What RocksDB's write-ahead logs hold, looked at without RocksDB.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_WAL_SCAN_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_WAL_SCAN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace samverk {

// The greatest sequence number (RocksDB's, of keys) that a whole record of this
// log carries; 0 when it has none. Records count that stand behind damage too:
// RocksDB writes and syncs one after the other, so a whole record says that all
// before it were synced. What a power cut leaves of a last record, with some of
// its sectors missing, is not whole. Pure.
uint64_t LastSequenceInLog(std::string_view log);

// Of all logs of the database in this directory. UNAVAILABLE when one cannot be
// read.
absl::StatusOr<uint64_t> LastSequenceInLogs(const std::string& directory);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_WAL_SCAN_H_

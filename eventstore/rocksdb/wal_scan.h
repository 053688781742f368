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

// Whether each log in this directory is a row of fragments of the kinds that
// are written here, from its first byte to its last; contents are not looked
// at. RocksDB takes some headers that are none of them (a kind of the recycled
// logs that are not used here, zeros) for the end of a log, without an error.
// UNAVAILABLE when one cannot be read.
absl::StatusOr<bool> LogsAreFramed(const std::string& directory);

// The same of one block (32 KiB, less at the end) of a log. Pure.
bool LogBlockIsFramed(std::string_view block);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_WAL_SCAN_H_

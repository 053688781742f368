// Reads recorded events from the log.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_LOG_READER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_LOG_READER_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/event_store.h"
#include "eventstore/rocksdb/database.h"
#include "eventstore/rocksdb/index.h"

namespace samverk {

// Thread-safe; holds nothing. Checks every record that it gives: its bytes
// (RocksDB's checksum), its header, and that it is the one asked for.
class LogReader {
 public:
  // `database` must outlive the reader.
  explicit LogReader(Database& database) : database_(&database) {}

  // DATA_LOSS (DAMAGED) when it is not there or not readable.
  absl::StatusOr<RecordedEvent> EventAt(Position position) const;

  // EventStore::Visit for the events up to `head`. The options have been
  // checked.
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options, const Index& index,
                                Position head, EventVisitor visit) const;

 private:
  // Positions that a reading is about: after < p <= upto.
  struct Range {
    Position after;
    Position upto;
  };
  absl::StatusOr<Range> RangeOf(const ReadOptions& options,
                                Position head) const;
  // The first position up to `head` recorded at `time` or later, or head + 1.
  absl::StatusOr<Position> FirstAtOrAfter(absl::Time time, Position head) const;
  // Both: true when nothing is left in the range.
  absl::StatusOr<bool> VisitAll(const ReadOptions& options, const Range& range,
                                EventVisitor visit) const;
  absl::StatusOr<bool> VisitMatching(const ReadOptions& options,
                                     const Range& range, const Index& index,
                                     EventVisitor visit) const;

  Database* const database_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_LOG_READER_H_

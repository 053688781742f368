// Takes events from the log by their positions.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_EVENT_FETCHER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_EVENT_FETCHER_H_

#include <rocksdb/iterator.h>

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/event_store.h"
#include "eventstore/record.h"
#include "eventstore/rocksdb/database.h"

namespace samverk {

// For one reading, by one thread. Goes from one position to the next the
// cheapest way, and checks every record that it gives: its bytes (RocksDB's
// checksum), its header, and that it is the one asked for. Errors: DATA_LOSS
// (DAMAGED).
class EventFetcher {
 public:
  // `database` must outlive this. `in_order`: how many events are to come one
  // after the other, as far as is known.
  explicit EventFetcher(Database& database, uint64_t in_order = 0)
      : database_(&database), in_order_(in_order) {}

  // One event, where it lies until the next call; cheap when it is next to the
  // one asked for before.
  absl::StatusOr<RecordView> At(uint64_t position);

  // Gives the events at ascending or descending positions to `visit`, in that
  // order. False when one was not taken: then none after it is given.
  absl::StatusOr<bool> Fetch(absl::Span<const uint64_t> positions,
                             EventVisitor visit);

 private:
  void MoveTo(uint64_t position);
  absl::StatusOr<bool> FetchScattered(absl::Span<const uint64_t> positions,
                                      EventVisitor visit);

  Database* const database_;
  const uint64_t in_order_;
  std::unique_ptr<rocksdb::Iterator> it_;  // made when first needed
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_EVENT_FETCHER_H_

// What the view store knows of a projection's entries as a whole.
#ifndef SAMVERK_PROJECTIONS_ENGINE_STORED_TABLE_H_
#define SAMVERK_PROJECTIONS_ENGINE_STORED_TABLE_H_

#include <cstdint>
#include <string>

#include "eventstore/base/sha256.h"
#include "eventstore/types.h"

namespace samverk::projections {

// One building of a projection's entries; 1, 2, 3 … for each projection.
struct TableId {
  std::string projection;
  uint64_t generation = 0;
  bool operator==(const TableId&) const = default;
};

// How far a generation has come.
struct TableMarker {
  int version = 0;  // of the fold that made it
  uint64_t entries = 0;
  // The last event that it takes in: 0 and empty when there is none.
  Position applied;
  int64_t recorded_at_us = 0;
  Hash record_hash{};  // SHA-256 of the event's record: whose log it was
  bool operator==(const TableMarker&) const = default;
};

// A generation as it is stored.
struct StoredTable {
  TableId id;
  TableMarker marker;
  bool live = false;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_STORED_TABLE_H_

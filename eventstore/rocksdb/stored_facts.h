// What the disk says about a request, looked up before the writer sees it.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_STORED_FACTS_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_STORED_FACTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/strings.h"
#include "eventstore/conflict.h"
#include "eventstore/rocksdb/index.h"

namespace samverk {

// Stored events never change, so these facts stay true: gathered in the
// caller's thread, they leave the writer only what is in memory to look at.
// Gathered again when `through` has fallen behind Index::stored_through().
struct StoredFacts {
  Position through;  // events up to here have been looked at
  // By event; empty when none of them is stored.
  std::vector<std::optional<IdEntry>> ids;
  std::vector<std::optional<Position>> sources;
  // The streams of events, and of conditions, when the facts were gathered;
  // what the index remembers is newer.
  std::vector<StreamState> streams;
  std::vector<StreamState> condition_streams;
  // By condition: the first stored event that breaks a condition on a query.
  std::vector<std::optional<Position>> broken_by;
};

// `append` must outlive the facts. DATA_LOSS when an index cannot be read.
absl::StatusOr<StoredFacts> GatherFacts(const Index& index,
                                        const CheckedAppend& append);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_STORED_FACTS_H_

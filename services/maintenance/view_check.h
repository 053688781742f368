// Looks at stored views that no server has open.
#ifndef SAMVERK_SERVICES_MAINTENANCE_VIEW_CHECK_H_
#define SAMVERK_SERVICES_MAINTENANCE_VIEW_CHECK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/rocksdb/file_lock.h"
#include "eventstore/rocksdb/fsck_finding.h"
#include "projections/engine/stored_table.h"

namespace samverk::maintenance {

struct StoredViews {
  std::vector<projections::StoredTable> tables;
  uint64_t entries = 0;
  std::vector<samverk::Finding> findings;
  std::unique_ptr<FileLock> lock;  // no server opens them meanwhile
};

// Reads every entry. A directory that is not there is fine: views are built
// from the log. FAILED_PRECONDITION (IN_USE).
absl::StatusOr<StoredViews> ReadViews(const std::string& directory);

}  // namespace samverk::maintenance

#endif  // SAMVERK_SERVICES_MAINTENANCE_VIEW_CHECK_H_

// Compares stored views with what the log gives.
#ifndef SAMVERK_SERVICES_MAINTENANCE_VIEW_COMPARISON_H_
#define SAMVERK_SERVICES_MAINTENANCE_VIEW_COMPARISON_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "eventstore/rocksdb/fsck.h"
#include "services/maintenance/view_check.h"

namespace samverk::maintenance {

// Folds the log of `directory`, in which `log` has found nothing wrong, into
// views of its own, in a temporary directory, and compares each entry with that
// of the live generation in `view_directory`. Adds what differs to `views`, at
// most kListed of each projection. Generations that another version of a fold
// has made are left out: the server builds them again.
//   UNAVAILABLE, RESOURCE_EXHAUSTED: there is no room for temporary files.
absl::Status CompareViews(
    const std::string& directory, const std::string& view_directory,
    const FsckResult& log, StoredViews& views,
    const std::function<void(Position done, Position all)>& on_progress);

}  // namespace samverk::maintenance

#endif  // SAMVERK_SERVICES_MAINTENANCE_VIEW_COMPARISON_H_

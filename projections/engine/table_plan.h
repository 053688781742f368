// Which generation of each projection is used when views are opened.
#ifndef SAMVERK_PROJECTIONS_ENGINE_TABLE_PLAN_H_
#define SAMVERK_PROJECTIONS_ENGINE_TABLE_PLAN_H_

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "eventstore/types.h"
#include "projections/engine/view_store.h"
#include "projections/projection.h"

namespace samverk::projections {

// A projection's generation to go on with.
struct PlannedTable {
  Projection projection;
  StoredTable table;
  bool begin = false;    // it is not stored yet
  bool go_live = false;  // it answers from the start
  // Where it becomes live, if it is not, and what it then replaces.
  std::optional<Position> live_at;
  std::optional<TableId> replaces;
};

struct TablePlan {
  std::vector<PlannedTable> tables;   // one for each projection, in their order
  std::vector<StoredTable> leftover;  // of no use any more
};

// Decides for what is stored. A live generation of the right version is used.
// One of another version goes on answering until a new one has come as far as
// the live views are; a new one that was under way is gone on with. What else
// there is (rebuilds that were not finished, projections that are no more) is
// left over. Pure.
TablePlan PlanTables(absl::Span<const Projection> projections,
                     absl::Span<const StoredTable> stored);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_TABLE_PLAN_H_

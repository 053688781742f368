#include "projections/engine/table_plan.h"

#include <algorithm>
#include <string>

namespace samverk::projections {
namespace {

// Where live views are: the furthest of them.
Position LivePosition(absl::Span<const StoredTable> stored) {
  Position position;
  for (const StoredTable& table : stored) {
    if (table.live) position = std::max(position, table.marker.applied);
  }
  return position;
}

PlannedTable Plan(const Projection& projection,
                  absl::Span<const StoredTable> stored) {
  const StoredTable* live = nullptr;
  const StoredTable* under_way = nullptr;
  uint64_t generation = 0;
  for (const StoredTable& table : stored) {
    if (table.id.projection != projection.name) continue;
    generation = std::max(generation, table.id.generation);
    if (table.live) {
      live = &table;
    } else if (table.marker.version == projection.version) {
      under_way = &table;
    }
  }
  PlannedTable planned;
  planned.projection = projection;
  if (live != nullptr && live->marker.version == projection.version) {
    planned.table = *live;
    return planned;
  }
  if (live != nullptr) planned.replaces = live->id;
  if (under_way != nullptr) {
    planned.table = *under_way;
  } else {
    planned.table.id = {std::string(projection.name), generation + 1};
    planned.table.marker.version = projection.version;
    planned.begin = true;
  }
  const Position live_at = LivePosition(stored);
  if (planned.table.marker.applied >= live_at) {
    planned.go_live = true;
    planned.table.live = true;
  } else {
    planned.live_at = live_at;
  }
  return planned;
}

}  // namespace

TablePlan PlanTables(absl::Span<const Projection> projections,
                     absl::Span<const StoredTable> stored) {
  TablePlan plan;
  for (const Projection& projection : projections) {
    plan.tables.push_back(Plan(projection, stored));
  }
  for (const StoredTable& table : stored) {
    const bool used = std::any_of(
        plan.tables.begin(), plan.tables.end(), [&](const PlannedTable& p) {
          return p.table.id == table.id ||
                 (p.replaces == table.id && !p.go_live);
        });
    if (!used) plan.leftover.push_back(table);
  }
  return plan;
}

}  // namespace samverk::projections

// Every projection. A new one is a folder and a line here.

#include "eventstore/base/check.h"
#include "projections/activities/activities.h"
#include "projections/budget/budget.h"
#include "projections/checks/checks.h"
#include "projections/findings/findings.h"
#include "projections/participation/participation.h"
#include "projections/projection.h"
#include "projections/timeline/timeline.h"

namespace samverk::projections {

const std::array<Projection, kProjectionCount>& AllProjections() {
  // In the order of ProjectionId.
  static const std::array<Projection, kProjectionCount> projections = [] {
    std::array<Projection, kProjectionCount> all = {
        ActivitiesProjection(),    BudgetProjection(),
        ChecksProjection(),        FindingsProjection(),
        ParticipationProjection(), TimelineProjection()};
    for (size_t i = 0; i < all.size(); ++i) {
      SAMVERK_CHECK(static_cast<size_t>(all[i].id) == i)
          << "projections stand in the order of their ids";
    }
    return all;
  }();
  return projections;
}

}  // namespace samverk::projections

// The fold of the activities projection.
#ifndef SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_H_
#define SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_H_

#include "projections/projection.h"

namespace samverk::projections {

// See samverk.view.v1.ActivityEntry, its entries.
Projection ActivitiesProjection();

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_H_

// The fold of the timeline projection.
#ifndef SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_H_
#define SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_H_

#include "projections/projection.h"

namespace samverk::projections {

// See samverk.view.v1.TimelineStored, its entries.
Projection TimelineProjection();

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_H_

// The fold of the participation projection.
#ifndef SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_H_
#define SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_H_

#include "projections/projection.h"

namespace samverk::projections {

// See samverk.view.v1.ParticipationEntry, its entries.
Projection ParticipationProjection();

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_H_

// The fold of the checks projection.
#ifndef SAMVERK_PROJECTIONS_CHECKS_CHECKS_H_
#define SAMVERK_PROJECTIONS_CHECKS_CHECKS_H_

#include "projections/projection.h"

namespace samverk::projections {

// See samverk.view.v1.CheckEntry, its entries.
Projection ChecksProjection();

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_CHECKS_H_

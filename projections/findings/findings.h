// The fold of the findings projection.
#ifndef SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_H_
#define SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_H_

#include "projections/projection.h"

namespace samverk::projections {

// See samverk.view.v1.FindingEntry, its entries.
Projection FindingsProjection();

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_H_

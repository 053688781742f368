// The fold of the budget projection.
#ifndef SAMVERK_PROJECTIONS_BUDGET_BUDGET_H_
#define SAMVERK_PROJECTIONS_BUDGET_BUDGET_H_

#include "projections/projection.h"

namespace samverk::projections {

// See samverk.view.v1.BudgetEntry, its entries.
Projection BudgetProjection();

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_BUDGET_H_

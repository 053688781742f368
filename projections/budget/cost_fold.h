// How facts about booked costs change entries.
//
// A cost is an entry of its own; the grant that pays for it (or own money) has
// their sums by budget line and year, so that no entry grows with the number of
// costs. What a cost counts for is worked out before and after each change, and
// the difference is booked: the order of facts makes no difference.
#ifndef SAMVERK_PROJECTIONS_BUDGET_COST_FOLD_H_
#define SAMVERK_PROJECTIONS_BUDGET_COST_FOLD_H_

#include "projections/fact.h"
#include "projections/kept_facts.h"
#include "projections/view_table.h"

namespace samverk::projections {

// Each takes a fact whose arm is the one that its name says. The id of a cost
// is booked once: admission refuses a second booking. If there is one
// nevertheless, the one applied last counts.
void FoldCostBooked(Way way, const Fact& fact, ViewTable& views);
void FoldCostReversed(Way way, const Fact& fact, ViewTable& views);
void FoldCostAttested(Way way, const Fact& fact, ViewTable& views);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_COST_FOLD_H_

// How facts about contributions in kind, volunteers' hours and stated sums
// change entries.
#ifndef SAMVERK_PROJECTIONS_BUDGET_IN_KIND_FOLD_H_
#define SAMVERK_PROJECTIONS_BUDGET_IN_KIND_FOLD_H_

#include "projections/fact.h"
#include "projections/kept_facts.h"
#include "projections/view_table.h"

namespace samverk::projections {

// Each takes a fact whose arm is the one that its name says. Ids of
// contributions, hours and statements are recorded once: admission refuses a
// second one. If there is one nevertheless, the one applied last counts.
void FoldInKindRecorded(Way way, const Fact& fact, ViewTable& views);
void FoldInKindAttested(Way way, const Fact& fact, ViewTable& views);
void FoldInKindReviewed(Way way, const Fact& fact, ViewTable& views);
void FoldVolunteerTimeReported(Way way, const Fact& fact, ViewTable& views);
void FoldAmountStated(Way way, const Fact& fact, ViewTable& views);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_IN_KIND_FOLD_H_

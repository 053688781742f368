// Where a grant stands: used, left, and what happens with what is left.
#ifndef SAMVERK_PROJECTIONS_BUDGET_GRANT_POSITION_H_
#define SAMVERK_PROJECTIONS_BUDGET_GRANT_POSITION_H_

#include "projections/budget/money_facts.h"
#include "projections/question.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// Derives a grant's position. `used` is what is booked in the period when
// anything is, else what is stated; absent when neither is known. `remainder`
// is what the funder has settled, else awarded minus what is booked before the
// period minus used; absent when it cannot be told. Disbursements and
// dispositions count whenever they were made: the as-of decides.
view::v1::GrantPosition PositionOf(const view::v1::GrantView& grant,
                                   const MoneyFacts& facts,
                                   const Question& question);

// Repaid, carried over and set off, together.
view::v1::Figure DisposedOf(const view::v1::GrantView& grant);

// Claimed back minus repaid: what the recipient still owes when above 0.
view::v1::Figure ReclaimedAndOwed(const view::v1::GrantView& grant);

// What is left of the remainder when that is taken off. Needs a remainder.
view::v1::Figure Undisposed(const view::v1::GrantPosition& position);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_GRANT_POSITION_H_

// The rows of the outcome table (utfallstabell).
#ifndef SAMVERK_PROJECTIONS_BUDGET_OUTCOME_ROWS_H_
#define SAMVERK_PROJECTIONS_BUDGET_OUTCOME_ROWS_H_

#include "projections/budget/money_facts.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// Keys of rows.
inline constexpr char kGrantedRow[] = "granted";
inline constexpr char kUsedStatedRow[] = "used_stated";
inline constexpr char kUsedBookedRow[] = "used_booked";
inline constexpr char kUnusedRow[] = "unused";
inline constexpr char kInKindStatedRow[] = "in_kind_stated";
inline constexpr char kInKindSpecifiedRow[] = "in_kind_specified";
inline constexpr char kTotalStatedRow[] = "total_stated";
inline constexpr char kGrantedPlusInKindRow[] = "granted_plus_in_kind";
inline constexpr char kUsedPlusInKindRow[] = "used_plus_in_kind";

// Adds the rows to `budget`, whose grants and contributors are there already:
//   for each grant: granted, used (booked when anything is booked, with what
//     was stated as superseded; else stated), unused with its disposition;
//   costs of the period on grants that are not of the period, and of own money;
//   for each contributor: in kind as stated, in kind as specified;
//   stated totals: claims, part of no sum;
//   what the two derivations give: granted + in kind, used + in kind. Of a
//     contributor's in-kind the specified counts when there is any.
void AddOutcomeRows(const ViewSet& views, const Question& question,
                    const MoneyFacts& facts, view::v1::BudgetView& budget);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_OUTCOME_ROWS_H_

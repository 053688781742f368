// Budget state from facts that were collected already.
#ifndef SAMVERK_PROJECTIONS_BUDGET_BUDGET_VIEW_H_
#define SAMVERK_PROJECTIONS_BUDGET_BUDGET_VIEW_H_

#include "projections/budget/money_facts.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// What AnswerBudget answers, of `facts` that were collected for the same
// question: the checks look at both.
view::v1::BudgetView MakeBudgetView(const ViewSet& views,
                                    const Question& question,
                                    const MoneyFacts& facts);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_BUDGET_VIEW_H_

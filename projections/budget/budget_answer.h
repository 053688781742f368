// Answers from the budget projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_BUDGET_BUDGET_ANSWER_H_
#define SAMVERK_PROJECTIONS_BUDGET_BUDGET_ANSWER_H_

#include <string>
#include <string_view>
#include <vector>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// Budget state with its outcome table (rows in the order of the report). The
// rows carry no checks; AttachChecks (checks_answer.h) adds them.
view::v1::BudgetView AnswerBudget(const ViewSet& views,
                                  const Question& question);

// Booked costs and contributions in kind of the period, by key, from the one
// after `page_token`; only of `grant` unless that is empty. `next_page_token`
// is set to the token of the next page, or emptied.
std::vector<view::v1::BudgetEntry> AnswerCosts(const ViewSet& views,
                                               const Question& question,
                                               std::string_view grant,
                                               std::string_view page_token,
                                               size_t page_size,
                                               std::string& next_page_token);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_BUDGET_ANSWER_H_

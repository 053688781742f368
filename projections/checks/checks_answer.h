// Answers from the checks projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_CHECKS_CHECKS_ANSWER_H_
#define SAMVERK_PROJECTIONS_CHECKS_CHECKS_ANSWER_H_

#include <string>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {

// Checks C1 to C14 and those raised by hand, with documents and reports. Needs
// every projection.
view::v1::ChecksAnswer AnswerChecks(const ViewSet& views,
                                    const Question& question);

// Puts the ids of open checks on the rows of the outcome table that they are
// about.
void AttachChecks(const view::v1::ChecksAnswer& checks,
                  view::v1::BudgetView& budget);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_CHECKS_ANSWER_H_

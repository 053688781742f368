// An outcome, with its grade, as an item of a list.
#ifndef SAMVERK_PROJECTIONS_REPORT_OUTCOME_ITEM_H_
#define SAMVERK_PROJECTIONS_REPORT_OUTCOME_ITEM_H_

#include <vector>

#include "projections/report/report_context.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk::projections {

// The outcomes of one kind by their place in the list; those without one first.
std::vector<const view::v1::OutcomeView*> OutcomesOfKind(
    const ReportContext& context, event::v1::OutcomeKind kind);

// The claim with the marks of its grade and hedge; under it what it rests on,
// who backs or disputes it, and the hedge in words.
report::v1::ListItem OutcomeItem(const ReportContext& context,
                                 const view::v1::OutcomeView& outcome);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_OUTCOME_ITEM_H_

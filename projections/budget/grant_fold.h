// How facts about grants, budget lines and reports on grants change entries.
#ifndef SAMVERK_PROJECTIONS_BUDGET_GRANT_FOLD_H_
#define SAMVERK_PROJECTIONS_BUDGET_GRANT_FOLD_H_

#include <string_view>

#include "absl/functional/function_ref.h"
#include "projections/fact.h"
#include "projections/kept_facts.h"
#include "projections/view_table.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// Lets `edit` change the grant's entry (made if it is not there) and takes the
// entry away when it says nothing afterwards. An empty id is own money.
void EditGrant(const event::v1::Event& event, std::string_view grant,
               ViewTable& views,
               absl::FunctionRef<void(view::v1::GrantView&)> edit);

// Each takes a fact whose arm is the one that its name says.
void FoldGrantAppliedFor(Way way, const Fact& fact, ViewTable& views);
void FoldGrantAwarded(Way way, const Fact& fact, ViewTable& views);
void FoldGrantDisbursed(Way way, const Fact& fact, ViewTable& views);
void FoldGrantSettled(Way way, const Fact& fact, ViewTable& views);
void FoldGrantRepaid(Way way, const Fact& fact, ViewTable& views);
void FoldCarryOverApproved(Way way, const Fact& fact, ViewTable& views);
void FoldGrantReclaimed(Way way, const Fact& fact, ViewTable& views);

void FoldBudgetLineSet(Way way, const Fact& fact, ViewTable& views);
void FoldBudgetReallocated(Way way, const Fact& fact, ViewTable& views);

void FoldReportSubmitted(Way way, const Fact& fact, ViewTable& views);
void FoldReportReturned(Way way, const Fact& fact, ViewTable& views);
void FoldReportApproved(Way way, const Fact& fact, ViewTable& views);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_GRANT_FOLD_H_

#include "projections/checks/check_context.h"

#include <string>
#include <string_view>

#include "projections/budget/budget_view.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"

namespace samverk::projections {

using view::v1::CheckEntry;

bool CheckContext::HasPassed(const view::v1::When& when) const {
  return IsKnown(when) && when.to_us() <= question.evaluate_at_us;
}

CheckContext MakeCheckContext(const ViewSet& views, const Question& question) {
  CheckContext context{views, question, {}, {}, {}, {}, {}};
  views.Of(ProjectionId::kChecks)
      .Scan<CheckEntry>(KeyPrefix(question.process, "check"), "",
                        [&](std::string_view, const CheckEntry& entry) {
                          context.records[entry.check().check()] =
                              entry.check();
                          return true;
                        });
  context.money = CollectMoneyFacts(views, question);
  context.budget = MakeBudgetView(views, question, context.money);
  const auto spoken_of = [&context](std::string_view rule,
                                    const std::string& entity) {
    return !context.records.empty() &&
           context.records.contains(CheckId(rule, entity));
  };
  context.shared_evidence =
      FindSharedEvidence(views.Of(ProjectionId::kChecks), question.process);
  context.costs =
      SurveyCosts(views.Of(ProjectionId::kBudget), question, context.money,
                  context.shared_evidence, spoken_of);
  return context;
}

}  // namespace samverk::projections

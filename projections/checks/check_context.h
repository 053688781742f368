// What the rules look at, and how they write what they find.
#ifndef SAMVERK_PROJECTIONS_CHECKS_CHECK_CONTEXT_H_
#define SAMVERK_PROJECTIONS_CHECKS_CHECK_CONTEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "projections/budget/budget_text.h"
#include "projections/budget/money_facts.h"
#include "projections/checks/cost_survey.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {

// Views and question, with what more than one rule needs of them. Borrows both.
struct CheckContext {
  const ViewSet& views;
  const Question& question;
  MoneyFacts money;
  view::v1::BudgetView budget;
  SharedEvidence shared_evidence;
  CostSurvey costs;
  // Words on checks, and checks raised by hand, by id of the check.
  absl::btree_map<std::string, view::v1::CheckRecord> records;

  codec::Language language() const { return question.language; }
  absl::string_view Say(absl::string_view sv, absl::string_view en) const {
    return projections::Say(language(), sv, en);
  }
  std::string Show(const view::v1::Figure& figure) const {
    return FigureText(figure, language());
  }
  std::string Show(const view::v1::When& when) const {
    return codec::EdtfText(when.edtf(), when.circa(), language());
  }
  std::string Name(std::string_view actor) const {
    return ShortActorName(views, question.process, actor);
  }
  // Whether the whole of a known time has passed at the question's instant.
  bool HasPassed(const view::v1::When& when) const;
};

// Collects it.
CheckContext MakeCheckContext(const ViewSet& views, const Question& question);

// The rules. Each adds its checks, in any order, without state and steps.
using Checks = std::vector<view::v1::CheckView>;
void AddTotalChecks(const CheckContext& context, Checks& checks);     // C1
void AddGrantChecks(const CheckContext& context, Checks& checks);     // C2–C4
void AddInKindChecks(const CheckContext& context, Checks& checks);    // C5, C6
void AddCostChecks(const CheckContext& context, Checks& checks);      // C7
void AddMeasureChecks(const CheckContext& context, Checks& checks);   // C8
void AddEffectChecks(const CheckContext& context, Checks& checks);    // C9
void AddActivityChecks(const CheckContext& context, Checks& checks);  // C10
void AddDocumentChecks(const CheckContext& context, Checks& checks);  // C11
void AddMentionChecks(const CheckContext& context, Checks& checks);   // C12
void AddEstimateChecks(const CheckContext& context, Checks& checks);  // C13
void AddAttestChecks(const CheckContext& context, Checks& checks);    // C14

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_CHECK_CONTEXT_H_

#include "services/recording/rule.h"

#include "eventstore/base/check.h"
#include "services/recording/rule_catalogue.h"

namespace samverk::recording {

absl::Span<const RuleEntry> RuleCatalogue() {
  static const std::vector<RuleEntry>& catalogue = *[] {
    auto* made = new std::vector<RuleEntry>;
    for (const auto half : {EventRules(), HistoryRules()}) {
      made->insert(made->end(), half.begin(), half.end());
    }
    SAMVERK_CHECK(made->size() == kRuleCount);
    for (size_t i = 0; i < made->size(); ++i) {
      SAMVERK_CHECK(static_cast<size_t>((*made)[i].rule) == i)
          << (*made)[i].id << " is out of order";
    }
    return made;
  }();
  return catalogue;
}

const RuleEntry& EntryOf(Rule rule) {
  return RuleCatalogue()[static_cast<size_t>(rule)];
}

Rule UnknownRule(EntityKind kind) {
  switch (kind) {
    case EntityKind::kActor:
      return Rule::kActorUnknown;
    case EntityKind::kGrant:
      return Rule::kGrantUnknown;
    case EntityKind::kBudgetLine:
      return Rule::kBudgetLineUnknown;
    case EntityKind::kCost:
      return Rule::kCostUnknown;
    case EntityKind::kInKind:
      return Rule::kInKindUnknown;
    case EntityKind::kStatement:
      return Rule::kStatementUnknown;
    case EntityKind::kPlace:
      return Rule::kPlaceUnknown;
    case EntityKind::kActivity:
      return Rule::kActivityUnknown;
    case EntityKind::kFinding:
      return Rule::kFindingUnknown;
    case EntityKind::kMeasure:
      return Rule::kMeasureUnknown;
    case EntityKind::kStudy:
      return Rule::kStudyUnknown;
    case EntityKind::kInitiative:
      return Rule::kInitiativeUnknown;
    case EntityKind::kOutcome:
      return Rule::kOutcomeUnknown;
    case EntityKind::kDocument:
      return Rule::kDocumentUnknown;
    case EntityKind::kReport:
      return Rule::kReportUnknown;
    case EntityKind::kCheck:
      return Rule::kCheckUnknown;
    case EntityKind::kDecision:
      return Rule::kDecisionUnknown;
    case EntityKind::kGoal:
      return Rule::kGoalUnknown;
    case EntityKind::kIndicator:
      return Rule::kIndicatorUnknown;
    case EntityKind::kDisclosure:
      return Rule::kDisclosureUnknown;
    case EntityKind::kGallring:
      return Rule::kGallringUnknown;
    case EntityKind::kNone:
    case EntityKind::kProcess:
    case EntityKind::kPayment:
    case EntityKind::kVolunteerTime:
    case EntityKind::kContribution:
    case EntityKind::kInsight:
    case EntityKind::kPicture:
    case EntityKind::kLesson:
    case EntityKind::kPackage:
    case EntityKind::kRights:
    case EntityKind::kReading:
      break;
  }
  SAMVERK_CHECK(false) << "nothing refers to a " << KindName(kind);
  __builtin_unreachable();
}

}  // namespace samverk::recording

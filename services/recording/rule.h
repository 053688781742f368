// Why an event can be refused: every rule, with its words.
#ifndef SAMVERK_SERVICES_RECORDING_RULE_H_
#define SAMVERK_SERVICES_RECORDING_RULE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/recording/entity.h"

namespace samverk::recording {

// The rules, in the order of docs/rules.md. The first group is about the event
// alone; the second about the event and what is recorded.
enum class Rule {
  // The envelope and the batch.
  kEventIdMissing,
  kEventIdInvalid,
  kEventIdRepeated,
  kSourceRepeated,
  kProcessDiffers,
  kFactMissing,
  kFieldUnknown,
  kTimeInFuture,
  kSecrecyGroundMissing,
  kSourceIncomplete,
  kEvidenceEmpty,
  kTooManyReferences,
  // Any field.
  kFieldMissing,
  kIdInvalid,
  kCheckIdInvalid,
  kUuidInvalid,
  kTextTooLong,
  kTextNotUtf8,
  kTextHasControlCharacter,
  kTextHasIdentityNumber,
  kTextHasPhoneNumber,
  kTextHasEmailAddress,
  kListTooLong,
  kListRepeats,
  kEnumUnknown,
  kValueNotAllowed,
  kNumberOutOfRange,
  kTimeInvalid,
  kHashInvalid,
  kMediaTypeInvalid,
  kLanguageInvalid,
  kPersonalNotSealable,
  kRefersToItself,
  // Values.
  kCurrencyUnsupported,
  kAmountNegative,
  kAmountNotPositive,
  kAmountTooLarge,
  kAmountNotExact,
  kHeadcountSum,
  kWhereEmpty,
  kOutlineInvalid,
  kOrganisationNumberInvalid,
  // What one kind of fact says.
  kInKindProduct,
  kUnitMissing,
  kReviewReasonMissing,
  kAcceptedValueMissing,
  kAcceptedValueUnexpected,
  kStatedGrantMissing,
  kStatedContributorMissing,
  kStatedPartInvalid,
  kShiftIncomplete,
  kDecidingBodyMissing,
  kDisclosureGroundMissing,
  kSurveyAnswers,
  kOccasionsInvalid,
  kPhaseDecisionMissing,
  kInitiativeVotes,
  kCheckIdReserved,
  kReplacementHasId,
  kCorrectionNested,

  // The process.
  kProcessNotRegistered,
  kProcessAlreadyRegistered,
  kProcessClosed,
  // Ids and references.
  kIdTaken,
  kActorUnknown,
  kGrantUnknown,
  kBudgetLineUnknown,
  kCostUnknown,
  kInKindUnknown,
  kStatementUnknown,
  kPlaceUnknown,
  kActivityUnknown,
  kFindingUnknown,
  kMeasureUnknown,
  kStudyUnknown,
  kInitiativeUnknown,
  kOutcomeUnknown,
  kDocumentUnknown,
  kReportUnknown,
  kCheckUnknown,
  kDecisionUnknown,
  kGoalUnknown,
  kIndicatorUnknown,
  kDisclosureUnknown,
  kGallringUnknown,
  kEventUnknown,
  kReferenceCircle,
  // Actors and money.
  kRoleNotAssigned,
  kGrantNotAwarded,
  kGrantAlreadySettled,
  kCostAlreadyReversed,
  kRecorderIsAttester,
  kInKindNotAttested,
  kInKindAlreadyAttested,
  kAcceptedValueNotLess,
  // Activities.
  kActivityNotScheduled,
  kActivityCancelled,
  kActivityAlreadyHeld,
  kActivityKindDiffers,
  kTitleMissing,
  // Findings.
  kFindingMerged,
  kFindingClosed,
  kFindingDeclined,
  kFindingNotEnded,
  kFindingIsAsset,
  kMergedIntoMerged,
  // Measures.
  kMeasureNotDecided,
  kMeasureNotImplemented,
  kMeasureAlreadyImplemented,
  kMeasureNotEvaluated,
  kMeasureClosed,
  kMeasureAbandoned,
  // Studies, initiatives, outcomes.
  kStudyPublished,
  kInitiativeEnded,
  kOutcomeNotIndependent,
  // Reports.
  kReportNotGenerated,
  kReportNotSubmitted,
  kReportApproved,
  kReportPositionUnknown,
  // Disposal and rights.
  kKeyNotInDisposal,
  kKeyAlreadyDestroyed,
  kKeyOnOwnDecision,
  kKeyOfNobody,
  kKeyOfWhatIsKept,
  kKeyOfOtherClass,
  kKeyAskedFor,
  kRightNotGranted,
  // Corrections, reversals, voids.
  kTargetUnknown,
  kTargetOtherProcess,
  kTargetReplaced,
  kTargetTakenOut,
  kTargetNotAFact,
  kTargetPermanent,
  kCorrectionOfOtherKind,
  kCorrectionOfOtherEntity,
  kCostNeedsReversal,
  kCorrectionUndermines,
  kEntityInUse,
};
inline constexpr int kRuleCount = static_cast<int>(Rule::kEntityInUse) + 1;

// A rule's words. In the texts "{name}" stands for a violation's value;
// "{field}" for the field's path. Values are formatted by the end of their
// name: "_ore" is money, "_hundredths" a number with two decimals, "kind" the
// kind of an entity.
struct RuleEntry {
  Rule rule;
  std::string_view id;  // "MEASURE_NOT_DECIDED"
  // True when the event is wrong whatever is recorded.
  bool event_alone;
  std::string_view swedish;  // what happened and what to do
  std::string_view english;
  std::string_view refuses;  // for docs/rules.md
  // Values for the example there, "name=value" separated by "|".
  std::string_view example;
};

// Every rule, in the order of the enumeration.
absl::Span<const RuleEntry> RuleCatalogue();
const RuleEntry& EntryOf(Rule rule);

// The rule that refuses a reference to an entity of this kind that does not
// exist. Not for kinds that nothing refers to.
Rule UnknownRule(EntityKind kind);

// A value that a rule's text mentions, by name.
using RuleValue = std::pair<std::string, std::string>;

// A rule that an event breaks. Its words are made at the edge (messages.h).
struct Violation {
  Rule rule;
  std::string field;  // path within the event; empty: the event as a whole
  std::vector<RuleValue> values;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_RULE_H_

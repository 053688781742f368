#include "projections/checks/checks.h"

#include "eventstore/base/check.h"
#include "projections/checks/record_fold.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {
namespace {

using event::v1::Event;

void FoldFact(Way way, const Fact& fact, ViewTable& views) {
  switch (fact.event.fact_case()) {
    case Event::kCheckRaised:
      return FoldCheckRaised(way, fact, views);
    case Event::kCheckExplained:
      return FoldCheckExplained(way, fact, views);
    case Event::kCheckResolved:
      return FoldCheckResolved(way, fact, views);
    case Event::kDocumentAttached:
      return FoldDocumentAttached(way, fact, views);
    case Event::kDocumentMissingNoted:
      return FoldDocumentMissingNoted(way, fact, views);
    case Event::kReportGenerated:
    case Event::kReportSubmitted:
    case Event::kReportReturned:
    case Event::kReportApproved:
      return FoldReportStep(way, fact, views);
    case Event::kCostBooked:
    case Event::kInKindRecorded:
      return FoldMoneyEvidence(way, fact, views);

    // What the rules look at is in the other projections' entries.
    case Event::kProcessRegistered:
    case Event::kInterestRegistered:
    case Event::kProcessApproved:
    case Event::kPhaseEntered:
    case Event::kGoalSet:
    case Event::kIndicatorDefined:
    case Event::kDecisionRecorded:
    case Event::kProcessClosed:
    case Event::kActorRegistered:
    case Event::kActorRenamed:
    case Event::kRoleAssigned:
    case Event::kRoleEnded:
    case Event::kGrantAppliedFor:
    case Event::kGrantAwarded:
    case Event::kGrantDisbursed:
    case Event::kBudgetLineSet:
    case Event::kBudgetReallocated:
    case Event::kCostReversed:
    case Event::kCostAttested:
    case Event::kInKindAttested:
    case Event::kInKindReviewed:
    case Event::kVolunteerTimeReported:
    case Event::kAmountStated:
    case Event::kGrantSettled:
    case Event::kGrantRepaid:
    case Event::kCarryOverApproved:
    case Event::kGrantReclaimed:
    case Event::kPlaceDefined:
    case Event::kControlChanged:
    case Event::kActivityScheduled:
    case Event::kActivityRescheduled:
    case Event::kActivityCancelled:
    case Event::kMeetingHeld:
    case Event::kSafetyWalkHeld:
    case Event::kDialogueHeld:
    case Event::kWorkshopHeld:
    case Event::kCommunityEventHeld:
    case Event::kSurveyConducted:
    case Event::kDialogueContributionRecorded:
    case Event::kFindingLogged:
    case Event::kFindingAssigned:
    case Event::kFindingDeclined:
    case Event::kFindingMerged:
    case Event::kFindingReopened:
    case Event::kFindingClosed:
    case Event::kMeasureProposed:
    case Event::kMeasureDecided:
    case Event::kMeasurePlanned:
    case Event::kMeasureStarted:
    case Event::kMeasureImplemented:
    case Event::kMeasureEvaluated:
    case Event::kMeasureClosed:
    case Event::kMeasureAbandoned:
    case Event::kStudyStarted:
    case Event::kPreliminaryInsightRecorded:
    case Event::kStudyPublished:
    case Event::kInitiativeLinked:
    case Event::kInitiativeStatusObserved:
    case Event::kSituationPictureShared:
    case Event::kOutcomeClaimed:
    case Event::kOutcomeSubstantiated:
    case Event::kLessonRecorded:
    // Reach folds as facts taken out and put in.
    case Event::kEventCorrected:
    case Event::kEventReversed:
    case Event::kEventVoided:
    // About the record, not about what it records.
    case Event::kDisclosureRequested:
    case Event::kDisclosed:
    case Event::kGallringDecided:
    case Event::kKeyDestroyed:
    case Event::kPackageDelivered:
    case Event::kRetentionPlanChanged:
    case Event::kRightsGranted:
    case Event::kRightsWithdrawn:
    case Event::kSealedDataRead:
    case Event::kSecretDataRead:
      return;

    case Event::FACT_NOT_SET:
      break;
  }
  SAMVERK_CHECK(false) << "the codec refuses events without a known fact";
}

void Fold(Way way, const Fact& fact, ViewTable& views) {
  FoldFact(way, fact, views);
  FoldMention(way, fact, views);
  FoldReferences(way, fact, views);
}

void Apply(const Fact& fact, ViewTable& views) {
  Fold(Way::kApply, fact, views);
}

void Retract(const Fact& fact, ViewTable& views) {
  Fold(Way::kRetract, fact, views);
}

const google::protobuf::Message& Prototype() {
  return view::v1::CheckEntry::default_instance();
}

}  // namespace

Projection ChecksProjection() {
  return {ProjectionId::kChecks, "checks", 2, Prototype, Apply, Retract};
}

}  // namespace samverk::projections

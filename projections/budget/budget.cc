#include "projections/budget/budget.h"

#include "eventstore/base/check.h"
#include "projections/budget/cost_fold.h"
#include "projections/budget/grant_fold.h"
#include "projections/budget/in_kind_fold.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {
namespace {

using event::v1::Event;

void Fold(Way way, const Fact& fact, ViewTable& views) {
  switch (fact.event.fact_case()) {
    case Event::kGrantAppliedFor:
      return FoldGrantAppliedFor(way, fact, views);
    case Event::kGrantAwarded:
      return FoldGrantAwarded(way, fact, views);
    case Event::kGrantDisbursed:
      return FoldGrantDisbursed(way, fact, views);
    case Event::kBudgetLineSet:
      return FoldBudgetLineSet(way, fact, views);
    case Event::kBudgetReallocated:
      return FoldBudgetReallocated(way, fact, views);
    case Event::kCostBooked:
      return FoldCostBooked(way, fact, views);
    case Event::kCostReversed:
      return FoldCostReversed(way, fact, views);
    case Event::kCostAttested:
      return FoldCostAttested(way, fact, views);
    case Event::kInKindRecorded:
      return FoldInKindRecorded(way, fact, views);
    case Event::kInKindAttested:
      return FoldInKindAttested(way, fact, views);
    case Event::kInKindReviewed:
      return FoldInKindReviewed(way, fact, views);
    case Event::kVolunteerTimeReported:
      return FoldVolunteerTimeReported(way, fact, views);
    case Event::kAmountStated:
      return FoldAmountStated(way, fact, views);
    case Event::kGrantSettled:
      return FoldGrantSettled(way, fact, views);
    case Event::kGrantRepaid:
      return FoldGrantRepaid(way, fact, views);
    case Event::kCarryOverApproved:
      return FoldCarryOverApproved(way, fact, views);
    case Event::kGrantReclaimed:
      return FoldGrantReclaimed(way, fact, views);
    case Event::kReportSubmitted:
      return FoldReportSubmitted(way, fact, views);
    case Event::kReportReturned:
      return FoldReportReturned(way, fact, views);
    case Event::kReportApproved:
      return FoldReportApproved(way, fact, views);

    // A generated report is a draft: it moves no grant until it is handed in.
    case Event::kReportGenerated:
    // The cost of a measure is its plan or its owner's word; what is paid comes
    // as a booked cost.
    case Event::kMeasureProposed:
    case Event::kMeasureDecided:
    case Event::kMeasurePlanned:
    case Event::kMeasureStarted:
    case Event::kMeasureImplemented:
    case Event::kMeasureEvaluated:
    case Event::kMeasureClosed:
    case Event::kMeasureAbandoned:
    // Not about money.
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
    case Event::kStudyStarted:
    case Event::kPreliminaryInsightRecorded:
    case Event::kStudyPublished:
    case Event::kInitiativeLinked:
    case Event::kInitiativeStatusObserved:
    case Event::kSituationPictureShared:
    case Event::kOutcomeClaimed:
    case Event::kOutcomeSubstantiated:
    case Event::kLessonRecorded:
    case Event::kDocumentAttached:
    case Event::kDocumentMissingNoted:
    case Event::kCheckRaised:
    case Event::kCheckExplained:
    case Event::kCheckResolved:
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

void Apply(const Fact& fact, ViewTable& views) {
  Fold(Way::kApply, fact, views);
}

void Retract(const Fact& fact, ViewTable& views) {
  Fold(Way::kRetract, fact, views);
}

const google::protobuf::Message& Prototype() {
  return view::v1::BudgetEntry::default_instance();
}

}  // namespace

Projection BudgetProjection() {
  return {ProjectionId::kBudget, "budget", 1, Prototype, Apply, Retract};
}

}  // namespace samverk::projections

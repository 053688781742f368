#include "services/recording/admission.h"

#include "eventstore/base/check.h"
#include "services/recording/judge.h"
#include "services/recording/route.h"

namespace samverk::recording {

using event::v1::Event;

std::vector<Violation> Admit(const ProcessState& state, const Event& event,
                             const AdmissionContext& context) {
  Judge judge(state, event, context);
  if (IsAmendment(event)) {
    JudgeCorrection(judge);
  } else {
    JudgeFact(judge);
  }
  return judge.Take();
}

namespace {

// The rules of the fact's own area.
void JudgeArea(Judge& judge) {
  switch (judge.event().fact_case()) {
    case Event::kActorRegistered:
    case Event::kActorRenamed:
    case Event::kRoleAssigned:
    case Event::kRoleEnded:
      return JudgeActor(judge);

    case Event::kGrantAppliedFor:
    case Event::kGrantAwarded:
    case Event::kGrantDisbursed:
    case Event::kBudgetLineSet:
    case Event::kBudgetReallocated:
    case Event::kCostBooked:
    case Event::kCostReversed:
    case Event::kCostAttested:
    case Event::kInKindRecorded:
    case Event::kInKindAttested:
    case Event::kInKindReviewed:
    case Event::kVolunteerTimeReported:
    case Event::kAmountStated:
    case Event::kGrantSettled:
    case Event::kGrantRepaid:
    case Event::kCarryOverApproved:
    case Event::kGrantReclaimed:
      return JudgeMoney(judge);

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
      return JudgeActivity(judge);

    case Event::kFindingLogged:
    case Event::kFindingAssigned:
    case Event::kFindingDeclined:
    case Event::kFindingMerged:
    case Event::kFindingReopened:
    case Event::kFindingClosed:
      return JudgeFinding(judge);

    case Event::kMeasureProposed:
    case Event::kMeasureDecided:
    case Event::kMeasurePlanned:
    case Event::kMeasureStarted:
    case Event::kMeasureImplemented:
    case Event::kMeasureEvaluated:
    case Event::kMeasureClosed:
    case Event::kMeasureAbandoned:
      return JudgeMeasure(judge);

    case Event::kStudyStarted:
    case Event::kPreliminaryInsightRecorded:
    case Event::kStudyPublished:
    case Event::kInitiativeLinked:
    case Event::kInitiativeStatusObserved:
    case Event::kSituationPictureShared:
    case Event::kOutcomeClaimed:
    case Event::kOutcomeSubstantiated:
    case Event::kLessonRecorded:
      return JudgeKnowledge(judge);

    case Event::kDecisionRecorded:
    case Event::kDocumentAttached:
    case Event::kDocumentMissingNoted:
    case Event::kReportGenerated:
    case Event::kReportSubmitted:
    case Event::kReportReturned:
    case Event::kReportApproved:
    case Event::kCheckRaised:
    case Event::kCheckExplained:
    case Event::kCheckResolved:
      return JudgeDocument(judge);

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
      return JudgeArchive(judge);

    // No more than the rules of every event: the process, what exists, in
    // which order.
    case Event::kProcessRegistered:
    case Event::kInterestRegistered:
    case Event::kProcessApproved:
    case Event::kPhaseEntered:
    case Event::kGoalSet:
    case Event::kIndicatorDefined:
    case Event::kProcessClosed:
    case Event::kPlaceDefined:
    case Event::kControlChanged:
      return;

    // JudgeCorrection's.
    case Event::kEventCorrected:
    case Event::kEventReversed:
    case Event::kEventVoided:
    case Event::FACT_NOT_SET:
      break;
  }
  SAMVERK_CHECK(false) << "not a fact to be judged: "
                       << judge.event().fact_case();
}

}  // namespace

void JudgeFact(Judge& judge) {
  JudgeEnvelope(judge);
  const bool first = judge.event().has_process_registered();
  JudgeProcess(judge);
  // Of a process that is not there, nothing else can be said.
  if (!first && !judge.state().own().exists()) return;
  JudgeReferences(judge);
  JudgeCircles(judge);
  JudgeSteps(judge);
  JudgeArea(judge);
}

}  // namespace samverk::recording

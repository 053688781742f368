#include "projections/timeline/timeline.h"

#include <string>
#include <utility>

#include "eventstore/base/check.h"
#include "projections/kept_facts.h"
#include "projections/timeline/grade.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using view::v1::DecisionView;
using view::v1::GoalView;
using view::v1::IndicatorView;
using view::v1::InitiativeStep;
using view::v1::InitiativeView;
using view::v1::InsightView;
using view::v1::LessonView;
using view::v1::OutcomeView;
using view::v1::PhaseView;
using view::v1::PictureView;
using view::v1::ProcessView;
using view::v1::StudyView;
using view::v1::SubstantiationView;
using view::v1::TimelineStored;

template <typename View>
bool HasOrigin(View& view) {
  return view.has_origin();
}

bool SettleProcess(ProcessView& process) {
  return process.has_origin() || process.has_interest_origin() ||
         process.has_approved_origin() || process.has_closed();
}

// Without the claim there is nothing to grade.
bool SettleOutcome(OutcomeView& outcome) {
  outcome.set_grade(outcome.has_origin() ? GradeOf(outcome)
                                         : view::v1::GRADE_UNSPECIFIED);
  return outcome.has_origin() || !outcome.substantiations().empty();
}

bool SettleStudy(StudyView& study) {
  for (InsightView& insight : *study.mutable_insights()) {
    insight.set_preliminary(!study.has_published());
  }
  return study.has_origin() || study.has_published() ||
         !study.insights().empty();
}

bool SettleInitiative(InitiativeView& initiative) {
  return initiative.has_origin() || !initiative.steps().empty();
}

using Stored = TimelineStored;

const EntityKind<Stored, ProcessView> kProcess = {
    "process", &Stored::mutable_process, &Stored::process,
    [](ProcessView& view, std::string_view id) {
      Assign(id, *view.mutable_process());
    },
    SettleProcess};
const EntityKind<Stored, DecisionView> kDecision = {
    "decision", &Stored::mutable_decision, &Stored::decision, nullptr,
    HasOrigin<DecisionView>};
const EntityKind<Stored, GoalView> kGoal = {
    "goal", &Stored::mutable_goal, &Stored::goal, nullptr, HasOrigin<GoalView>};
const EntityKind<Stored, IndicatorView> kIndicator = {
    "indicator", &Stored::mutable_indicator, &Stored::indicator, nullptr,
    HasOrigin<IndicatorView>};
const EntityKind<Stored, OutcomeView> kOutcome = {
    "outcome", &Stored::mutable_outcome, &Stored::outcome, nullptr,
    SettleOutcome};
const EntityKind<Stored, LessonView> kLesson = {
    "lesson", &Stored::mutable_lesson, &Stored::lesson, nullptr,
    HasOrigin<LessonView>};
const EntityKind<Stored, StudyView> kStudy = {
    "study", &Stored::mutable_study, &Stored::study, nullptr, SettleStudy};
const EntityKind<Stored, InitiativeView> kInitiative = {
    "initiative", &Stored::mutable_initiative, &Stored::initiative, nullptr,
    SettleInitiative};
const EntityKind<Stored, PictureView> kPicture = {
    "picture", &Stored::mutable_picture, &Stored::picture, nullptr,
    HasOrigin<PictureView>};

constexpr int kRegisteredFields[] = {ProcessView::kOriginFieldNumber,
                                     ProcessView::kRegisteredFieldNumber};
constexpr Slot kRegistered = {"registered", kRegisteredFields};
constexpr int kInterestFields[] = {ProcessView::kInterestOriginFieldNumber,
                                   ProcessView::kInterestFieldNumber};
constexpr Slot kInterest = {"interest", kInterestFields};
constexpr int kApprovedFields[] = {ProcessView::kApprovedOriginFieldNumber,
                                   ProcessView::kApprovedFieldNumber};
constexpr Slot kApproved = {"approved", kApprovedFields};
constexpr int kClosedFields[] = {ProcessView::kClosedFieldNumber,
                                 ProcessView::kClosedMotivationFieldNumber};
constexpr Slot kClosed = {"closed", kClosedFields};
constexpr int kDecisionFields[] = {DecisionView::kOriginFieldNumber,
                                   DecisionView::kRecordedFieldNumber};
constexpr Slot kDecided = {"recorded", kDecisionFields};
constexpr int kGoalFields[] = {GoalView::kOriginFieldNumber,
                               GoalView::kSetFieldNumber};
constexpr Slot kSet = {"set", kGoalFields};
constexpr int kIndicatorFields[] = {IndicatorView::kOriginFieldNumber,
                                    IndicatorView::kDefinedFieldNumber};
constexpr Slot kDefined = {"defined", kIndicatorFields};
constexpr int kOutcomeFields[] = {OutcomeView::kOriginFieldNumber,
                                  OutcomeView::kClaimedFieldNumber,
                                  OutcomeView::kClaimantFieldNumber};
constexpr Slot kClaimed = {"claimed", kOutcomeFields};
constexpr int kLessonFields[] = {LessonView::kOriginFieldNumber,
                                 LessonView::kRecordedFieldNumber};
constexpr Slot kLearnt = {"recorded", kLessonFields};
constexpr int kStartedFields[] = {StudyView::kOriginFieldNumber,
                                  StudyView::kStartedFieldNumber};
constexpr Slot kStarted = {"started", kStartedFields};
constexpr int kPublishedFields[] = {StudyView::kPublishedFieldNumber,
                                    StudyView::kConclusionsFieldNumber};
constexpr Slot kPublished = {"published", kPublishedFields};
constexpr int kLinkedFields[] = {InitiativeView::kOriginFieldNumber,
                                 InitiativeView::kLinkedFieldNumber};
constexpr Slot kLinked = {"linked", kLinkedFields};
constexpr int kPictureFields[] = {PictureView::kOriginFieldNumber,
                                  PictureView::kSharedFieldNumber};
constexpr Slot kShared = {"shared", kPictureFields};

// The process is one entity, whose id is the process's own.
void ChangeProcess(Way way, const Fact& fact, const Slot& slot,
                   ProcessView filled, ViewTable& views) {
  ChangeSlot(way, fact, kProcess, fact.event.process(), slot, std::move(filled),
             views);
}

void ChangeRegistered(Way way, const Fact& fact, ViewTable& views) {
  ProcessView& filled = views.New<ProcessView>();
  *filled.mutable_registered() = fact.event.process_registered();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeProcess(way, fact, kRegistered, std::move(filled), views);
}

void ChangeInterest(Way way, const Fact& fact, ViewTable& views) {
  ProcessView& filled = views.New<ProcessView>();
  *filled.mutable_interest() = fact.event.interest_registered();
  SetOrigin(fact, *filled.mutable_interest_origin());
  ChangeProcess(way, fact, kInterest, std::move(filled), views);
}

void ChangeApproved(Way way, const Fact& fact, ViewTable& views) {
  ProcessView& filled = views.New<ProcessView>();
  *filled.mutable_approved() = fact.event.process_approved();
  SetOrigin(fact, *filled.mutable_approved_origin());
  ChangeProcess(way, fact, kApproved, std::move(filled), views);
}

void ChangeClosed(Way way, const Fact& fact, ViewTable& views) {
  ProcessView& filled = views.New<ProcessView>();
  filled.set_closed_motivation(fact.event.process_closed().motivation());
  SetOrigin(fact, *filled.mutable_closed());
  ChangeProcess(way, fact, kClosed, std::move(filled), views);
}

// A phase is what a decision said at its time; phases are told apart by their
// events alone, and entering one again is another entry.
void ChangePhase(Way way, const Fact& fact, ViewTable& views) {
  const std::string key =
      EntryKey(fact.event, "phase", PaddedPosition(fact.position.value()));
  if (way == Way::kRetract) {
    views.Erase(key);
    return;
  }
  PhaseView& phase = *views.Mutable<Stored>(key).mutable_phase();
  *phase.mutable_entered() = fact.event.phase_entered();
  SetOrigin(fact, *phase.mutable_origin());
}

void ChangeDecision(Way way, const Fact& fact, ViewTable& views) {
  DecisionView& filled = views.New<DecisionView>();
  *filled.mutable_recorded() = fact.event.decision_recorded();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kDecision, fact.event.decision_recorded().decision(),
             kDecided, std::move(filled), views);
}

void ChangeGoal(Way way, const Fact& fact, ViewTable& views) {
  GoalView& filled = views.New<GoalView>();
  *filled.mutable_set() = fact.event.goal_set();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kGoal, fact.event.goal_set().goal(), kSet,
             std::move(filled), views);
}

void ChangeIndicator(Way way, const Fact& fact, ViewTable& views) {
  IndicatorView& filled = views.New<IndicatorView>();
  *filled.mutable_defined() = fact.event.indicator_defined();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kIndicator, fact.event.indicator_defined().indicator(),
             kDefined, std::move(filled), views);
}

void ChangeClaim(Way way, const Fact& fact, ViewTable& views) {
  OutcomeView& filled = views.New<OutcomeView>();
  *filled.mutable_claimed() = fact.event.outcome_claimed();
  filled.set_claimant(fact.event.on_behalf_of().empty()
                          ? fact.event.recorded_by().organisation()
                          : fact.event.on_behalf_of());
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kOutcome, fact.event.outcome_claimed().outcome(),
             kClaimed, std::move(filled), views);
}

void ChangeSubstantiation(Way way, const Fact& fact, ViewTable& views) {
  SubstantiationView& said = views.New<SubstantiationView>();
  *said.mutable_substantiated() = fact.event.outcome_substantiated();
  SetOrigin(fact, *said.mutable_origin());
  ChangeEntity(fact, kOutcome, fact.event.outcome_substantiated().outcome(),
               views, [&](OutcomeView& view) {
                 ChangeList(way, Order::kByPosition, std::move(said),
                            *view.mutable_substantiations());
               });
}

void ChangeLesson(Way way, const Fact& fact, ViewTable& views) {
  LessonView& filled = views.New<LessonView>();
  *filled.mutable_recorded() = fact.event.lesson_recorded();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kLesson, fact.event.lesson_recorded().lesson(), kLearnt,
             std::move(filled), views);
}

void ChangeStudyStarted(Way way, const Fact& fact, ViewTable& views) {
  StudyView& filled = views.New<StudyView>();
  *filled.mutable_started() = fact.event.study_started();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kStudy, fact.event.study_started().study(), kStarted,
             std::move(filled), views);
}

void ChangeInsight(Way way, const Fact& fact, ViewTable& views) {
  InsightView& insight = views.New<InsightView>();
  *insight.mutable_recorded() = fact.event.preliminary_insight_recorded();
  SetOrigin(fact, *insight.mutable_origin());
  ChangeEntity(fact, kStudy, fact.event.preliminary_insight_recorded().study(),
               views, [&](StudyView& view) {
                 ChangeList(way, Order::kByPosition, std::move(insight),
                            *view.mutable_insights());
               });
}

void ChangePublished(Way way, const Fact& fact, ViewTable& views) {
  StudyView& filled = views.New<StudyView>();
  filled.set_conclusions(fact.event.study_published().conclusions());
  SetOrigin(fact, *filled.mutable_published());
  ChangeSlot(way, fact, kStudy, fact.event.study_published().study(),
             kPublished, std::move(filled), views);
}

void ChangeInitiative(Way way, const Fact& fact, ViewTable& views) {
  InitiativeView& filled = views.New<InitiativeView>();
  *filled.mutable_linked() = fact.event.initiative_linked();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kInitiative,
             fact.event.initiative_linked().initiative(), kLinked,
             std::move(filled), views);
}

void ChangeInitiativeStatus(Way way, const Fact& fact, ViewTable& views) {
  InitiativeStep& step = views.New<InitiativeStep>();
  *step.mutable_observed() = fact.event.initiative_status_observed();
  SetOrigin(fact, *step.mutable_origin());
  ChangeEntity(
      fact, kInitiative, fact.event.initiative_status_observed().initiative(),
      views, [&](InitiativeView& view) {
        ChangeList(way, Order::kByTime, std::move(step), *view.mutable_steps());
      });
}

void ChangePicture(Way way, const Fact& fact, ViewTable& views) {
  PictureView& filled = views.New<PictureView>();
  *filled.mutable_shared() = fact.event.situation_picture_shared();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kPicture,
             fact.event.situation_picture_shared().picture(), kShared,
             std::move(filled), views);
}

void Fold(Way way, const Fact& fact, ViewTable& views) {
  const Event& event = fact.event;
  switch (event.fact_case()) {
    case Event::kProcessRegistered:
      return ChangeRegistered(way, fact, views);
    case Event::kInterestRegistered:
      return ChangeInterest(way, fact, views);
    case Event::kProcessApproved:
      return ChangeApproved(way, fact, views);
    case Event::kProcessClosed:
      return ChangeClosed(way, fact, views);
    case Event::kPhaseEntered:
      return ChangePhase(way, fact, views);
    case Event::kDecisionRecorded:
      return ChangeDecision(way, fact, views);
    case Event::kGoalSet:
      return ChangeGoal(way, fact, views);
    case Event::kIndicatorDefined:
      return ChangeIndicator(way, fact, views);
    case Event::kOutcomeClaimed:
      return ChangeClaim(way, fact, views);
    case Event::kOutcomeSubstantiated:
      return ChangeSubstantiation(way, fact, views);
    case Event::kLessonRecorded:
      return ChangeLesson(way, fact, views);
    case Event::kStudyStarted:
      return ChangeStudyStarted(way, fact, views);
    case Event::kPreliminaryInsightRecorded:
      return ChangeInsight(way, fact, views);
    case Event::kStudyPublished:
      return ChangePublished(way, fact, views);
    case Event::kInitiativeLinked:
      return ChangeInitiative(way, fact, views);
    case Event::kInitiativeStatusObserved:
      return ChangeInitiativeStatus(way, fact, views);
    case Event::kSituationPictureShared:
      return ChangePicture(way, fact, views);
    // Kept by the projections of actors, money, activities, findings and
    // checks; the timeline's answer reads them there.
    case Event::kActorRegistered:
    case Event::kActorRenamed:
    case Event::kRoleAssigned:
    case Event::kRoleEnded:
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
    case Event::kDocumentAttached:
    case Event::kDocumentMissingNoted:
    case Event::kReportGenerated:
    case Event::kReportSubmitted:
    case Event::kReportReturned:
    case Event::kReportApproved:
    case Event::kCheckRaised:
    case Event::kCheckExplained:
    case Event::kCheckResolved:
    // How the record is kept and read does not move the process.
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
    // The dispatcher makes retracts and applies of them.
    case Event::kEventCorrected:
    case Event::kEventReversed:
    case Event::kEventVoided:
      return;
    case Event::FACT_NOT_SET:
      break;
  }
  SAMVERK_CHECK(false) << "a fold was given an event that says nothing";
}

}  // namespace

Projection TimelineProjection() {
  return {ProjectionId::kTimeline,
          "timeline",
          1,
          []() -> const google::protobuf::Message& {
            return TimelineStored::default_instance();
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kApply, fact, views);
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kRetract, fact, views);
          }};
}

}  // namespace samverk::projections

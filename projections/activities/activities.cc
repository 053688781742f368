#include "projections/activities/activities.h"

#include <optional>
#include <string>
#include <utility>

#include "eventstore/base/check.h"
#include "projections/activities/occasions.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/activities.pb.h"

namespace samverk::projections {
namespace {

using event::v1::ActivityKind;
using event::v1::ActivityScheduled;
using event::v1::Event;
using event::v1::Held;
using view::v1::ActivityEntry;
using view::v1::ActivityOccasion;
using view::v1::ActivityPlan;
using view::v1::ActivityView;
using view::v1::ContributionView;

// What the schedule says, and what was held where it is silent; the last
// occasion that says something decides.
void SettleDescription(ActivityView& view) {
  const ActivityScheduled& schedule = view.schedule();
  ActivityKind kind = schedule.kind();
  event::v1::WorkArea work_area = schedule.work_area();
  std::string title = schedule.title();
  std::string organiser = schedule.organiser();
  std::string cadence = schedule.cadence();
  for (int i = view.held_size() - 1; i >= 0; --i) {
    const Held& held = view.held(i).held();
    if (kind == event::v1::ACTIVITY_KIND_UNSPECIFIED)
      kind = view.held(i).kind();
    if (work_area == event::v1::WORK_AREA_UNSPECIFIED) {
      work_area = held.work_area();
    }
    if (title.empty()) title = held.title();
    if (organiser.empty()) organiser = held.organiser();
    if (cadence.empty()) cadence = held.cadence();
  }
  view.set_kind(kind);
  view.set_work_area(work_area);
  view.set_title(std::move(title));
  view.set_organiser(std::move(organiser));
  view.set_cadence(std::move(cadence));
  *view.mutable_themes() = schedule.themes();
  *view.mutable_invited() = schedule.invited();
  view.clear_planned_where();
  if (schedule.has_where()) *view.add_planned_where() = schedule.where();
  view.set_expected_count(schedule.expected_count());
}

void SettleOutcome(ActivityView& view) {
  uint32_t count = 0;
  bool unknown = false;
  view.clear_answers();
  for (const ActivityOccasion& occasion : view.held()) {
    const uint32_t occasions = OccasionsOf(occasion.held());
    count += occasions;
    unknown = unknown || occasions == 0;
    if (occasion.has_answers()) view.set_answers(occasion.answers());
  }
  view.set_held_count(count);
  view.set_held_count_unknown(unknown);
}

// The first plan, when it is the schedule's, comes before all that moved it.
bool FirstPlanIsScheduled(const ActivityView& view) {
  return view.has_scheduled() && !view.plans().empty() &&
         view.plans(0).origin().position() == view.scheduled().position();
}

// Plans are the schedule's, then those that moved it. A plan of an earlier
// schedule that was recorded again counts as a move.
void SettlePlans(ActivityView& view) {
  auto& plans = *view.mutable_plans();
  std::sort(plans.begin(), plans.end(),
            [](const ActivityPlan& a, const ActivityPlan& b) {
              return HappenedBefore(a.origin(), b.origin());
            });
  if (!view.has_scheduled()) return;
  for (int i = 0; i < plans.size(); ++i) {
    if (plans[i].origin().position() != view.scheduled().position()) continue;
    for (; i > 0; --i) plans.SwapElements(i, i - 1);
    return;
  }
}

// What was held was held, whatever was said of it before. What was cancelled
// stays so unless it got another time afterwards.
view::v1::ActivityState StateOf(const ActivityView& view) {
  if (!view.held().empty()) return view::v1::ACTIVITY_STATE_HELD;
  const bool moved = view.plans_size() > (FirstPlanIsScheduled(view) ? 1 : 0);
  if (view.has_cancelled()) {
    const bool taken_up_again =
        moved &&
        Follows(view.plans(view.plans_size() - 1).origin(), view.cancelled());
    return taken_up_again ? view::v1::ACTIVITY_STATE_RESCHEDULED
                          : view::v1::ACTIVITY_STATE_CANCELLED;
  }
  if (moved) return view::v1::ACTIVITY_STATE_RESCHEDULED;
  return view.has_scheduled() ? view::v1::ACTIVITY_STATE_PLANNED
                              : view::v1::ACTIVITY_STATE_UNSPECIFIED;
}

bool SettleActivity(ActivityView& view) {
  SettleDescription(view);
  SettlePlans(view);
  SettleOutcome(view);
  view.set_state(StateOf(view));
  return view.has_scheduled() || view.has_cancelled() ||
         !view.plans().empty() || !view.held().empty();
}

const EntityKind<ActivityEntry, ActivityView> kActivity = {
    "activity", &ActivityEntry::mutable_activity, &ActivityEntry::activity,
    [](ActivityView& view, std::string_view id) {
      Assign(id, *view.mutable_activity());
    },
    SettleActivity};

const EntityKind<ActivityEntry, ContributionView> kContribution = {
    "contribution", &ActivityEntry::mutable_contribution,
    &ActivityEntry::contribution,
    [](ContributionView& view, std::string_view id) {
      Assign(id, *view.mutable_contribution());
    },
    [](ContributionView& view) { return view.has_origin(); }};

constexpr int kScheduleFields[] = {ActivityView::kScheduledFieldNumber,
                                   ActivityView::kScheduleFieldNumber};
constexpr Slot kSchedule = {"scheduled", kScheduleFields};

constexpr int kCancellationFields[] = {ActivityView::kCancelledFieldNumber,
                                       ActivityView::kCancelReasonFieldNumber};
constexpr Slot kCancellation = {"cancelled", kCancellationFields};

constexpr int kContributionFields[] = {
    ContributionView::kOriginFieldNumber,
    ContributionView::kActivityFieldNumber, ContributionView::kThemeFieldNumber,
    ContributionView::kParaphraseFieldNumber,
    ContributionView::kSimilarCountFieldNumber};
constexpr Slot kSaid = {"said", kContributionFields};

void ChangePlan(Way way, const Fact& fact, const std::string& activity,
                const event::v1::Occurred& planned, const std::string& reason,
                ViewTable& views) {
  ActivityPlan& plan = views.New<ActivityPlan>();
  *plan.mutable_planned() = WhenOf(planned);
  plan.set_reason(reason);
  SetOrigin(fact, *plan.mutable_origin());
  ChangeEntity(fact, kActivity, activity, views, [&](ActivityView& view) {
    ChangeList(way, Order::kByPosition, std::move(plan), *view.mutable_plans());
  });
}

void ChangeSchedule(Way way, const Fact& fact, ViewTable& views) {
  const ActivityScheduled& schedule = fact.event.activity_scheduled();
  ActivityView& filled = views.New<ActivityView>();
  *filled.mutable_schedule() = schedule;
  SetOrigin(fact, *filled.mutable_scheduled());
  ChangeSlot(way, fact, kActivity, schedule.activity(), kSchedule,
             std::move(filled), views);
  ChangePlan(way, fact, schedule.activity(), schedule.planned(), "", views);
}

void ChangeCancellation(Way way, const Fact& fact, ViewTable& views) {
  const auto& cancelled = fact.event.activity_cancelled();
  ActivityView& filled = views.New<ActivityView>();
  filled.set_cancel_reason(cancelled.reason());
  SetOrigin(fact, *filled.mutable_cancelled());
  ChangeSlot(way, fact, kActivity, cancelled.activity(), kCancellation,
             std::move(filled), views);
}

void ChangeHeld(Way way, const Fact& fact, const Held& held, ActivityKind kind,
                std::optional<uint32_t> answers, ViewTable& views) {
  ActivityOccasion& occasion = views.New<ActivityOccasion>();
  *occasion.mutable_held() = held;
  occasion.set_kind(kind);
  if (answers.has_value()) occasion.set_answers(*answers);
  SetOrigin(fact, *occasion.mutable_origin());
  ChangeEntity(fact, kActivity, held.activity(), views,
               [&](ActivityView& view) {
                 ChangeList(way, Order::kByPosition, std::move(occasion),
                            *view.mutable_held());
               });
}

void ChangeSurvey(Way way, const Fact& fact, ViewTable& views) {
  const auto& survey = fact.event.survey_conducted();
  ChangeHeld(
      way, fact, survey.held(), event::v1::ACTIVITY_KIND_SURVEY,
      survey.has_answers() ? std::optional(survey.answers()) : std::nullopt,
      views);
}

void ChangeContribution(Way way, const Fact& fact, ViewTable& views) {
  const auto& said = fact.event.dialogue_contribution_recorded();
  ContributionView& filled = views.New<ContributionView>();
  filled.set_activity(said.activity());
  filled.set_theme(said.theme());
  filled.set_paraphrase(said.paraphrase());
  filled.set_similar_count(said.similar_count());
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kContribution, said.contribution(), kSaid,
             std::move(filled), views);
}

void Fold(Way way, const Fact& fact, ViewTable& views) {
  const Event& event = fact.event;
  switch (event.fact_case()) {
    case Event::kActivityScheduled:
      return ChangeSchedule(way, fact, views);
    case Event::kActivityRescheduled:
      return ChangePlan(way, fact, event.activity_rescheduled().activity(),
                        event.activity_rescheduled().planned(),
                        event.activity_rescheduled().reason(), views);
    case Event::kActivityCancelled:
      return ChangeCancellation(way, fact, views);
    case Event::kMeetingHeld:
      return ChangeHeld(way, fact, event.meeting_held().held(),
                        event::v1::ACTIVITY_KIND_MEETING, {}, views);
    case Event::kSafetyWalkHeld:
      return ChangeHeld(way, fact, event.safety_walk_held().held(),
                        event::v1::ACTIVITY_KIND_SAFETY_WALK, {}, views);
    case Event::kDialogueHeld:
      return ChangeHeld(way, fact, event.dialogue_held().held(),
                        event::v1::ACTIVITY_KIND_DIALOGUE, {}, views);
    case Event::kWorkshopHeld:
      return ChangeHeld(way, fact, event.workshop_held().held(),
                        event::v1::ACTIVITY_KIND_WORKSHOP, {}, views);
    case Event::kCommunityEventHeld:
      return ChangeHeld(way, fact, event.community_event_held().held(),
                        event::v1::ACTIVITY_KIND_COMMUNITY_EVENT, {}, views);
    case Event::kSurveyConducted:
      return ChangeSurvey(way, fact, views);
    case Event::kDialogueContributionRecorded:
      return ChangeContribution(way, fact, views);
    // About other things than what is planned and held. Findings and situation
    // pictures name the activity that they come from; it does not change by it.
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
    case Event::kDocumentAttached:
    case Event::kDocumentMissingNoted:
    case Event::kReportGenerated:
    case Event::kReportSubmitted:
    case Event::kReportReturned:
    case Event::kReportApproved:
    case Event::kCheckRaised:
    case Event::kCheckExplained:
    case Event::kCheckResolved:
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

Projection ActivitiesProjection() {
  return {ProjectionId::kActivities,
          "activities",
          1,
          []() -> const google::protobuf::Message& {
            return ActivityEntry::default_instance();
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kApply, fact, views);
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kRetract, fact, views);
          }};
}

}  // namespace samverk::projections

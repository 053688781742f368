#include "projections/findings/findings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "eventstore/base/check.h"
#include "projections/findings/progress.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/findings.pb.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using view::v1::ControlStep;
using view::v1::FindingEntry;
using view::v1::FindingState;
using view::v1::FindingStep;
using view::v1::FindingView;
using view::v1::MeasureFact;
using view::v1::MeasureState;
using view::v1::MeasureStep;
using view::v1::MeasureView;
using view::v1::PlaceView;

// The control that was recorded last stands, unless its time lies wholly before
// that of another.
bool SettlePlace(PlaceView& place) {
  const ControlStep* current = nullptr;
  for (const ControlStep& step : place.control()) {
    if (current == nullptr || Follows(step.origin(), current->origin())) {
      current = &step;
    }
  }
  place.clear_controlled_by();
  if (current != nullptr) place.set_controlled_by(current->controlled_by());
  return place.has_origin() || !place.control().empty();
}

const EntityKind<FindingEntry, FindingView> kFinding = {
    "finding", &FindingEntry::mutable_finding, &FindingEntry::finding,
    [](FindingView& view, std::string_view id) {
      Assign(id, *view.mutable_finding());
    },
    SettleFinding};

const EntityKind<FindingEntry, MeasureView> kMeasure = {
    "measure", &FindingEntry::mutable_measure, &FindingEntry::measure,
    [](MeasureView& view, std::string_view id) {
      Assign(id, *view.mutable_measure());
    },
    SettleMeasure};

const EntityKind<FindingEntry, PlaceView> kPlace = {
    "place", &FindingEntry::mutable_place, &FindingEntry::place,
    [](PlaceView& view, std::string_view id) {
      Assign(id, *view.mutable_place());
    },
    SettlePlace};

constexpr int kLoggedFields[] = {FindingView::kOriginFieldNumber,
                                 FindingView::kLoggedFieldNumber};
constexpr Slot kLogged = {"logged", kLoggedFields};

constexpr int kDefinitionFields[] = {
    PlaceView::kOriginFieldNumber, PlaceView::kNameFieldNumber,
    PlaceView::kLandKindFieldNumber, PlaceView::kDescriptionFieldNumber,
    PlaceView::kOutlineFieldNumber};
constexpr Slot kDefinition = {"defined", kDefinitionFields};

void ChangeLogged(Way way, const Fact& fact, ViewTable& views) {
  FindingView& filled = views.New<FindingView>();
  *filled.mutable_logged() = fact.event.finding_logged();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kFinding, fact.event.finding_logged().finding(),
             kLogged, std::move(filled), views);
}

void ChangeFindingStep(Way way, const Fact& fact, const std::string& finding,
                       FindingStep& step, ViewTable& views) {
  SetOrigin(fact, *step.mutable_origin());
  ChangeEntity(fact, kFinding, finding, views, [&](FindingView& view) {
    ChangeList(way, Order::kByTime, std::move(step), *view.mutable_steps());
  });
}

FindingStep& StepTo(FindingState says, const std::string& detail,
                    const std::string& text, ViewTable& views) {
  FindingStep& step = views.New<FindingStep>();
  step.set_says(says);
  step.set_detail(detail);
  step.set_text(text);
  return step;
}

void ChangeAssigned(Way way, const Fact& fact, ViewTable& views) {
  const auto& assigned = fact.event.finding_assigned();
  FindingStep& step =
      StepTo(view::v1::FINDING_STATE_ASSIGNED, assigned.assignee(), "", views);
  if (assigned.has_due()) *step.mutable_due() = WhenOf(assigned.due());
  ChangeFindingStep(way, fact, assigned.finding(), step, views);
}

// The reason is kept by its name in the contract; answers say it in words.
void ChangeDeclined(Way way, const Fact& fact, ViewTable& views) {
  const auto& declined = fact.event.finding_declined();
  ChangeFindingStep(way, fact, declined.finding(),
                    StepTo(view::v1::FINDING_STATE_DECLINED,
                           event::v1::DeclineReason_Name(declined.reason()),
                           declined.motivation(), views),
                    views);
}

// Whether two steps that one measure gives a finding are the same.
bool SaysSame(const FindingStep& a, const FindingStep& b) {
  return a.origin().position() == b.origin().position() &&
         a.says() == b.says() && a.measure_state() == b.measure_state();
}

// Makes what the measure says of a finding's progress be `steps`, which are by
// time. Steps that are there already stay: as a rule only the last is new.
void ReplaceStepsOf(const std::string& measure,
                    const std::vector<const FindingStep*>& steps,
                    FindingView& view) {
  auto& kept = *view.mutable_steps();
  size_t same = 0;
  bool differs = false;
  for (const FindingStep& step : kept) {
    if (step.measure() != measure) continue;
    differs = same == steps.size() || !SaysSame(step, *steps[same]);
    if (differs) break;
    ++same;
  }
  if (differs) {
    const auto end = std::remove_if(kept.begin(), kept.end(),
                                    [&measure](const FindingStep& step) {
                                      return step.measure() == measure;
                                    });
    kept.DeleteSubrange(static_cast<int>(end - kept.begin()),
                        static_cast<int>(kept.end() - end));
    same = 0;
  }
  for (; same < steps.size(); ++same) {
    *kept.Add() = *steps[same];
    PlaceLast(Order::kByTime, kept);
  }
}

// A step of a measure moves the findings that it answers. Which ones, a
// proposal says, and that may come late or be taken back: so what a measure
// says is taken out of all findings that it named, and put into those that it
// names.
void ChangeMeasure(Way way, const Fact& fact, const std::string& measure,
                   MeasureStep& step, MeasureFact* kept, ViewTable& views) {
  SetOrigin(fact, *step.mutable_origin());
  if (kept != nullptr) *kept->mutable_origin() = step.origin();
  std::set<std::string> moved;
  const std::string key = EntryKey(fact.event, kMeasure.name, measure);
  if (const auto* before = views.Find<FindingEntry>(key); before != nullptr) {
    const auto& findings = before->measure().findings();
    moved.insert(findings.begin(), findings.end());
  }
  ChangeEntity(fact, kMeasure, measure, views, [&](MeasureView& view) {
    ChangeList(way, Order::kByTime, std::move(step), *view.mutable_steps());
    if (kept == nullptr) return;
    ChangeList(way, Order::kByPosition, std::move(*kept),
               *view.mutable_facts());
  });
  std::set<std::string> named;
  std::vector<const FindingStep*> steps;
  if (const auto* after = views.Find<FindingEntry>(key); after != nullptr) {
    const auto& findings = after->measure().findings();
    named.insert(findings.begin(), findings.end());
    steps = StepsForFindings(after->measure(), views);
  }
  moved.insert(named.begin(), named.end());
  for (const std::string& finding : moved) {
    const bool names_it = named.contains(finding);
    ChangeEntity(fact, kFinding, finding, views, [&](FindingView& view) {
      ReplaceStepsOf(
          measure, names_it ? steps : std::vector<const FindingStep*>(), view);
    });
  }
}

MeasureStep& MeasureStepTo(MeasureState says, const std::string& text,
                           ViewTable& views) {
  MeasureStep& step = views.New<MeasureStep>();
  step.set_says(says);
  step.set_text(text);
  return step;
}

void ChangeProposed(Way way, const Fact& fact, ViewTable& views) {
  MeasureFact& kept = views.New<MeasureFact>();
  *kept.mutable_proposed() = fact.event.measure_proposed();
  ChangeMeasure(way, fact, fact.event.measure_proposed().measure(),
                MeasureStepTo(view::v1::MEASURE_STATE_PROPOSED,
                              kept.proposed().expected_effect(), views),
                &kept, views);
}

void ChangeDecided(Way way, const Fact& fact, ViewTable& views) {
  MeasureFact& kept = views.New<MeasureFact>();
  *kept.mutable_decided() = fact.event.measure_decided();
  const auto& decided = kept.decided();
  ChangeMeasure(way, fact, fact.event.measure_decided().measure(),
                MeasureStepTo(view::v1::MEASURE_STATE_DECIDED,
                              decided.decision().empty() ? decided.body()
                                                         : decided.decision(),
                              views),
                &kept, views);
}

void ChangePlanned(Way way, const Fact& fact, ViewTable& views) {
  MeasureFact& kept = views.New<MeasureFact>();
  *kept.mutable_planned() = fact.event.measure_planned();
  ChangeMeasure(way, fact, fact.event.measure_planned().measure(),
                MeasureStepTo(view::v1::MEASURE_STATE_PLANNED,
                              kept.planned().funding(), views),
                &kept, views);
}

void ChangeImplemented(Way way, const Fact& fact, ViewTable& views) {
  MeasureFact& kept = views.New<MeasureFact>();
  *kept.mutable_implemented() = fact.event.measure_implemented();
  ChangeMeasure(way, fact, fact.event.measure_implemented().measure(),
                MeasureStepTo(view::v1::MEASURE_STATE_IMPLEMENTED,
                              kept.implemented().description(), views),
                &kept, views);
}

void ChangeEvaluated(Way way, const Fact& fact, ViewTable& views) {
  MeasureFact& kept = views.New<MeasureFact>();
  *kept.mutable_evaluated() = fact.event.measure_evaluated();
  ChangeMeasure(way, fact, fact.event.measure_evaluated().measure(),
                MeasureStepTo(view::v1::MEASURE_STATE_EVALUATED,
                              kept.evaluated().observation(), views),
                &kept, views);
}

void ChangeControl(Way way, const Fact& fact, const std::string& place,
                   const std::string& controlled_by, ViewTable& views) {
  ControlStep& step = views.New<ControlStep>();
  step.set_controlled_by(controlled_by);
  SetOrigin(fact, *step.mutable_origin());
  ChangeEntity(fact, kPlace, place, views, [&](PlaceView& view) {
    ChangeList(way, Order::kByPosition, std::move(step),
               *view.mutable_control());
  });
}

// The control that a definition gives is the first step of its history.
void ChangePlace(Way way, const Fact& fact, ViewTable& views) {
  const auto& defined = fact.event.place_defined();
  PlaceView& filled = views.New<PlaceView>();
  filled.set_name(defined.name());
  filled.set_land_kind(defined.land_kind());
  filled.set_description(defined.description());
  *filled.mutable_outline() = defined.outline();
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kPlace, defined.place(), kDefinition, std::move(filled),
             views);
  if (defined.controlled_by().empty()) return;
  ChangeControl(way, fact, defined.place(), defined.controlled_by(), views);
}

void Fold(Way way, const Fact& fact, ViewTable& views) {
  const Event& event = fact.event;
  switch (event.fact_case()) {
    case Event::kPlaceDefined:
      return ChangePlace(way, fact, views);
    case Event::kControlChanged:
      return ChangeControl(way, fact, event.control_changed().place(),
                           event.control_changed().controlled_by(), views);
    case Event::kFindingLogged:
      return ChangeLogged(way, fact, views);
    case Event::kFindingAssigned:
      return ChangeAssigned(way, fact, views);
    case Event::kFindingDeclined:
      return ChangeDeclined(way, fact, views);
    case Event::kFindingMerged:
      return ChangeFindingStep(way, fact, event.finding_merged().finding(),
                               StepTo(view::v1::FINDING_STATE_MERGED,
                                      event.finding_merged().into(), "", views),
                               views);
    case Event::kFindingReopened:
      return ChangeFindingStep(way, fact, event.finding_reopened().finding(),
                               StepTo(view::v1::FINDING_STATE_REOPENED, "",
                                      event.finding_reopened().reason(), views),
                               views);
    case Event::kFindingClosed:
      return ChangeFindingStep(way, fact, event.finding_closed().finding(),
                               StepTo(view::v1::FINDING_STATE_CLOSED, "",
                                      event.finding_closed().outcome(), views),
                               views);
    case Event::kMeasureProposed:
      return ChangeProposed(way, fact, views);
    case Event::kMeasureDecided:
      return ChangeDecided(way, fact, views);
    case Event::kMeasurePlanned:
      return ChangePlanned(way, fact, views);
    case Event::kMeasureStarted:
      return ChangeMeasure(
          way, fact, event.measure_started().measure(),
          MeasureStepTo(view::v1::MEASURE_STATE_STARTED, "", views), nullptr,
          views);
    case Event::kMeasureImplemented:
      return ChangeImplemented(way, fact, views);
    case Event::kMeasureEvaluated:
      return ChangeEvaluated(way, fact, views);
    case Event::kMeasureClosed:
      return ChangeMeasure(
          way, fact, event.measure_closed().measure(),
          MeasureStepTo(view::v1::MEASURE_STATE_CLOSED, "", views), nullptr,
          views);
    case Event::kMeasureAbandoned:
      return ChangeMeasure(
          way, fact, event.measure_abandoned().measure(),
          MeasureStepTo(view::v1::MEASURE_STATE_ABANDONED,
                        event.measure_abandoned().reason(), views),
          nullptr, views);
    // Not steps of the chain from finding to evaluated measure. A walk is where
    // findings come from, but it is the findings that say so; what a measure
    // cost by its vouchers is the budget's.
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

Projection FindingsProjection() {
  return {ProjectionId::kFindings,
          "findings",
          1,
          []() -> const google::protobuf::Message& {
            return FindingEntry::default_instance();
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kApply, fact, views);
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kRetract, fact, views);
          }};
}

}  // namespace samverk::projections

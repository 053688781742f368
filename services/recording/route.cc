#include "services/recording/route.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/uuid.h"
#include "proto/codec/tags.h"
#include "services/access/secret_event.h"
#include "services/recording/references.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

EntityKey OfProcess(EntityKind kind, const Event& event) {
  return {kind, event.process()};
}

// Adds the tags of what the envelope and the fact name.
void AddReferenceTags(const Event& event, std::string_view process,
                      std::vector<std::string>& tags) {
  for (const Reference& reference : ReferencesOf(event)) {
    tags.push_back(reference.envelope
                       ? BehalfTag(process, *reference.id)
                       : codec::EntityTag(process, KindName(reference.kind),
                                          *reference.id));
  }
}

// Adds the tags of the entities that an event is about.
void AddEntityTags(const Event& event, std::string_view process,
                   std::vector<std::string>& tags) {
  const EntityKey subject = SubjectOf(event);
  if (!subject.id.empty()) {
    tags.push_back(
        codec::EntityTag(process, KindName(subject.kind), subject.id));
  }
  AddReferenceTags(event, process, tags);
  if (event.has_actor_registered() || event.has_actor_renamed()) {
    tags.push_back(ActorRegisterTag(process));
  }
}

bool HasPrefix(std::string_view tag, std::string_view prefix) {
  return tag.substr(0, prefix.size()) == prefix;
}

// Tags by which histories are read that have no stream.
bool IsReadByTag(std::string_view process, std::string_view tag) {
  if (tag == ActorRegisterTag(process)) return true;
  for (const EntityKind kind : {EntityKind::kPayment, EntityKind::kInsight}) {
    if (HasPrefix(tag, codec::EntityTag(process, KindName(kind), ""))) {
      return true;
    }
  }
  return false;
}

void SortDistinct(std::vector<std::string>& tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
}

// Adds what an amendment has from its target, as far as there is room. `tags`
// is sorted.
void AddTagsOfTarget(std::string_view process, const Route& target,
                     std::vector<std::string>& tags) {
  const std::string target_prefix = TargetTag(process, "");
  std::vector<std::string> added;
  for (const bool read_by_tag : {true, false}) {
    for (const std::string& tag : target.tags) {
      if (tags.size() + added.size() >= limits::kTags) break;
      // Not what the target itself took out.
      if (HasPrefix(tag, target_prefix)) continue;
      if (IsReadByTag(process, tag) != read_by_tag) continue;
      if (std::binary_search(tags.begin(), tags.end(), tag)) continue;
      added.push_back(tag);
    }
  }
  std::move(added.begin(), added.end(), std::back_inserter(tags));
  SortDistinct(tags);
}

}  // namespace

std::string ActorRegisterTag(std::string_view process) {
  return codec::EntityTag(process, "register", "actor");
}

std::string BehalfTag(std::string_view process, std::string_view actor) {
  return codec::EntityTag(process, "behalf", actor);
}

std::string TargetTag(std::string_view process, std::string_view target_uuid) {
  return codec::EntityTag(process, "event", target_uuid);
}

bool IsAmendment(const Event& event) {
  return event.has_event_corrected() || event.has_event_reversed() ||
         event.has_event_voided();
}

const std::string& TargetOf(const Event& amendment) {
  SAMVERK_CHECK(IsAmendment(amendment));
  if (amendment.has_event_corrected()) {
    return amendment.event_corrected().target();
  }
  return amendment.has_event_reversed() ? amendment.event_reversed().target()
                                        : amendment.event_voided().target();
}

Route RouteOf(const Event& event, const Route* target) {
  Route route;
  const std::string& process = event.process();
  route.tags.push_back(codec::ProcessTag(process));
  if (access::SecretOf(event).has_value()) {
    route.tags.emplace_back(codec::kSecretTag);
  }
  if (IsAmendment(event)) {
    SAMVERK_CHECK(target != nullptr) << "an amendment without its target";
    route.stream = target->stream;
    const auto id = ParseUuid(TargetOf(event));
    route.tags.push_back(
        TargetTag(process, id.ok() ? FormatUuid(*id) : TargetOf(event)));
    AddReferenceTags(event, process, route.tags);
    const Event& replacement = event.event_corrected().replacement();
    // One without a fact is refused; it is routed when it is sent again.
    if (replacement.fact_case() != Event::FACT_NOT_SET) {
      AddEntityTags(replacement, process, route.tags);
    }
    SortDistinct(route.tags);
    AddTagsOfTarget(process, *target, route.tags);
  } else {
    route.stream = StreamOf(process, SubjectOf(event));
    AddEntityTags(event, process, route.tags);
    SortDistinct(route.tags);
  }
  return route;
}

EntityKey SubjectOf(const Event& event) {
  using enum EntityKind;
  switch (event.fact_case()) {
    case Event::kProcessRegistered:
    case Event::kInterestRegistered:
    case Event::kProcessApproved:
    case Event::kPhaseEntered:
    case Event::kProcessClosed:
    case Event::kRetentionPlanChanged:
      return OfProcess(kProcess, event);
    case Event::kGoalSet:
      return {kGoal, event.goal_set().goal()};
    case Event::kIndicatorDefined:
      return {kIndicator, event.indicator_defined().indicator()};
    case Event::kDecisionRecorded:
      return {kDecision, event.decision_recorded().decision()};

    case Event::kActorRegistered:
      return {kActor, event.actor_registered().actor()};
    case Event::kActorRenamed:
      return {kActor, event.actor_renamed().actor()};
    case Event::kRoleAssigned:
      return {kActor, event.role_assigned().actor()};
    case Event::kRoleEnded:
      return {kActor, event.role_ended().actor()};

    case Event::kGrantAppliedFor:
      return {kGrant, event.grant_applied_for().grant()};
    case Event::kGrantAwarded:
      return {kGrant, event.grant_awarded().grant()};
    case Event::kGrantDisbursed:
      return {kGrant, event.grant_disbursed().grant()};
    case Event::kBudgetLineSet:
      return {kBudgetLine, event.budget_line_set().line()};
    case Event::kBudgetReallocated:
      return {kBudgetLine, event.budget_reallocated().from_line()};
    case Event::kCostBooked:
      return {kCost, event.cost_booked().cost()};
    case Event::kCostReversed:
      return {kCost, event.cost_reversed().cost()};
    case Event::kCostAttested:
      return {kCost, event.cost_attested().cost()};
    case Event::kInKindRecorded:
      return {kInKind, event.in_kind_recorded().in_kind()};
    case Event::kInKindAttested:
      return {kInKind, event.in_kind_attested().in_kind()};
    case Event::kInKindReviewed:
      return {kInKind, event.in_kind_reviewed().in_kind()};
    case Event::kVolunteerTimeReported:
      return {kVolunteerTime, event.volunteer_time_reported().report()};
    case Event::kAmountStated:
      return {kStatement, event.amount_stated().statement()};
    case Event::kGrantSettled:
      return {kGrant, event.grant_settled().grant()};
    case Event::kGrantRepaid:
      return {kGrant, event.grant_repaid().grant()};
    case Event::kCarryOverApproved:
      return {kGrant, event.carry_over_approved().grant()};
    case Event::kGrantReclaimed:
      return {kGrant, event.grant_reclaimed().grant()};

    case Event::kPlaceDefined:
      return {kPlace, event.place_defined().place()};
    case Event::kControlChanged:
      return {kPlace, event.control_changed().place()};

    case Event::kActivityScheduled:
      return {kActivity, event.activity_scheduled().activity()};
    case Event::kActivityRescheduled:
      return {kActivity, event.activity_rescheduled().activity()};
    case Event::kActivityCancelled:
      return {kActivity, event.activity_cancelled().activity()};
    case Event::kMeetingHeld:
      return {kActivity, event.meeting_held().held().activity()};
    case Event::kSafetyWalkHeld:
      return {kActivity, event.safety_walk_held().held().activity()};
    case Event::kDialogueHeld:
      return {kActivity, event.dialogue_held().held().activity()};
    case Event::kWorkshopHeld:
      return {kActivity, event.workshop_held().held().activity()};
    case Event::kCommunityEventHeld:
      return {kActivity, event.community_event_held().held().activity()};
    case Event::kSurveyConducted:
      return {kActivity, event.survey_conducted().held().activity()};
    case Event::kDialogueContributionRecorded:
      return {kContribution,
              event.dialogue_contribution_recorded().contribution()};

    case Event::kFindingLogged:
      return {kFinding, event.finding_logged().finding()};
    case Event::kFindingAssigned:
      return {kFinding, event.finding_assigned().finding()};
    case Event::kFindingDeclined:
      return {kFinding, event.finding_declined().finding()};
    case Event::kFindingMerged:
      return {kFinding, event.finding_merged().finding()};
    case Event::kFindingReopened:
      return {kFinding, event.finding_reopened().finding()};
    case Event::kFindingClosed:
      return {kFinding, event.finding_closed().finding()};

    case Event::kMeasureProposed:
      return {kMeasure, event.measure_proposed().measure()};
    case Event::kMeasureDecided:
      return {kMeasure, event.measure_decided().measure()};
    case Event::kMeasurePlanned:
      return {kMeasure, event.measure_planned().measure()};
    case Event::kMeasureStarted:
      return {kMeasure, event.measure_started().measure()};
    case Event::kMeasureImplemented:
      return {kMeasure, event.measure_implemented().measure()};
    case Event::kMeasureEvaluated:
      return {kMeasure, event.measure_evaluated().measure()};
    case Event::kMeasureClosed:
      return {kMeasure, event.measure_closed().measure()};
    case Event::kMeasureAbandoned:
      return {kMeasure, event.measure_abandoned().measure()};

    case Event::kStudyStarted:
      return {kStudy, event.study_started().study()};
    case Event::kPreliminaryInsightRecorded:
      return {kStudy, event.preliminary_insight_recorded().study()};
    case Event::kStudyPublished:
      return {kStudy, event.study_published().study()};
    case Event::kInitiativeLinked:
      return {kInitiative, event.initiative_linked().initiative()};
    case Event::kInitiativeStatusObserved:
      return {kInitiative, event.initiative_status_observed().initiative()};
    case Event::kSituationPictureShared:
      return {kPicture, event.situation_picture_shared().picture()};

    case Event::kOutcomeClaimed:
      return {kOutcome, event.outcome_claimed().outcome()};
    case Event::kOutcomeSubstantiated:
      return {kOutcome, event.outcome_substantiated().outcome()};
    case Event::kLessonRecorded:
      return {kLesson, event.lesson_recorded().lesson()};

    case Event::kDocumentAttached:
      return {kDocument, event.document_attached().document()};
    case Event::kDocumentMissingNoted:
      return {kDocument, event.document_missing_noted().document()};
    case Event::kReportGenerated:
      return {kReport, event.report_generated().report()};
    case Event::kReportSubmitted:
      return {kReport, event.report_submitted().report()};
    case Event::kReportReturned:
      return {kReport, event.report_returned().report()};
    case Event::kReportApproved:
      return {kReport, event.report_approved().report()};

    case Event::kCheckRaised:
      return {kCheck, event.check_raised().check()};
    case Event::kCheckExplained:
      return {kCheck, event.check_explained().check()};
    case Event::kCheckResolved:
      return {kCheck, event.check_resolved().check()};

    case Event::kDisclosureRequested:
      return {kDisclosure, event.disclosure_requested().request()};
    case Event::kDisclosed:
      return {kDisclosure, event.disclosed().request()};
    case Event::kGallringDecided:
      return {kGallring, event.gallring_decided().gallring()};
    case Event::kKeyDestroyed:
      return {kGallring, event.key_destroyed().gallring()};
    case Event::kPackageDelivered:
      return {kPackage, event.package_delivered().package()};
    case Event::kRightsGranted:
    case Event::kRightsWithdrawn:
      return OfProcess(kRights, event);
    case Event::kSealedDataRead:
    case Event::kSecretDataRead:
      return OfProcess(kReading, event);

    // An amendment continues the history of what its target is about.
    case Event::kEventCorrected:
    case Event::kEventReversed:
    case Event::kEventVoided:
      return {};
    case Event::FACT_NOT_SET:
      break;
  }
  SAMVERK_CHECK(false) << "an event without a fact has no subject";
  __builtin_unreachable();
}

}  // namespace samverk::recording

#include "projections/participation/participation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "eventstore/base/check.h"
#include "projections/activities/occasions.h"
#include "projections/kept_facts.h"
#include "projections/participation/headcount.h"
#include "samverk/view/v1/participation.pb.h"

namespace samverk::projections {
namespace {

using event::v1::ActivityKind;
using event::v1::Event;
using event::v1::Held;
using event::v1::Participation;
using view::v1::ActorRole;
using view::v1::ActorView;
using view::v1::AttendanceView;
using view::v1::Origin;
using view::v1::ParticipationEntry;
using view::v1::ParticipationView;
using view::v1::RoleEnd;

// Whether `a` was the actor's name before `b` was. The name that the actor was
// registered with comes first when it is not known since when it has it.
bool NamedBefore(const ActorView& actor, const view::v1::ActorName& a,
                 const view::v1::ActorName& b) {
  const auto rank = [&actor](const view::v1::ActorName& name) {
    const bool registered =
        name.origin().position() == actor.origin().position();
    return registered && !IsKnown(name.origin().occurred()) ? 0 : 1;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return HappenedBefore(a.origin(), b.origin());
}

// Latest first; a name is wrong when the one after it corrected it.
void SettleNames(ActorView& actor) {
  auto& names = *actor.mutable_names();
  std::sort(names.begin(), names.end(), [&actor](const auto& a, const auto& b) {
    return NamedBefore(actor, b, a);
  });
  for (int i = 0; i < names.size(); ++i) {
    names[i].set_wrong(i > 0 && names[i - 1].corrects());
  }
}

// A role lasts to the first end of its kind after it. An end whose time wholly
// precedes that of the role is not about it.
void SettleRoles(ActorView& actor) {
  for (ActorRole& role : *actor.mutable_roles()) {
    role.clear_ended();
    for (const RoleEnd& end : actor.role_ends()) {
      if (end.kind() != role.kind() ||
          WhollyAfter(role.origin().occurred(), end.origin().occurred())) {
        continue;
      }
      const bool both_known =
          IsKnown(end.origin().occurred()) && IsKnown(role.origin().occurred());
      if (!both_known && end.origin().position() < role.origin().position()) {
        continue;
      }
      if (!role.has_ended() || HappenedBefore(end.origin(), role.ended())) {
        *role.mutable_ended() = end.origin();
      }
    }
  }
}

bool SettleActor(ActorView& actor) {
  SettleNames(actor);
  SettleRoles(actor);
  return actor.has_origin() || !actor.names().empty() ||
         !actor.roles().empty() || !actor.role_ends().empty();
}

const EntityKind<ParticipationEntry, ActorView> kActor = {
    "actor", &ParticipationEntry::mutable_actor, &ParticipationEntry::actor,
    [](ActorView& view, std::string_view id) {
      Assign(id, *view.mutable_actor());
    },
    SettleActor};

constexpr int kRegistrationFields[] = {
    ActorView::kOriginFieldNumber, ActorView::kAliasesFieldNumber,
    ActorView::kKindFieldNumber, ActorView::kPartOfFieldNumber,
    ActorView::kOrganisationNumberFieldNumber};
constexpr Slot kRegistration = {"registered", kRegistrationFields};

void ChangeName(Way way, const Fact& fact, const std::string& actor,
                const std::string& name, bool corrects, ViewTable& views) {
  view::v1::ActorName& item = views.New<view::v1::ActorName>();
  item.set_name(name);
  item.set_corrects(corrects);
  SetOrigin(fact, *item.mutable_origin());
  ChangeEntity(fact, kActor, actor, views, [&](ActorView& view) {
    ChangeList(way, Order::kByPosition, std::move(item), *view.mutable_names());
  });
}

void ChangeRegistration(Way way, const Fact& fact, ViewTable& views) {
  const auto& registered = fact.event.actor_registered();
  ActorView& filled = views.New<ActorView>();
  *filled.mutable_aliases() = registered.aliases();
  filled.set_kind(registered.kind());
  filled.set_part_of(registered.part_of());
  filled.set_organisation_number(registered.organisation_number());
  SetOrigin(fact, *filled.mutable_origin());
  ChangeSlot(way, fact, kActor, registered.actor(), kRegistration,
             std::move(filled), views);
  ChangeName(way, fact, registered.actor(), registered.name(), false, views);
}

void ChangeRole(Way way, const Fact& fact, ViewTable& views) {
  const auto& assigned = fact.event.role_assigned();
  ActorRole& role = views.New<ActorRole>();
  role.set_kind(assigned.kind());
  role.set_description(assigned.description());
  role.set_mandate(assigned.mandate());
  *role.mutable_valid() = WhenOf(assigned.valid());
  SetOrigin(fact, *role.mutable_origin());
  ChangeEntity(fact, kActor, assigned.actor(), views, [&](ActorView& view) {
    ChangeList(way, Order::kByPosition, std::move(role), *view.mutable_roles());
  });
}

void ChangeRoleEnd(Way way, const Fact& fact, ViewTable& views) {
  const auto& ended = fact.event.role_ended();
  RoleEnd& end = views.New<RoleEnd>();
  end.set_kind(ended.kind());
  end.set_reason(ended.reason());
  SetOrigin(fact, *end.mutable_origin());
  ChangeEntity(fact, kActor, ended.actor(), views, [&](ActorView& view) {
    ChangeList(way, Order::kByPosition, std::move(end),
               *view.mutable_role_ends());
  });
}

// The participations that an event tells of, by actor: one for each, also when
// it organised and took part, or is mentioned twice. Made by ViewTable::New.
absl::btree_map<std::string, ParticipationView*> ParticipationsOf(
    const Fact& fact, const Held& held, ActivityKind kind, ViewTable& views) {
  absl::btree_map<std::string, ParticipationView*> result;
  const auto of = [&](const std::string& actor) -> ParticipationView& {
    const auto [it, added] = result.try_emplace(actor, nullptr);
    if (added) {
      ParticipationView& view = views.New<ParticipationView>();
      view.set_actor(actor);
      view.set_activity(held.activity());
      view.set_kind(kind);
      view.set_title(held.title());
      view.set_occasions(OccasionsOf(held));
      SetOrigin(fact, *view.mutable_origin());
      it->second = &view;
    }
    return *it->second;
  };
  if (!held.organiser().empty()) of(held.organiser()).set_organiser(true);
  for (const Participation& participant : held.participants()) {
    ParticipationView& view = of(participant.actor());
    if (!view.role().empty() && !participant.role().empty()) {
      view.mutable_role()->append(", ");
    }
    view.mutable_role()->append(participant.role());
    if (!participant.has_headcount()) continue;
    *view.mutable_headcount() =
        view.has_headcount()
            ? Together(view.headcount(), participant.headcount())
            : participant.headcount();
  }
  return result;
}

void ChangeHeld(Way way, const Fact& fact, const Held& held, ActivityKind kind,
                ViewTable& views) {
  const std::string place =
      held.activity() + "/" + PaddedPosition(fact.position.value());
  for (const auto& [actor, view] : ParticipationsOf(fact, held, kind, views)) {
    const std::string key =
        EntryKey(fact.event, "participation", actor + "/" + place);
    if (way == Way::kRetract) {
      views.Erase(key);
    } else {
      *views.Mutable<ParticipationEntry>(key).mutable_participation() =
          std::move(*view);
    }
  }
  const std::string key = EntryKey(fact.event, "attendance", place);
  const auto heads = HeadsAt(held);
  // Nobody attends a survey: without heads there is nothing uncounted in it.
  if (kind == event::v1::ACTIVITY_KIND_SURVEY && !heads.has_value()) return;
  if (way == Way::kRetract) {
    views.Erase(key);
    return;
  }
  AttendanceView& view =
      *views.Mutable<ParticipationEntry>(key).mutable_attendance();
  view.set_activity(held.activity());
  view.set_kind(kind);
  if (heads.has_value()) *view.mutable_headcount() = *heads;
  SetOrigin(fact, *view.mutable_origin());
}

void Fold(Way way, const Fact& fact, ViewTable& views) {
  const Event& event = fact.event;
  switch (event.fact_case()) {
    case Event::kActorRegistered:
      return ChangeRegistration(way, fact, views);
    case Event::kActorRenamed:
      return ChangeName(way, fact, event.actor_renamed().actor(),
                        event.actor_renamed().name(),
                        event.actor_renamed().correction(), views);
    case Event::kRoleAssigned:
      return ChangeRole(way, fact, views);
    case Event::kRoleEnded:
      return ChangeRoleEnd(way, fact, views);
    case Event::kMeetingHeld:
      return ChangeHeld(way, fact, event.meeting_held().held(),
                        event::v1::ACTIVITY_KIND_MEETING, views);
    case Event::kSafetyWalkHeld:
      return ChangeHeld(way, fact, event.safety_walk_held().held(),
                        event::v1::ACTIVITY_KIND_SAFETY_WALK, views);
    case Event::kDialogueHeld:
      return ChangeHeld(way, fact, event.dialogue_held().held(),
                        event::v1::ACTIVITY_KIND_DIALOGUE, views);
    case Event::kWorkshopHeld:
      return ChangeHeld(way, fact, event.workshop_held().held(),
                        event::v1::ACTIVITY_KIND_WORKSHOP, views);
    case Event::kCommunityEventHeld:
      return ChangeHeld(way, fact, event.community_event_held().held(),
                        event::v1::ACTIVITY_KIND_COMMUNITY_EVENT, views);
    case Event::kSurveyConducted:
      return ChangeHeld(way, fact, event.survey_conducted().held(),
                        event::v1::ACTIVITY_KIND_SURVEY, views);
    // The process, its money, findings, measures, knowledge and papers say
    // nothing of who took part; the volunteers' hours are money's.
    case Event::kProcessRegistered:
    case Event::kInterestRegistered:
    case Event::kProcessApproved:
    case Event::kPhaseEntered:
    case Event::kGoalSet:
    case Event::kIndicatorDefined:
    case Event::kDecisionRecorded:
    case Event::kProcessClosed:
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
    // A plan is no participation: who was invited need not have come, and what
    // was said in a dialogue has no speaker.
    case Event::kActivityScheduled:
    case Event::kActivityRescheduled:
    case Event::kActivityCancelled:
    case Event::kDialogueContributionRecorded:
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

Projection ParticipationProjection() {
  return {ProjectionId::kParticipation,
          "participation",
          1,
          []() -> const google::protobuf::Message& {
            return ParticipationEntry::default_instance();
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kApply, fact, views);
          },
          [](const Fact& fact, ViewTable& views) {
            Fold(Way::kRetract, fact, views);
          }};
}

}  // namespace samverk::projections

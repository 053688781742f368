// Rules of activities beyond those of order.
#include "absl/strings/strip.h"
#include "services/recording/judge.h"
#include "services/recording/state/activity_state.h"

namespace samverk::recording {
namespace {

using event::v1::ActivityKind;
using event::v1::Event;

std::string KindText(ActivityKind kind) {
  return std::string(
      absl::StripPrefix(event::v1::ActivityKind_Name(kind), "ACTIVITY_KIND_"));
}

void RefuseKind(Judge& judge, std::string_view field, const std::string& id,
                ActivityKind planned, ActivityKind held, const Step& step) {
  judge.Refuse(Rule::kActivityKindDiffers, field,
               {{"id", id},
                {"planned", KindText(planned)},
                {"held", KindText(held)},
                EventValue(step)});
}

void JudgeHeld(Judge& judge, const event::v1::Held& held) {
  const EntityHistory& activity =
      judge.state().Of(EntityKind::kActivity, held.activity());
  if (held.title().empty() && !HasTitle(activity)) {
    judge.Refuse(Rule::kTitleMissing, "held.title", {{"id", held.activity()}});
  }
  const Step* scheduled = activity.Last(Event::kActivityScheduled);
  if (scheduled == nullptr) return;
  const ActivityKind planned = scheduled->event->activity_scheduled().kind();
  const ActivityKind kind = HeldKindOf(judge.event());
  if (planned == kind) return;
  RefuseKind(judge, "held.activity", held.activity(), planned, kind,
             *scheduled);
}

// The schedule may arrive when the activity was held.
void JudgeScheduled(Judge& judge) {
  const auto& fact = judge.event().activity_scheduled();
  for (const Step& step :
       judge.state().Of(EntityKind::kActivity, fact.activity()).steps()) {
    const ActivityKind held = HeldKindOf(*step.event);
    if (held == event::v1::ACTIVITY_KIND_UNSPECIFIED || held == fact.kind()) {
      continue;
    }
    return RefuseKind(judge, "kind", fact.activity(), fact.kind(), held, step);
  }
}

void JudgeCancelled(Judge& judge) {
  const auto& fact = judge.event().activity_cancelled();
  const EntityHistory& activity =
      judge.state().Of(EntityKind::kActivity, fact.activity());
  // Of several occasions the rest may be cancelled. What was never scheduled is
  // refused as such.
  if (!IsHeldOnce(activity) ||
      activity.Last(Event::kActivityScheduled) == nullptr) {
    return;
  }
  const Step* held = activity.LastBefore(
      judge.when(), {Event::kMeetingHeld, Event::kSafetyWalkHeld,
                     Event::kDialogueHeld, Event::kWorkshopHeld,
                     Event::kCommunityEventHeld, Event::kSurveyConducted});
  if (held == nullptr) return;
  judge.Refuse(Rule::kActivityAlreadyHeld, "activity",
               {{"id", fact.activity()}, EventValue(*held)});
}

}  // namespace

void JudgeActivity(Judge& judge) {
  const Event& event = judge.event();
  if (const event::v1::Held* held = HeldOf(event)) JudgeHeld(judge, *held);
  if (event.has_activity_scheduled()) JudgeScheduled(judge);
  if (event.has_activity_cancelled()) JudgeCancelled(judge);
}

}  // namespace samverk::recording

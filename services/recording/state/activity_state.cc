#include "services/recording/state/activity_state.h"

namespace samverk::recording {

using event::v1::Event;

const event::v1::Held* HeldOf(const Event& event) {
  if (event.has_meeting_held()) return &event.meeting_held().held();
  if (event.has_safety_walk_held()) return &event.safety_walk_held().held();
  if (event.has_dialogue_held()) return &event.dialogue_held().held();
  if (event.has_workshop_held()) return &event.workshop_held().held();
  if (event.has_community_event_held()) {
    return &event.community_event_held().held();
  }
  if (event.has_survey_conducted()) return &event.survey_conducted().held();
  return nullptr;
}

event::v1::ActivityKind HeldKindOf(const Event& event) {
  if (event.has_meeting_held()) return event::v1::ACTIVITY_KIND_MEETING;
  if (event.has_safety_walk_held()) {
    return event::v1::ACTIVITY_KIND_SAFETY_WALK;
  }
  if (event.has_dialogue_held()) return event::v1::ACTIVITY_KIND_DIALOGUE;
  if (event.has_workshop_held()) return event::v1::ACTIVITY_KIND_WORKSHOP;
  if (event.has_community_event_held()) {
    return event::v1::ACTIVITY_KIND_COMMUNITY_EVENT;
  }
  if (event.has_survey_conducted()) return event::v1::ACTIVITY_KIND_SURVEY;
  return event::v1::ACTIVITY_KIND_UNSPECIFIED;
}

bool HasTitle(const EntityHistory& activity) {
  for (const Step& step : activity.steps()) {
    if (step.event->has_activity_scheduled()) return true;
    const event::v1::Held* held = HeldOf(*step.event);
    if (held != nullptr && !held->title().empty()) return true;
  }
  return false;
}

bool IsHeldOnce(const EntityHistory& activity) {
  int held_times = 0;
  for (const Step& step : activity.steps()) {
    if (step.event->has_activity_scheduled()) {
      const auto& schedule = step.event->activity_scheduled();
      if (schedule.expected_count() > 1 || !schedule.cadence().empty()) {
        return false;
      }
    } else if (const event::v1::Held* held = HeldOf(*step.event)) {
      if (held->series() || ++held_times > 1) return false;
    }
  }
  return true;
}

}  // namespace samverk::recording

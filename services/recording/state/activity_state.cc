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

bool HasTitle(const EntityHistory& activity) {
  for (const Step& step : activity.steps()) {
    if (step.event->has_activity_scheduled()) return true;
    const event::v1::Held* held = HeldOf(*step.event);
    if (held != nullptr && !held->title().empty()) return true;
  }
  return false;
}

}  // namespace samverk::recording

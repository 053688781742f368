// What rules ask about an activity.
#ifndef SAMVERK_SERVICES_RECORDING_STATE_ACTIVITY_STATE_H_
#define SAMVERK_SERVICES_RECORDING_STATE_ACTIVITY_STATE_H_

#include "services/recording/state/entity_history.h"

namespace samverk::recording {

// What all activities that were held have in common; null for other facts.
const event::v1::Held* HeldOf(const event::v1::Event& event);

// Its schedule, or an earlier occasion, says what it is called.
bool HasTitle(const EntityHistory& activity);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_STATE_ACTIVITY_STATE_H_

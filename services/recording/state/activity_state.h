// What rules ask about an activity.
#ifndef SAMVERK_SERVICES_RECORDING_STATE_ACTIVITY_STATE_H_
#define SAMVERK_SERVICES_RECORDING_STATE_ACTIVITY_STATE_H_

#include "services/recording/state/entity_history.h"

namespace samverk::recording {

// What all activities that were held have in common; null for other facts.
const event::v1::Held* HeldOf(const event::v1::Event& event);

// What kind of activity it was; UNSPECIFIED for other facts.
event::v1::ActivityKind HeldKindOf(const event::v1::Event& event);

// Its schedule, or an earlier occasion, says what it is called.
bool HasTitle(const EntityHistory& activity);

// It is held once, as far as is known: neither its schedule nor what was held
// speaks of several occasions.
bool IsHeldOnce(const EntityHistory& activity);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_STATE_ACTIVITY_STATE_H_

// What a refusal may say to somebody from whom something is kept. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_UNSENT_VALUES_H_
#define SAMVERK_SERVICES_RECORDING_UNSENT_VALUES_H_

#include <vector>

#include "samverk/event/v1/event.pb.h"
#include "services/recording/rule.h"

namespace samverk::recording {

// Whether LeaveOutUnsent would change any.
bool HasUnsent(const event::v1::Event& sent,
               const std::vector<RuleValue>& values);

// Puts "…" in the place of values that `sent`, the event that is refused, does
// not have itself: they are of what is recorded.
void LeaveOutUnsent(const event::v1::Event& sent,
                    std::vector<RuleValue>& values);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_UNSENT_VALUES_H_

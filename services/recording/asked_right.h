// Which right recording an event asks for. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_ASKED_RIGHT_H_
#define SAMVERK_SERVICES_RECORDING_ASKED_RIGHT_H_

#include <memory>

#include "samverk/event/v1/event.pb.h"
#include "services/access/permissions.h"
#include "services/recording/process_state.h"

namespace samverk::recording {

// An action and, for a correction, reversal or void, the action that it comes
// to: the first refers to the second.
struct AskedRight {
  access::RecordAction action;
  std::unique_ptr<access::RecordAction> target;
  // False: what it amends is not in the state. Nothing can be said of it, and
  // the rules refuse it.
  bool target_known = true;
};

// What the event is to the rights, at the state before it: whose it is (the
// owner of the measure, the assignee of the finding …), who recorded what it
// attests, and who attests. What the state does not say is not known.
AskedRight AskedRightOf(const ProcessState& state,
                        const event::v1::Event& event);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_ASKED_RIGHT_H_

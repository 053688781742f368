// May an event stand in the register? Pure: no clock, no chance, no I/O.
#ifndef SAMVERK_SERVICES_RECORDING_ADMISSION_H_
#define SAMVERK_SERVICES_RECORDING_ADMISSION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/process_state.h"
#include "services/recording/rule.h"

namespace samverk::recording {

// An event that a batch names by its id, found in the register.
struct LocatedEvent {
  std::string process;
};

// What rules are told beside the state.
struct AdmissionContext {
  // When the event would be recorded, microseconds since 1970.
  int64_t now_us = 0;
  // The last position that the state takes in.
  Position head;
  // The events that the batch names and that are recorded, of any process.
  absl::btree_map<EventId, LocatedEvent> located;
  // A person who logged in records it, and no program: what they call imported
  // is their own act all the same.
  bool by_person = false;
  // One person may both decide on a disposal and carry it out.
  bool disposal_by_one = false;
};

// Every rule that the event breaks; empty: it may be recorded. `event` is well
// formed (structure.h) and has its id; `state` has taken in what is recorded
// and the events before it in its batch.
//
// Example: a MeasureEvaluated of a measure that nobody implemented gives
// {kMeasureNotImplemented, "measure_evaluated.measure", {{"id", "blomlador"}}}.
std::vector<Violation> Admit(const ProcessState& state,
                             const event::v1::Event& event,
                             const AdmissionContext& context);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_ADMISSION_H_

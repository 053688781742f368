// A batch of events with their ids. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_BATCH_H_
#define SAMVERK_SERVICES_RECORDING_BATCH_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/route.h"
#include "services/recording/rule.h"

namespace samverk::recording {

// A rule that an event of a batch breaks.
struct BatchViolation {
  size_t event_index = 0;
  std::string event_id;  // UUID; empty when it has none
  Violation violation;
};

// One event of a batch.
struct BatchEvent {
  // With its id in canonical form, given or made.
  std::shared_ptr<const event::v1::Event> event;
  EventId id;  // all zeros when it has none
  // What is wrong with it whatever is recorded.
  std::vector<Violation> malformed;
  // What `event` was before anything in it was sealed; null: nothing was.
  std::shared_ptr<const event::v1::Event> unsealed = nullptr;
  // Paths of personal values that are not there any more, as their subject was
  // disposed of; known when it was sealed.
  std::vector<std::string> disposed = {};
};

// Events of one process, in order.
struct Batch {
  std::string process;
  std::vector<BatchEvent> events;

  // Every event has an id, and no two the same.
  bool has_ids = true;
  std::vector<EventId> ids() const;
  // What is wrong with the events by themselves, in order.
  std::vector<BatchViolation> malformed() const;
};

// The id of an event that has none: the same source and reference give the
// same id for ever. Empty `system` or `ref`: no id can be made.
EventId DerivedEventId(std::string_view system, std::string_view ref,
                       std::string_view process);

// Numbers the events, and checks each by itself (structure.h). What is personal
// is refused unless it can be sealed.
// INVALID_ARGUMENT: no events (INVALID_FIELD), or too many (LIMIT_EXCEEDED).
absl::StatusOr<Batch> MakeBatch(std::vector<event::v1::Event> events,
                                bool can_seal = false);

// The event as the store takes it. Deterministic: the same event and route give
// the same bytes, so that sending again compares equal.
NewEvent ToNewEvent(const BatchEvent& event, const Route& route);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_BATCH_H_

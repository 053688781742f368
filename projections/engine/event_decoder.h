// Recorded events decoded, with their place and time.
#ifndef SAMVERK_PROJECTIONS_ENGINE_EVENT_DECODER_H_
#define SAMVERK_PROJECTIONS_ENGINE_EVENT_DECODER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/strings.h"
#include "eventstore/record.h"
#include "google/protobuf/arena.h"
#include "projections/fact.h"

namespace samverk::projections {

// An event of the catalogue in its place. `event` lives on the arena that it
// was decoded to, and has no id.
struct PlacedEvent {
  event::v1::Event* event = nullptr;
  Position position;
  int64_t recorded_at_us = 0;
  EventId id;
  std::optional<codec::TimeSpan> occurred;

  Fact AsFact() const { return {*event, position, recorded_at_us, occurred}; }
};

// Not thread-safe; each thread has its own.
class EventDecoder {
 public:
  // Decodes onto `arena`; nothing when the type is outside the catalogue. The
  // errors name the position:
  //   FAILED_PRECONDITION (UNKNOWN_EVENT): the kind of fact is unknown to this
  //     program, or is not the one that its type says.
  //   DATA_LOSS (DAMAGED): the bytes are not an event, or admission cannot have
  //     let it in.
  absl::StatusOr<std::optional<PlacedEvent>> Decode(
      const RecordedEvent& recorded, google::protobuf::Arena& arena);

  // Normalises the event's time into `placed`. DATA_LOSS as Decode.
  absl::Status SetOccurred(PlacedEvent& placed);

 private:
  // Times that were parsed: many events are of the same day.
  StringMap<codec::TimeSpan> times_;
};

// The error for what admission cannot have let in. `what` goes on from "the
// event at position 7 ".
absl::Status ImpossibleEvent(Position position, std::string_view what);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_EVENT_DECODER_H_

// Bytes to current event: the one place that knows old versions of events.
#ifndef SAMVERK_PROTO_CODEC_EVENT_CODEC_H_
#define SAMVERK_PROTO_CODEC_EVENT_CODEC_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::codec {

// The prefix of every type name of the catalogue.
inline constexpr std::string_view kTypePrefix = "samverk.";

// Stable type name of a kind of fact: "samverk.cost_booked" for kCostBooked.
// Empty for FACT_NOT_SET. The view lives for ever.
std::string_view TypeName(event::v1::Event::FactCase fact);

// The kind of fact with this type name, or FACT_NOT_SET.
event::v1::Event::FactCase FactOfTypeName(std::string_view type_name);

// Every kind of fact, in the order of its field number.
const std::vector<event::v1::Event::FactCase>& AllFacts();

// What is stored as an event's payload: the event without its id, encoded
// deterministically (equal events give equal bytes).
std::string EncodePayload(const event::v1::Event& event);

// Decodes a stored payload into `event` (cleared first), upcasts what is old,
// and puts `id` (36-character UUID; empty: none) back. `event` may live on an
// arena.
//   FAILED_PRECONDITION: the kind of fact is unknown to this program, or is not
//     the one that `type_name` says: upgrade this program.
//   DATA_LOSS: the bytes are not an event.
absl::Status DecodePayload(std::string_view type_name, std::string_view id,
                           std::string_view payload, event::v1::Event& event);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_EVENT_CODEC_H_

// Events as JSON that people and scripts write: strict where protobuf's own
// parser is lenient.
#ifndef SAMVERK_PROTO_CODEC_EVENT_JSON_H_
#define SAMVERK_PROTO_CODEC_EVENT_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::codec {

// Checks that `json` is one JSON text by RFC 8259 without duplicate keys (in
// UTF-8, at most 64 levels deep). INVALID_ARGUMENT says line, column, path and
// what is wrong.
absl::Status CheckStrictJson(std::string_view json);

// Parses one event. Unknown fields, wrong types, fractions where whole numbers
// belong, and an event without a fact are refused with line, column, the
// field's path and the value; both lowerCamelCase and the proto's own names are
// understood. INVALID_ARGUMENT with reason INVALID_FIELD (LIMIT_EXCEEDED
// beyond 64 MiB).
absl::StatusOr<event::v1::Event> EventFromJson(std::string_view json);

// Parses a file of events: each beginning on a line of its own, or one array.
// Errors name the line and the index ("line 3, column 9: events[2].…"). A file
// without events is an error.
absl::StatusOr<std::vector<event::v1::Event>> EventsFromJson(
    std::string_view text);

// A message as proto3 JSON on one line, proto field names.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_EVENT_JSON_H_

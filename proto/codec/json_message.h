// A JSON tree put into a message, by proto3's JSON mapping.
#ifndef SAMVERK_PROTO_CODEC_JSON_MESSAGE_H_
#define SAMVERK_PROTO_CODEC_JSON_MESSAGE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "proto/codec/json.h"

namespace samverk::codec {

// Puts `value` into `message` (empty before), reading it as proto3 JSON with
// these restrictions: a whole number is written with digits alone, in quotes
// or not; a field is given once, whichever of its names is used. `text` is what
// `value` was parsed from, and `path` where it stands ("events[2]"): both for
// the errors, which are those of JsonError. Of protobuf's well-known types
// Timestamp and Duration are read; others, maps and floating-point numbers are
// refused.
absl::Status ReadMessage(std::string_view text, const JsonValue& value,
                         const std::string& path,
                         google::protobuf::Message& message);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_JSON_MESSAGE_H_

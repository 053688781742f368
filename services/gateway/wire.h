// How messages are written in HTTP bodies.
#ifndef SAMVERK_SERVICES_GATEWAY_WIRE_H_
#define SAMVERK_SERVICES_GATEWAY_WIRE_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/codec/text.h"

namespace samverk {

// What a content type says. Plain data.
struct Wire {
  enum class Framing {
    kNone,       // one message is the body
    kEnvelopes,  // Connect's streams: a byte of flags, a length, a message
    kLines,      // for curl and scripts: a message a line
  };
  Framing framing = Framing::kNone;
  bool json = true;
  // As answers name it.
  std::string_view content_type;
};

// application/json, application/proto, application/connect+json,
// application/connect+proto, application/x-ndjson; nothing for any other.
std::optional<Wire> WireOf(std::string_view content_type);

// The names of those that calls with one answer, or streams, are made with.
std::string_view AcceptedTypes(bool stream);

// The message of a body of `framing` that must hold exactly one. A view of
// `body`. INVALID_ARGUMENT or UNIMPLEMENTED says what is wrong.
absl::StatusOr<std::string_view> OnlyMessage(Wire::Framing framing,
                                             std::string_view body);

// What stands before and after a message of `size` bytes in a stream.
std::string FrameHead(Wire::Framing framing, size_t size);
std::string_view FrameTail(Wire::Framing framing);

// What a stream ends with, framed: Connect's last envelope. Of kLines nothing,
// unless there is an error.
std::string LastFrame(Wire::Framing framing, std::string_view error_json,
                      std::string_view metadata_json);

// JSON of a message of `prototype`'s type as protobuf's bytes. INVALID_ARGUMENT
// says in `language` where it is wrong, and has a BadRequest.
absl::StatusOr<std::string> BytesOfJson(
    std::string_view json, const google::protobuf::Message& prototype,
    codec::Language language);

// Bytes of a message as JSON on one line. INTERNAL: they are none.
absl::StatusOr<std::string> JsonOfBytes(
    const std::string& bytes, const google::protobuf::Message& prototype);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_WIRE_H_

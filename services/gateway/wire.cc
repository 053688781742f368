#include "services/gateway/wire.h"

#include <google/protobuf/arena.h>

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "google/rpc/error_details.pb.h"
#include "proto/codec/event_json.h"
#include "proto/codec/json.h"
#include "proto/codec/json_message.h"
#include "proto/codec/json_problem.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

using Framing = Wire::Framing;

constexpr Wire kWires[] = {
    {Framing::kNone, true, "application/json"},
    {Framing::kNone, false, "application/proto"},
    {Framing::kEnvelopes, true, "application/connect+json"},
    {Framing::kEnvelopes, false, "application/connect+proto"},
    {Framing::kLines, true, "application/x-ndjson"},
};

// Of an envelope.
constexpr size_t kHeadBytes = 5;
constexpr uint8_t kCompressed = 0x01;
constexpr uint8_t kEndOfStream = 0x02;

std::string EnvelopeHead(uint8_t flags, size_t size) {
  std::string head(1, static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) {
    head.push_back(static_cast<char>((size >> shift) & 0xff));
  }
  return head;
}

absl::StatusOr<std::string_view> OnlyEnvelope(std::string_view body) {
  if (body.size() < kHeadBytes) {
    return FieldError("body",
                      "the body ends within the five bytes that an envelope "
                      "begins with; send one envelope");
  }
  const auto flags = static_cast<uint8_t>(body[0]);
  if ((flags & kCompressed) != 0) {
    return absl::UnimplementedError(
        "messages of streams are not compressed here; send them without "
        "Connect-Content-Encoding");
  }
  if (flags != 0) {
    return FieldError("body", absl::StrCat("an envelope with flags ", flags,
                                           " stands where a message belongs"));
  }
  uint32_t size = 0;
  for (size_t i = 1; i < kHeadBytes; ++i) {
    size = size << 8 | static_cast<uint8_t>(body[i]);
  }
  if (size != body.size() - kHeadBytes) {
    return FieldError(
        "body",
        absl::StrCat("the envelope says ", size, " bytes, and ",
                     body.size() - kHeadBytes, " follow; send one message"));
  }
  return body.substr(kHeadBytes);
}

// The refusal of JSON in the caller's words, with the field for programs.
absl::Status Refused(const absl::Status& refusal, codec::Language language) {
  absl::Status status(refusal.code(), codec::JsonErrorText(refusal, language));
  const auto payload = refusal.GetPayload(kErrorInfoUrl);
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return status;
  }
  status.SetPayload(kErrorInfoUrl, *payload);
  const auto path = info.metadata().find("path");
  if (path == info.metadata().end()) return status;
  google::rpc::BadRequest bad;
  auto& violation = *bad.add_field_violations();
  violation.set_field(path->second);
  violation.set_description(std::string(status.message()));
  status.SetPayload("type.googleapis.com/google.rpc.BadRequest",
                    absl::Cord(bad.SerializeAsString()));
  return status;
}

}  // namespace

std::optional<Wire> WireOf(std::string_view content_type) {
  const std::vector<std::string> parts =
      absl::StrSplit(absl::AsciiStrToLower(ToAbsl(content_type)), ';');
  for (const Wire& wire : kWires) {
    if (absl::StripAsciiWhitespace(parts[0]) == ToAbsl(wire.content_type)) {
      if (parts.size() == 1) return wire;
      // JSON is UTF-8 and nothing else.
      const auto parameter = absl::StripAsciiWhitespace(parts[1]);
      if (wire.json && parts.size() == 2 &&
          (parameter == "charset=utf-8" || parameter == "charset=\"utf-8\"")) {
        return wire;
      }
    }
  }
  return std::nullopt;
}

std::string_view AcceptedTypes(bool stream) {
  return stream ? "application/connect+json, application/connect+proto, "
                  "application/x-ndjson"
                : "application/json, application/proto";
}

absl::StatusOr<std::string_view> OnlyMessage(Framing framing,
                                             std::string_view body) {
  return framing == Framing::kEnvelopes ? OnlyEnvelope(body) : body;
}

std::string FrameHead(Framing framing, size_t size) {
  return framing == Framing::kEnvelopes ? EnvelopeHead(0, size) : "";
}

std::string_view FrameTail(Framing framing) {
  return framing == Framing::kLines ? "\n" : "";
}

std::string LastFrame(Framing framing, std::string_view error_json,
                      std::string_view metadata_json) {
  if (framing == Framing::kLines) {
    return error_json.empty()
               ? ""
               : absl::StrCat("{\"error\":", ToAbsl(error_json), "}\n");
  }
  std::string end = "{";
  if (!error_json.empty()) {
    absl::StrAppend(&end, "\"error\":", ToAbsl(error_json));
  }
  if (!metadata_json.empty()) {
    absl::StrAppend(&end, end.size() > 1 ? "," : "",
                    "\"metadata\":", ToAbsl(metadata_json));
  }
  end += "}";
  return EnvelopeHead(kEndOfStream, end.size()) + end;
}

absl::StatusOr<std::string> BytesOfJson(
    std::string_view json, const google::protobuf::Message& prototype,
    codec::Language language) {
  const absl::StatusOr<codec::JsonValue> value = codec::ParseJson(json);
  if (!value.ok()) return Refused(value.status(), language);
  google::protobuf::Arena arena;
  google::protobuf::Message& message = *prototype.New(&arena);
  const absl::Status read = codec::ReadMessage(json, *value, "", message);
  if (!read.ok()) return Refused(read, language);
  return message.SerializeAsString();
}

absl::StatusOr<std::string> JsonOfBytes(
    const std::string& bytes, const google::protobuf::Message& prototype) {
  google::protobuf::Arena arena;
  google::protobuf::Message& message = *prototype.New(&arena);
  if (!message.ParseFromString(bytes)) {
    return absl::InternalError("the service's answer cannot be read");
  }
  return codec::ToJson(message);
}

}  // namespace samverk

#include "proto/codec/event_json.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "proto/codec/errors.h"
#include "proto/codec/json.h"
#include "proto/codec/json_message.h"

namespace samverk::codec {
namespace {

using event::v1::Event;

// What the paths of a file of events begin with.
constexpr std::string_view kList = "events";

absl::Status CheckStatesFact(std::string_view text, const JsonValue& value,
                             const std::string& path, const Event& event) {
  if (event.fact_case() == Event::FACT_NOT_SET) {
    return JsonError(text, value.at, path, JsonProblem::kNoFact);
  }
  return absl::OkStatus();
}

absl::Status ReadEvent(std::string_view text, const JsonValue& value,
                       const std::string& path, Event& event) {
  absl::Status status = ReadMessage(text, value, path, event);
  if (!status.ok()) return status;
  return CheckStatesFact(text, value, path, event);
}

}  // namespace

absl::Status CheckStrictJson(std::string_view json) { return CheckJson(json); }

absl::StatusOr<Event> EventFromJson(std::string_view json) {
  const absl::StatusOr<JsonValue> value = ParseJson(json);
  if (!value.ok()) return value.status();
  Event event;
  absl::Status status = ReadEvent(json, *value, "", event);
  if (!status.ok()) return status;
  return event;
}

absl::StatusOr<std::vector<Event>> EventsFromJson(std::string_view text) {
  std::vector<Event> events;
  absl::Status status = ForEachJson(
      text, kList, [&](const JsonValue& value, const std::string& path) {
        return ReadEvent(text, value, path, events.emplace_back());
      });
  if (!status.ok()) return status;
  if (events.empty()) {
    return CodecError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        JsonProblemText(JsonProblem::kNoEvents, {}, Language::kEnglish),
        {{"problem", std::string(JsonProblemName(JsonProblem::kNoEvents))}});
  }
  return events;
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  // Only a message with an Any of an unknown type cannot be printed, and no
  // message here has one.
  GOOGLE_CHECK(status.ok()) << status.ToString();
  return json;
}

}  // namespace samverk::codec

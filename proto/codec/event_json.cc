#include "proto/codec/event_json.h"

#include <cstddef>
#include <utility>

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
    return JsonError(text, value.at, path,
                     "the event states no fact; give one, such as "
                     "\"cost_booked\": {…}");
  }
  return absl::OkStatus();
}

absl::Status ReadEvent(std::string_view text, const JsonValue& value,
                       const std::string& path, Event& event) {
  absl::Status status = ReadMessage(text, value, path, event);
  if (!status.ok()) return status;
  return CheckStatesFact(text, value, path, event);
}

absl::StatusOr<std::vector<Event>> ReadEvents(
    std::string_view text, const std::vector<JsonValue>& values) {
  if (values.empty()) {
    return CodecError(absl::StatusCode::kInvalidArgument,
                      error::v1::REASON_INVALID_FIELD,
                      "the text holds no events; give one a line, or an array "
                      "of them");
  }
  std::vector<Event> events(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    absl::Status status = ReadEvent(
        text, values[i], absl::StrCat(View(kList), "[", i, "]"), events[i]);
    if (!status.ok()) return status;
  }
  return events;
}

}  // namespace

absl::Status CheckStrictJson(std::string_view json) {
  return ParseJson(json).status();
}

absl::StatusOr<Event> EventFromJson(std::string_view json) {
  const absl::StatusOr<JsonValue> value = ParseJson(json);
  if (!value.ok()) return value.status();
  Event event;
  absl::Status status = ReadEvent(json, *value, "", event);
  if (!status.ok()) return status;
  return event;
}

absl::StatusOr<std::vector<Event>> EventsFromJson(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    // Its errors shall say events[2], as those of lines do.
    const absl::StatusOr<JsonValue> array = ParseJson(text, kList);
    if (!array.ok()) return array.status();
    return ReadEvents(text, array->items);
  }
  const absl::StatusOr<std::vector<JsonValue>> values =
      ParseJsonLines(text, kList);
  if (!values.ok()) return values.status();
  return ReadEvents(text, *values);
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

#include "services/connectors/cloud_event.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_json.h"
#include "services/reporting/canonical_json.h"
#include "services/views/logged_event.h"

namespace samverk::connectors {
namespace {

// A text as one segment of a URI.
std::string Segment(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
        c == '_' || c == '.' || c == '~') {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string Rfc3339(int64_t micros) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", absl::FromUnixMicros(micros),
                          absl::UTCTimeZone());
}

void AddOccurred(const event::v1::Occurred& occurred, CloudEvent& event) {
  if (occurred.edtf().empty()) return;
  const auto span = codec::ParseEdtf(occurred.edtf());
  const bool exact = span.ok() && !occurred.circa() && !span->circa &&
                     !span->uncertain && !span->open_start && !span->open_end &&
                     span->to_us - span->from_us <= 60'000'000;
  if (exact) event.attributes.emplace_back("time", Rfc3339(span->from_us));
  event.attributes.emplace_back(
      "occurredat",
      absl::StrCat(occurred.edtf(), occurred.circa() ? " (circa)" : ""));
}

}  // namespace

std::string_view DataContentType(const CloudEvent& event) {
  return event.is_json ? "application/json" : "application/octet-stream";
}

void MaskPersonal(google::protobuf::Message& message) {
  if (auto* personal = dynamic_cast<event::v1::Personal*>(&message)) {
    return personal->clear_value();
  }
  const google::protobuf::Reflection* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->cpp_type() !=
        google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    if (!field->is_repeated()) {
      MaskPersonal(*reflection->MutableMessage(&message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      MaskPersonal(*reflection->MutableRepeatedMessage(&message, field, i));
    }
  }
}

absl::StatusOr<CloudEvent> ToCloudEvent(const RecordView& recorded,
                                        std::string_view register_name) {
  ASSIGN_OR_RETURN(const BodyView body, DecodeBody(recorded.body()));
  view::v1::LoggedEvent logged;
  RETURN_IF_ERROR(ToLoggedEvent(recorded, logged));
  CloudEvent event;
  event.position = recorded.position();
  event.id = FormatUuid(body.id);
  event.type = std::string(body.type);
  event.stream = std::string(body.stream);
  event.attributes = {
      {"id", event.id},
      {"source", absl::StrCat("/registers/", Segment(register_name))},
      {"type", event.type},
      {"subject", event.stream},
      {"recordedtime", Rfc3339(recorded.header().recorded_at_us)},
      {"sequence", absl::StrFormat("%020d", recorded.position().value())}};
  event.is_json = logged.has_event();
  if (!event.is_json) {
    event.data = std::string(body.payload);
    return event;
  }
  AddOccurred(logged.event().occurred(), event);
  MaskPersonal(*logged.mutable_event());
  event.data = codec::ToJson(logged.event());
  return event;
}

std::string ToStructuredJson(const CloudEvent& event) {
  std::string out = R"({"specversion":"1.0")";
  for (const auto& [name, value] : event.attributes) {
    absl::StrAppend(&out, ",\"", name, "\":");
    jcs::AppendString(value, out);
  }
  absl::StrAppend(&out, ",\"datacontenttype\":\"",
                  ToAbsl(DataContentType(event)), "\",");
  if (event.is_json) {
    absl::StrAppend(&out, "\"data\":", event.data, "}");
  } else {
    absl::StrAppend(&out, "\"data_base64\":\"", absl::Base64Escape(event.data),
                    "\"}");
  }
  return out;
}

}  // namespace samverk::connectors

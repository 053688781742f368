// Events that people write: what is understood can be written and read again,
// and is then the same.
#include <google/protobuf/stubs/logging.h>

#include <string>

#include "proto/codec/event_codec.h"
#include "proto/codec/event_json.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

void FuzzEvent(std::string_view bytes) {
  const auto event = codec::EventFromJson(bytes);
  if (!event.ok()) {
    SAMVERK_CHECK(event.status().code() == absl::StatusCode::kInvalidArgument)
        << event.status().ToString();
    return;
  }
  SAMVERK_CHECK(codec::CheckStrictJson(bytes).ok()) << "it is strict JSON";
  const std::string json = codec::ToJson(*event);
  const auto again = codec::EventFromJson(json);
  SAMVERK_CHECK(again.ok()) << json << again.status().ToString();
  SAMVERK_CHECK(codec::EncodePayload(*again) == codec::EncodePayload(*event))
      << json;
}

void FuzzEvents(std::string_view bytes) {
  const auto events = codec::EventsFromJson(bytes);
  SAMVERK_CHECK(events.ok() ? !events->empty()
                            : events.status().code() ==
                                  absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const google::protobuf::LogSilencer silence;
  const std::string_view bytes = samverk::fuzz::Bytes(data, size);
  samverk::fuzz::FuzzEvent(bytes);
  samverk::fuzz::FuzzEvents(bytes);
  return 0;
}

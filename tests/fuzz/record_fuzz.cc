// Stored records and bodies: what is taken apart is what would be written.
#include <string>

#include "eventstore/record.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

NewEvent EventOf(const BodyView& body) {
  NewEvent event;
  event.id = body.id;
  event.stream = body.stream;
  event.type = body.type;
  event.tags.assign(body.tags.begin(), body.tags.end());
  event.occurred = body.occurred;
  event.metadata = {
      std::string(body.source_system),  std::string(body.source_ref),
      std::string(body.recorded_by),    std::string(body.on_behalf_of),
      std::string(body.correlation_id), std::string(body.causation_id),
      std::string(body.traceparent)};
  event.payload = body.payload;
  return event;
}

void FuzzBody(std::string_view bytes) {
  const auto body = DecodeBody(bytes);
  const auto stated = DecodeStated(bytes);
  if (!body.ok()) {
    SAMVERK_CHECK(body.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  SAMVERK_CHECK(EncodeBody(EventOf(*body)) == bytes) << "another encoding";
  SAMVERK_CHECK(stated.ok()) << "a body is stated";
  SAMVERK_CHECK(stated->id == body->id && stated->type == body->type &&
                stated->payload == body->payload)
      << "something else is stated";
}

void FuzzRecord(std::string_view bytes) {
  const auto event = RecordedEvent::FromRecord(std::string(bytes));
  if (!event.ok()) {
    SAMVERK_CHECK(event.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  std::string again;
  AppendRecord(event->header(), event->body(), again);
  SAMVERK_CHECK(again == bytes) << "another record";
  FuzzBody(event->body());
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = samverk::fuzz::Bytes(data, size);
  samverk::fuzz::FuzzRecord(bytes);
  samverk::fuzz::FuzzBody(bytes);
  return 0;
}

// Requests as they come over the wire: a reading that is accepted is answered,
// an append that is accepted is recorded or refused by name.
#include <google/protobuf/stubs/logging.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/error.h"
#include "eventstore/memory/memory_event_store.h"
#include "services/store/conversions.h"
#include "services/store/page_bytes.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

constexpr int kEvents = 12;

// A register of a few events.
struct Register {
  Register() : store(clock) {
    for (int i = 0; i < kEvents; ++i) {
      AppendRequest request;
      request.events.emplace_back();
      NewEvent& event = request.events.back();
      event.id.bytes[0] = static_cast<uint8_t>(i + 1);
      event.stream = absl::StrCat("s", i % 3);
      event.type = absl::StrCat("t", i % 2);
      event.tags = {absl::StrCat("k:", i % 4)};
      SAMVERK_CHECK(AppendAndWait(store, request).ok()) << "the first events";
    }
  }
  FakeClock clock{absl::FromUnixSeconds(1'750'000'000)};
  MemoryEventStore store;
};

void FuzzRead(const std::string& bytes) {
  store::v1::ReadRequest request;
  if (!request.ParseFromString(bytes)) return;
  const auto options = ReadFromProto(request);
  if (!options.ok()) {
    SAMVERK_CHECK(options.status().code() ==
                  absl::StatusCode::kInvalidArgument);
    return;
  }
  static Register& log = *new Register();
  const auto page = log.store.Read(*options);
  SAMVERK_CHECK(page.ok() == CheckRead(*options).ok()) << "a sound request";
  if (!page.ok()) return;
  SAMVERK_CHECK(page->events.size() <= options->limit) << "more than asked for";
  PageBytes encoded;
  for (const RecordedEvent& event : page->events) {
    encoded.Add(event.view());
  }
  encoded.Take(page->scanned_to, page->head);
}

void FuzzAppend(const std::string& bytes) {
  store::v1::AppendRequest request;
  if (!request.ParseFromString(bytes)) return;
  const auto append = AppendFromProto(request);
  if (!append.ok()) {
    SAMVERK_CHECK(append.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  Register log;
  const auto result = AppendAndWait(log.store, *append);
  const uint64_t head = log.store.Head().value();
  if (result.ok() && !result->replayed) {
    SAMVERK_CHECK(head == kEvents + append->events.size()) << "recorded";
    SAMVERK_CHECK(AppendAndWait(log.store, *append)->replayed) << "again";
  } else {
    SAMVERK_CHECK(head == kEvents) << "nothing of it is recorded";
    SAMVERK_CHECK(result.ok() ||
                  ReasonOf(result.status()) != error::v1::REASON_UNSPECIFIED)
        << "by name";
  }
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Protobuf says every text that is not UTF-8.
  static const google::protobuf::LogSilencer silence;
  const std::string bytes(samverk::fuzz::Bytes(data, size));
  samverk::fuzz::FuzzRead(bytes);
  samverk::fuzz::FuzzAppend(bytes);
  return 0;
}

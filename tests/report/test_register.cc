#include "tests/report/test_register.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <future>
#include <sstream>
#include <utility>

#include "eventstore/base/check.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_json.h"
#include "services/recording/messages.h"

namespace samverk::testing {

using event::v1::Event;

namespace {

std::vector<Event> EventsOf(std::string_view path) {
  std::ifstream file{std::string(path)};
  std::stringstream content;
  content << file.rdbuf();
  auto events = codec::EventsFromJson(content.str());
  SAMVERK_CHECK(events.ok()) << path << ": " << events.status();
  return *std::move(events);
}

}  // namespace

TestRegister::TestRegister()
    : clock_(absl::FromUnixSeconds(1735689600)),
      store_(clock_,
             [this] {
               std::array<uint8_t, 16> salt{};
               salt.fill(++salts_);
               return salt;
             }),
      pool_(/*threads=*/1, /*waiting_max=*/8),
      recorder_(store_, clock_, pool_) {}

void TestRegister::Record(std::vector<Event> events) {
  clock_.Advance(absl::Minutes(1));
  std::promise<recording::RecordOutcome> promise;
  recorder_.Record(std::move(events), absl::InfiniteFuture(),
                   [&promise](recording::RecordOutcome outcome) {
                     promise.set_value(std::move(outcome));
                   });
  const recording::RecordOutcome outcome = promise.get_future().get();
  std::stringstream reasons;
  for (const auto& violation : outcome.violations) {
    reasons << "\nevent " << violation.event_index << " " << violation.event_id
            << ": "
            << recording::ViolationText(violation.violation,
                                        codec::Language::kEnglish);
  }
  SAMVERK_CHECK(outcome.status.ok()) << outcome.status << reasons.str();
}

void TestRegister::RecordFile(std::string_view path) { Record(EventsOf(path)); }

void TestRegister::RecordFileAsItHappened(std::string_view path) {
  for (Event& event : EventsOf(path)) {
    const auto span = codec::ParseEdtf(event.occurred().edtf());
    if (span.ok()) {
      clock_.Set(std::max(clock_.Now(),
                          absl::FromUnixMicros(span->to_us) + absl::Hours(24)));
    }
    Record({std::move(event)});
  }
}

void RecordDemo(TestRegister& test_register) {
  test_register.clock().Set(absl::FromUnixSeconds(1768467600));  // 2026-01-15
  for (const char* file : {"01-process", "02-activities-2025", "03-money-2025",
                           "04-plan-2026", "05-outcomes-2025"}) {
    test_register.RecordFile(std::string("deploy/demo/") + file + ".jsonl");
  }
}

}  // namespace samverk::testing

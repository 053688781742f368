#include "tests/testing/given.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/memory/memory_event_store.h"
#include "gtest/gtest.h"
#include "services/recording/messages.h"

namespace samverk::testing {

using event::v1::Event;
using recording::BatchViolation;
using recording::Recorder;
using recording::RecordOutcome;

namespace {

std::string Words(const std::vector<BatchViolation>& violations) {
  std::string words;
  for (const BatchViolation& violation : violations) {
    absl::StrAppend(
        &words, "\n  ",
        std::string(recording::EntryOf(violation.violation.rule).id), " at ",
        violation.violation.field, ": ",
        recording::ViolationText(violation.violation,
                                 codec::Language::kEnglish));
  }
  return words;
}

}  // namespace

struct Given::Register {
  FakeClock clock{absl::FromUnixSeconds(1'769'947'200)};
  MemoryEventStore store{clock};
  WorkerPool pool{2, 64};
  Recorder recorder{store, clock, pool};
};

RecordOutcome RecordNow(Recorder& recorder, std::vector<Event> events) {
  std::promise<RecordOutcome> promise;
  recorder.Record(std::move(events), absl::InfiniteFuture(),
                  [&promise](RecordOutcome outcome) {
                    promise.set_value(std::move(outcome));
                  });
  return promise.get_future().get();
}

std::string Verdict::Broken() const {
  if (!validation_.ok()) return validation_.status().ToString();
  return Words(validation_->judgement.violations);
}

const std::vector<BatchViolation>& Verdict::violations() const {
  SAMVERK_CHECK(validation_.ok()) << validation_.status().ToString();
  return validation_->judgement.violations;
}

const std::vector<recording::BatchNotice>& Verdict::notices() const {
  SAMVERK_CHECK(validation_.ok()) << validation_.status().ToString();
  return validation_->judgement.notices;
}

const Verdict& Verdict::ThenAccepted(const char* file, int line) const {
  const ::testing::ScopedTrace trace(file, line, what_);
  EXPECT_TRUE(validation_.ok() && violations().empty()) << Broken();
  return *this;
}

const Verdict& Verdict::ThenRefused(std::string_view rule,
                                    std::string_view field, const char* file,
                                    int line) const {
  const ::testing::ScopedTrace trace(file, line, what_);
  const bool one = validation_.ok() && violations().size() == 1;
  EXPECT_TRUE(one) << "wanted " << rule << " alone, got:" << Broken();
  if (!one) return *this;
  const recording::Violation& violation = violations()[0].violation;
  EXPECT_EQ(recording::EntryOf(violation.rule).id, rule) << Broken();
  EXPECT_EQ(violation.field, field) << Broken();
  return *this;
}

const Verdict& Verdict::ThenNotices(std::vector<recording::NoticeKind> kinds,
                                    const char* file, int line) const {
  const ::testing::ScopedTrace trace(file, line, what_);
  ThenAccepted(file, line);
  if (!validation_.ok()) return *this;
  std::vector<recording::NoticeKind> given;
  for (const auto& notice : notices()) given.push_back(notice.notice.kind);
  EXPECT_EQ(given, kinds);
  return *this;
}

Given::Given() : Given(World()) {}

Given::Given(std::vector<Event> history)
    : register_(std::make_unique<Register>()) {
  for (Event& event : history) And(std::move(event));
}

Given::~Given() = default;

Event Given::WithId(Event event) {
  if (event.id().empty() && event.source().ref().empty()) {
    event.set_id(Uuid(next_id_++));
  }
  return event;
}

Given& Given::And(std::string_view text, const char* file, int line) {
  return And(EventOf(text), file, line);
}

Given& Given::And(Event event, const char* file, int line) {
  event = WithId(std::move(event));
  const ::testing::ScopedTrace trace(file, line, event.ShortDebugString());
  const RecordOutcome outcome = RecordNow(recorder(), {event});
  EXPECT_TRUE(outcome.status.ok())
      << outcome.status.ToString() << Words(outcome.violations);
  return *this;
}

Verdict Given::When(std::string_view text) { return When(EventOf(text)); }

Verdict Given::When(Event event) { return WhenAll({std::move(event)}); }

Verdict Given::WhenAll(std::vector<Event> events) {
  std::string what = "when";
  for (Event& event : events) {
    event = WithId(std::move(event));
    absl::StrAppend(&what, " ", event.ShortDebugString());
  }
  return Verdict(recorder().Validate(std::move(events)), std::move(what));
}

Recorder& Given::recorder() { return register_->recorder; }
EventStore& Given::store() { return register_->store; }
FakeClock& Given::clock() { return register_->clock; }

}  // namespace samverk::testing

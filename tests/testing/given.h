// Given a history, when an event is recorded, then it is accepted or refused:
// tests of rules read like the rules.
//
//   Given().And("finding_closed { finding: 'f-1' }")
//       .When("finding_assigned { finding: 'f-1' assignee: 'fgk' }")
//       .ThenRefused("FINDING_CLOSED", "finding_assigned.finding");
//
// Everything goes through the recorder over the store's model, so that what a
// rule asks for must also have been read.
#ifndef SAMVERK_TESTS_TESTING_GIVEN_H_
#define SAMVERK_TESTS_TESTING_GIVEN_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "samverk/event/v1/event.pb.h"
#include "services/recording/recorder.h"
#include "tests/testing/events.h"

namespace samverk::testing {

// What became of an event.
class Verdict {
 public:
  Verdict(absl::StatusOr<recording::Validation> validation, std::string what)
      : validation_(std::move(validation)), what_(std::move(what)) {}

  // No rule is broken.
  const Verdict& ThenAccepted(const char* file = __builtin_FILE(),
                              int line = __builtin_LINE()) const;
  // This rule is broken, at this field, and no other.
  const Verdict& ThenRefused(std::string_view rule, std::string_view field,
                             const char* file = __builtin_FILE(),
                             int line = __builtin_LINE()) const;
  // Exactly these notices are given.
  const Verdict& ThenNotices(std::vector<recording::NoticeKind> kinds,
                             const char* file = __builtin_FILE(),
                             int line = __builtin_LINE()) const;

  // The violations; ends the program when the batch could not be judged.
  const std::vector<recording::BatchViolation>& violations() const;
  const std::vector<recording::BatchNotice>& notices() const;

 private:
  // "RULE at field" of each violation.
  std::string Broken() const;

  absl::StatusOr<recording::Validation> validation_;
  std::string what_;
};

// A register with a history. The time is 2026-02-01T12:00Z.
class Given {
 public:
  // Begins with World().
  Given();
  // Begins with these events. A test fails when one of them is refused.
  explicit Given(std::vector<event::v1::Event> history);
  ~Given();
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;

  // One event more; without an id it gets the next one from Uuid(101) on. A
  // test fails when it is refused.
  Given& And(std::string_view text, const char* file = __builtin_FILE(),
             int line = __builtin_LINE());
  Given& And(event::v1::Event event, const char* file = __builtin_FILE(),
             int line = __builtin_LINE());

  // Judges an event, or a batch of them, and records nothing.
  Verdict When(std::string_view text);
  Verdict When(event::v1::Event event);
  Verdict WhenAll(std::vector<event::v1::Event> events);

  recording::Recorder& recorder();
  EventStore& store();
  FakeClock& clock();

 private:
  struct Register;
  event::v1::Event WithId(event::v1::Event event);

  std::unique_ptr<Register> register_;
  uint64_t next_id_ = 101;
};

// Records and waits for the outcome.
recording::RecordOutcome RecordNow(recording::Recorder& recorder,
                                   std::vector<event::v1::Event> events);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_GIVEN_H_

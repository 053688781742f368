// The recorder over the store's model: replays, conflicts, atomicity, limits.
#include "services/recording/recorder.h"

#include <atomic>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/given.h"
#include "tests/testing/wrapped_store.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using ::testing::AllOf;
using testing::CostOf;
using ::testing::ElementsAre;
using testing::EventOf;
using testing::Given;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RecordNow;
using testing::Uuid;

Event WithId(uint64_t n, Event event) {
  event.set_id(Uuid(n));
  return event;
}
Event WithId(uint64_t n, std::string_view text) {
  return WithId(n, EventOf(text));
}

std::vector<std::string> RulesOf(const RecordOutcome& outcome) {
  std::vector<std::string> rules;
  for (const BatchViolation& violation : outcome.violations) {
    rules.push_back(
        absl::StrCat(violation.event_index, " ",
                     std::string(EntryOf(violation.violation.rule).id)));
  }
  return rules;
}

// A store in which something happens at a chosen moment.
class MeddlingStore : public testing::WrappedStore {
 public:
  explicit MeddlingStore(EventStore& store) : WrappedStore(store) {}

  // Called before each append, head or locate; may use the inner store.
  std::function<void()> before_append;
  std::function<void()> before_head;
  std::atomic<int> appends{0};
  std::atomic<size_t> events_read{0};

  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override {
    ++appends;
    if (before_append) before_append();
    WrappedStore::Append(std::move(request), deadline, std::move(done));
  }
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override {
    return WrappedStore::Visit(options, [&](const RecordView& event) {
      ++events_read;
      return visit(event);
    });
  }
  Position Head() override {
    if (before_head) before_head();
    return WrappedStore::Head();
  }
};

// A world, and a recorder whose store is meddled with.
struct Meddled {
  Given given;
  MeddlingStore store{given.store()};
  WorkerPool pool{2, 64};
  Recorder recorder{store, given.clock(), pool};
};

BodyView BodyAt(EventStore& store, Position position, RecordedEvent& keep) {
  ReadOptions options;
  options.after = Position(position.value() - 1);
  options.limit = 1;
  keep = store.Read(options)->events.at(0);
  return *DecodeBody(keep.body());
}

TEST(Recorder, AnswersWithPlaces) {
  Given given;
  const uint64_t head = given.store().Head().value();
  const RecordOutcome outcome = RecordNow(
      given.recorder(),
      {WithId(201, "finding_assigned { finding: 'f-1' assignee: 'fgk' }"),
       WithId(202, "finding_closed { finding: 'f-1' }")});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_FALSE(outcome.replayed);
  EXPECT_EQ(outcome.recorded_at, given.clock().Now());
  ASSERT_EQ(outcome.places.size(), 2u);
  EXPECT_EQ(FormatUuid(outcome.places[0].id), Uuid(201));
  EXPECT_EQ(outcome.places[0].stream, "p/finding/f-1");
  EXPECT_EQ(outcome.places[0].position, Position(head + 1));
  EXPECT_EQ(outcome.places[0].revision, Revision(2));
  EXPECT_EQ(outcome.places[1].revision, Revision(3));
}

TEST(Recorder, StoresWhatTheEventSays) {
  Given given;
  Event event = CostOf("c-9", 100);
  event.set_on_behalf_of("mkb");
  event.set_correlation_id("import-7");
  event.set_causation_id(Uuid(1));
  event.mutable_source()->set_system("sie");
  event.mutable_source()->set_ref("A-117-9");
  const RecordOutcome outcome = RecordNow(given.recorder(), {event});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  auto keep = given.store().Read({})->events.at(0);
  const BodyView body = BodyAt(given.store(), outcome.places[0].position, keep);
  EXPECT_EQ(body.id, DerivedEventId("sie", "A-117-9", "p"));
  EXPECT_EQ(body.id, UuidV8FromText("sie\nA-117-9\np"));
  EXPECT_EQ(body.type, "samverk.cost_booked");
  EXPECT_EQ(body.stream, "p/cost/c-9");
  EXPECT_THAT(std::vector<std::string>(body.tags.begin(), body.tags.end()),
              ElementsAre("p/actor:mkb", "p/behalf:mkb", "p/cost:c-9",
                          "p/grant:stod", "process:p"));
  EXPECT_EQ(body.recorded_by, "mkb/ekonom/s-eko");
  EXPECT_EQ(body.on_behalf_of, "mkb");
  EXPECT_EQ(body.correlation_id, "import-7");
  EXPECT_EQ(body.causation_id, Uuid(1));
  EXPECT_EQ(body.source_system, "sie");
  EXPECT_EQ(body.source_ref, "A-117-9");
  EXPECT_EQ(body.traceparent, "");
  ASSERT_TRUE(body.occurred.has_value());
  EXPECT_EQ(body.occurred->to_us - body.occurred->from_us,
            absl::ToInt64Microseconds(absl::Hours(24)));
}

// --- What was read before
// -------------------------------------------------------------------

TEST(History, IsReadOnce) {
  Meddled m;
  ASSERT_TRUE(
      RecordNow(m.recorder, {WithId(201, CostOf("c-20", 1))}).status.ok());
  EXPECT_GT(m.store.events_read, 0u);
  m.store.events_read = 0;
  ASSERT_TRUE(
      RecordNow(m.recorder, {WithId(202, CostOf("c-21", 1))}).status.ok());
  EXPECT_EQ(m.store.events_read, 0u);
}

TEST(History, GoesOnWithWhatOthersRecord) {
  Meddled m;
  ASSERT_TRUE(
      RecordNow(m.recorder, {WithId(201, CostOf("c-20", 1))}).status.ok());
  // By another recorder, which this one does not hear of.
  m.given.And("process_closed {}");
  const RecordOutcome closed =
      RecordNow(m.recorder, {WithId(202, CostOf("c-21", 1))});
  EXPECT_THAT(RulesOf(closed), ElementsAre("0 PROCESS_CLOSED"));
}

TEST(History, GoesOnByTagsToo) {
  Meddled m;
  const auto repaid = [](uint64_t n, std::string_view payment) {
    return WithId(n, absl::StrCat("grant_repaid { grant: 'stod' payment: '",
                                  std::string(payment),
                                  "' amount { ore: 100 currency: 'SEK' "
                                  "precision: PRECISION_EXACT } }"));
  };
  ASSERT_TRUE(RecordNow(m.recorder, {repaid(201, "b-1")}).status.ok());
  ASSERT_TRUE(RecordNow(m.recorder, {repaid(202, "b-2")}).status.ok());
  // Taken out by another recorder; then the id is free again.
  EXPECT_FALSE(RecordNow(m.recorder, {repaid(203, "b-1")}).status.ok());
  m.given.And("event_voided { target: '" + Uuid(201) +
              "' reason_code: 'c' reason: 'r' }");
  EXPECT_TRUE(RecordNow(m.recorder, {repaid(204, "b-1")}).status.ok());
}

TEST(History, OfAnEntityThatWasNotThereIsReadAgain) {
  Meddled m;
  EXPECT_FALSE(
      RecordNow(m.recorder, {WithId(201, "finding_closed { finding: 'f-99' }")})
          .status.ok());
  m.given.And(
      "finding_logged { finding: 'f-99' description: 't' polarity: "
      "POLARITY_DEFICIENCY }");
  EXPECT_TRUE(
      RecordNow(m.recorder, {WithId(202, "finding_closed { finding: 'f-99' }")})
          .status.ok());
}

// --- Sending again
// -------------------------------------------------------------------

TEST(Replay, GivesTheFirstAnswerForEver) {
  Given given;
  const std::vector<Event> batch = {
      WithId(201,
             "mentioned_actors: 'Okänd' finding_assigned { finding: 'f-1' "
             "assignee: 'fgk' }"),
      WithId(202, "finding_closed { finding: 'f-1' }")};
  const RecordOutcome first = RecordNow(given.recorder(), batch);
  ASSERT_TRUE(first.status.ok()) << first.status;
  EXPECT_EQ(first.notices.size(), 1u);
  // Rules would refuse it now: the process is closed.
  given.And("process_closed {}");
  given.clock().Advance(absl::Hours(1));
  const RecordOutcome again = RecordNow(given.recorder(), batch);
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.recorded_at, first.recorded_at);
  ASSERT_EQ(again.places.size(), 2u);
  EXPECT_EQ(again.places[1].position, first.places[1].position);
  EXPECT_TRUE(again.notices.empty());
  given.WhenAll(batch).ThenAccepted();
}

TEST(Replay, OfCorrectionsFindsTheirTargets) {
  Given given;
  const std::vector<Event> batch = {
      WithId(201, "goal_set { goal: 'g-2' text: 'fel' }"),
      WithId(202, "event_corrected { target: '" + Uuid(201) +
                      "' reason_code: 'c' reason: 'r' replacement { goal_set { "
                      "goal: 'g-2' text: 'rätt' } } }"),
      WithId(203, "event_reversed { target: '" + Uuid(202) +
                      "' reason_code: 'c' reason: 'r' }")};
  ASSERT_TRUE(RecordNow(given.recorder(), batch).status.ok());
  const RecordOutcome again = RecordNow(given.recorder(), batch);
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_TRUE(again.replayed);
}

TEST(Replay, IsKnownByTheSource) {
  Given given;
  Event event = EventOf("goal_set { goal: 'g-2' text: 't' }");
  event.mutable_source()->set_system("xlsx");
  event.mutable_source()->set_ref("mål!B2");
  ASSERT_TRUE(RecordNow(given.recorder(), {event}).status.ok());
  EXPECT_TRUE(RecordNow(given.recorder(), {event}).replayed);
  event.set_id(Uuid(300));
  event.mutable_goal_set()->set_goal("g-3");
  const absl::Status status = RecordNow(given.recorder(), {event}).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_SOURCE_CONFLICT);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("xlsx"), HasSubstr("mål!B2"),
                    HasSubstr("a reference of its own")));
}

TEST(Replay, OfOtherContentIsAConflict) {
  Given given;
  ASSERT_TRUE(RecordNow(given.recorder(),
                        {WithId(201, "goal_set { goal: 'g-2' text: 't' }")})
                  .status.ok());
  for (const char* other :
       {"goal_set { goal: 'g-2' text: 'annat' }", "goal_set { goal: 'x' }"}) {
    const absl::Status status =
        RecordNow(given.recorder(), {WithId(201, other)}).status;
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
    EXPECT_EQ(ReasonOf(status), error::v1::REASON_ID_CONFLICT);
  }
  // Also when what it amends is not there.
  const absl::Status status =
      RecordNow(given.recorder(),
                {WithId(201, "event_reversed { target: '" + Uuid(999) +
                                 "' reason_code: 'c' reason: 'r' }")})
          .status;
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_ID_CONFLICT) << status;
}

TEST(Replay, OfAPartIsRefusedWithTheIds) {
  Given given;
  const Event first = WithId(201, "goal_set { goal: 'g-2' text: 't' }");
  const Event second = WithId(202, "goal_set { goal: 'g-3' text: 't' }");
  ASSERT_TRUE(RecordNow(given.recorder(), {first}).status.ok());
  const Position head = given.store().Head();
  const absl::Status status =
      RecordNow(given.recorder(), {first, second}).status;
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_ID_CONFLICT);
  EXPECT_NE(status.message().find(Uuid(201)), std::string::npos);
  EXPECT_EQ(status.message().find(Uuid(202)), std::string::npos);
  EXPECT_EQ(given.store().Head(), head);
}

// What differs and what does not, by the place in the batch and the position.
TEST(Replay, OfOtherContentNamesWhatDiffers) {
  Given given;
  const std::vector<Event> batch = {
      WithId(201, "goal_set { goal: 'g-2' text: 't' }"),
      WithId(202, "goal_set { goal: 'g-3' text: 't' }")};
  const RecordOutcome first = RecordNow(given.recorder(), batch);
  ASSERT_TRUE(first.status.ok()) << first.status;
  std::vector<Event> changed = batch;
  changed[1].mutable_goal_set()->set_text("annat");
  const absl::Status status = RecordNow(given.recorder(), changed).status;
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_ID_CONFLICT);
  const std::string place =
      absl::StrCat("2 (#", first.places[1].position.value(), ", ", Uuid(202));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(place), HasSubstr("event_corrected"),
                    Not(HasSubstr(Uuid(201)))));
  // Also when a part of the batch is new.
  changed.push_back(WithId(203, "goal_set { goal: 'g-4' text: 't' }"));
  const absl::Status part = RecordNow(given.recorder(), changed).status;
  EXPECT_EQ(ReasonOf(part), error::v1::REASON_ID_CONFLICT);
  EXPECT_THAT(std::string(part.message()),
              AllOf(HasSubstr(place), HasSubstr("event_corrected"),
                    Not(HasSubstr(Uuid(201)))));
}

TEST(Validate, AnswersAsRecordForWhatIsRecorded) {
  Given given;
  const std::vector<Event> batch = {
      WithId(201, "goal_set { goal: 'g-2' text: 't' }"),
      WithId(202, "goal_set { goal: 'g-3' text: 't' }")};
  ASSERT_TRUE(RecordNow(given.recorder(), batch).status.ok());
  const Position head = given.store().Head();
  given.WhenAll(batch).ThenAccepted();

  std::vector<Event> changed = batch;
  changed[1].mutable_goal_set()->set_text("annat");
  const absl::Status other = given.recorder().Validate(changed).status();
  EXPECT_EQ(ReasonOf(other), error::v1::REASON_ID_CONFLICT);
  EXPECT_EQ(other.message(),
            RecordNow(given.recorder(), changed).status.message());
  // What it amends is not there.
  const Event amendment = WithId(201, "event_reversed { target: '" + Uuid(999) +
                                          "' reason_code: 'c' reason: 'r' }");
  EXPECT_EQ(ReasonOf(given.recorder().Validate({amendment}).status()),
            error::v1::REASON_ID_CONFLICT);
  // The same events, in other requests.
  const absl::Status apart = given.recorder().Validate({batch[1]}).status();
  EXPECT_EQ(ReasonOf(apart), error::v1::REASON_ID_CONFLICT);
  EXPECT_THAT(std::string(apart.message()), HasSubstr("unchanged"));
  EXPECT_EQ(apart.message(),
            RecordNow(given.recorder(), {batch[1]}).status.message());
  EXPECT_EQ(given.store().Head(), head);
}

// --- Refusals
// ------------------------------------------------------------------------

TEST(Refusal, NamesEveryRefusedEventAndWritesNothing) {
  Given given;
  const Position head = given.store().Head();
  const RecordOutcome outcome =
      RecordNow(given.recorder(),
                {WithId(201, "goal_set { goal: 'G' text: 't' }"),
                 WithId(202, "goal_set { goal: 'g-2' text: 't' }"),
                 WithId(203, "finding_assigned { finding: 'x' assignee: 'y' }"),
                 WithId(204, "finding_closed {}")});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(outcome.status), error::v1::REASON_REFUSED);
  EXPECT_THAT(RulesOf(outcome),
              ElementsAre("0 ID_INVALID", "2 FINDING_UNKNOWN",
                          "2 ACTOR_UNKNOWN", "3 FIELD_MISSING"));
  EXPECT_EQ(outcome.violations[1].event_id, Uuid(203));
  EXPECT_EQ(given.store().Head(), head);
}

TEST(Refusal, IsAPreconditionWhenTheEventsThemselvesAreWellFormed) {
  Given given;
  const RecordOutcome outcome = RecordNow(
      given.recorder(), {WithId(201, "finding_closed { finding: 'x' }")});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(outcome.status), error::v1::REASON_REFUSED);
}

TEST(Batch, HasALimit) {
  Given given;
  const absl::Status none = RecordNow(given.recorder(), {}).status;
  EXPECT_EQ(ReasonOf(none), error::v1::REASON_INVALID_FIELD);
  const std::vector<Event> many(1001, EventOf("finding_closed {}"));
  const absl::Status too_many = RecordNow(given.recorder(), many).status;
  EXPECT_EQ(ReasonOf(too_many), error::v1::REASON_LIMIT_EXCEEDED);
  EXPECT_EQ(too_many.code(), absl::StatusCode::kInvalidArgument);
}

TEST(Batch, IsNotLargerThanTheStoreTakes) {
  Given given;
  std::vector<Event> batch;
  for (uint64_t i = 0; i < 70; ++i) {
    Event event = WithId(1000 + i, "goal_set {}");
    event.mutable_goal_set()->set_goal(absl::StrCat("stort-", i));
    event.mutable_goal_set()->set_text(std::string(16'000, 'x'));
    batch.push_back(event);
  }
  EXPECT_EQ(ReasonOf(RecordNow(given.recorder(), batch).status),
            error::v1::REASON_LIMIT_EXCEEDED);
  EXPECT_EQ(ReasonOf(given.recorder().Validate(batch).status()),
            error::v1::REASON_LIMIT_EXCEEDED);
}

TEST(Validate, WritesNothing) {
  Given given;
  const Position head = given.store().Head();
  const auto validation = given.recorder().Validate(
      {WithId(201, "goal_set { goal: 'g-2' text: 't' }")});
  ASSERT_TRUE(validation.ok());
  EXPECT_EQ(validation->position, head);
  EXPECT_EQ(given.store().Head(), head);
}

// --- Conflicts
// -----------------------------------------------------------------------

TEST(Conflict, IsJudgedAgain) {
  Meddled meddled;
  meddled.store.before_append = [&, once = true]() mutable {
    if (!once) return;
    once = false;
    meddled.given.And("finding_assigned { finding: 'f-1' assignee: 'mkb' }");
  };
  const RecordOutcome outcome = RecordNow(
      meddled.recorder,
      {WithId(201, "finding_assigned { finding: 'f-1' assignee: 'fgk' }")});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(meddled.store.appends, 2);
  EXPECT_EQ(outcome.places[0].revision, Revision(3));
}

TEST(Conflict, RefusesWhatNoLongerHolds) {
  Meddled meddled;
  meddled.store.before_append = [&, once = true]() mutable {
    if (!once) return;
    once = false;
    meddled.given.And(
        "cost_reversed { cost: 'c-1' voucher_number: '9' reason: "
        "'r' }");
  };
  const RecordOutcome outcome = RecordNow(
      meddled.recorder,
      {WithId(
          201,
          "cost_reversed { cost: 'c-1' voucher_number: '8' reason: 'r' }")});
  EXPECT_THAT(RulesOf(outcome), ElementsAre("0 COST_ALREADY_REVERSED"));
}

TEST(Conflict, ComesFromUsersOfWhatIsTakenOut) {
  Meddled meddled;
  meddled.store.before_append = [&, once = true]() mutable {
    if (!once) return;
    once = false;
    meddled.given.And(
        "measure_proposed { measure: 'm-2' title: 't' findings: "
        "'f-1' }");
  };
  const RecordOutcome outcome = RecordNow(
      meddled.recorder, {WithId(201, "event_reversed { target: '" + Uuid(14) +
                                         "' reason_code: 'c' reason: 'r' }")});
  EXPECT_THAT(RulesOf(outcome), ElementsAre("0 ENTITY_IN_USE"));
}

TEST(Conflict, DoesNotComeFromOtherCostsOfTheGrant) {
  Meddled meddled;
  int others = 0;
  meddled.store.before_append = [&] {
    meddled.given.And(CostOf(absl::StrCat("annan-", others++), 100));
  };
  const RecordOutcome outcome =
      RecordNow(meddled.recorder, {WithId(201, CostOf("c-9", 100))});
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(meddled.store.appends, 1);
}

TEST(Conflict, EndsAfterSomeAttempts) {
  Meddled meddled;
  meddled.store.before_append = [&] {
    meddled.given.And("finding_assigned { finding: 'f-1' assignee: 'mkb' }");
  };
  const RecordOutcome outcome = RecordNow(
      meddled.recorder,
      {WithId(201, "finding_assigned { finding: 'f-1' assignee: 'fgk' }")});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(outcome.status), error::v1::REASON_CONTENTION);
  EXPECT_EQ(meddled.store.appends, Recorder::kAttempts);
}

// The same batch, sent twice at once: the second one finds its own entities.
TEST(Conflict, WithItselfIsAReplay) {
  for (const bool while_judging : {true, false}) {
    Meddled meddled;
    const std::vector<Event> batch = {
        WithId(201, "goal_set { goal: 'g-2' text: 't' }")};
    auto other = [&, once = true]() mutable {
      if (!once) return;
      once = false;
      ASSERT_TRUE(RecordNow(meddled.given.recorder(), batch).status.ok());
    };
    if (while_judging) {
      meddled.store.before_head = other;
    } else {
      meddled.store.before_append = other;
    }
    const RecordOutcome outcome = RecordNow(meddled.recorder, batch);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_TRUE(outcome.replayed);
  }
}

TEST(Conflict, BetweenThreadsLeavesOneWinner) {
  Given given;
  constexpr int kThreads = 8;
  std::atomic<int> recorded{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < 20; ++i) {
        Event event = WithId(10'000 + static_cast<uint64_t>(t) * 100 + i,
                             "goal_set { text: 't' }");
        event.mutable_goal_set()->set_goal(absl::StrCat("gemensamt-", i));
        const RecordOutcome outcome = RecordNow(given.recorder(), {event});
        if (outcome.status.ok()) {
          ++recorded;
        } else if (RulesOf(outcome) == std::vector<std::string>{"0 ID_TAKEN"}) {
          ++refused;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recorded, 20);
  EXPECT_EQ(refused, 20 * (kThreads - 1));
}

TEST(Conflict, BetweenFinanceSystemsDoesNotArise) {
  Meddled meddled;
  constexpr uint64_t kThreads = 4;
  constexpr uint64_t kEach = 25;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < kEach; ++i) {
        const Event cost = WithId(10'000 + t * 100 + i,
                                  CostOf(absl::StrCat("k-", t, "-", i), 100));
        failed += !RecordNow(meddled.recorder, {cost}).status.ok();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(meddled.store.appends, static_cast<int>(kThreads * kEach));
}

// --- Size and end
// --------------------------------------------------------------------

TEST(Recorder, TakesAThousandCostsInMuchLessThanASecond) {
  Given given;
  std::vector<Event> batch;
  for (uint64_t i = 0; i < 1000; ++i) {
    batch.push_back(WithId(5'000 + i, CostOf(absl::StrCat("k-", i), 100)));
  }
  const absl::Time start = absl::Now();
  const auto validation = given.recorder().Validate(batch);
  const absl::Duration judging = absl::Now() - start;
  ASSERT_TRUE(validation.ok());
  EXPECT_TRUE(validation->judgement.violations.empty());
  std::cout << "judged 1000 costs in " << judging << "\n";
  // Much more than it takes: a step that grows with the square shows.
  EXPECT_LT(judging, absl::Seconds(1));
  const RecordOutcome outcome = RecordNow(given.recorder(), batch);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.places.size(), 1000u);
  EXPECT_TRUE(RecordNow(given.recorder(), batch).replayed);
}

TEST(Recorder, TakesAThousandCorrections) {
  Given given;
  std::vector<Event> costs;
  std::vector<Event> corrections;
  for (uint64_t i = 0; i < 1000; ++i) {
    const Event cost = CostOf(absl::StrCat("k-", i), 100);
    costs.push_back(WithId(5'000 + i, cost));
    Event correction =
        WithId(7'000 + i, "event_corrected { reason_code: 'c' reason: 'r' }");
    correction.mutable_event_corrected()->set_target(Uuid(5'000 + i));
    *correction.mutable_event_corrected()->mutable_replacement() = cost;
    corrections.push_back(correction);
  }
  ASSERT_TRUE(RecordNow(given.recorder(), costs).status.ok());
  const absl::Time start = absl::Now();
  const RecordOutcome outcome = RecordNow(given.recorder(), corrections);
  std::cout << "recorded 1000 corrections in " << absl::Now() - start << "\n";
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
}

TEST(Recorder, PassesOnThatTheStoreIsClosed) {
  FakeClock clock{absl::FromUnixSeconds(1'769'947'200)};
  MemoryEventStore store(clock);
  WorkerPool pool(1, 8);
  Recorder recorder(store, clock, pool);
  store.Close();
  const absl::Status status =
      RecordNow(recorder, {WithId(1, "process_registered { name: 'n' }")})
          .status;
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_SHUTTING_DOWN);
}

TEST(Recorder, DoesNotBeginWhenTheDeadlineHasPassed) {
  Given given;
  const Position head = given.store().Head();
  std::promise<absl::Status> promise;
  given.recorder().Record(
      {WithId(201, "goal_set { goal: 'g-2' text: 't' }")}, absl::InfinitePast(),
      [&](RecordOutcome outcome) { promise.set_value(outcome.status); });
  EXPECT_EQ(promise.get_future().get().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(given.store().Head(), head);
}

TEST(Recorder, SaysWhenTooManyBatchesWait) {
  FakeClock clock{absl::FromUnixSeconds(1'769'947'200)};
  MemoryEventStore store(clock);
  WorkerPool pool(1, 0);
  Recorder recorder(store, clock, pool);
  const std::vector<Event> large(Recorder::kSmallBatch + 1,
                                 EventOf("finding_closed {}"));
  const absl::Status status = RecordNow(recorder, large).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

TEST(Recorder, WaitsForItsBatchesWhenDestroyed) {
  FakeClock clock{absl::FromUnixSeconds(1'769'947'200)};
  MemoryEventStore inner(clock);
  // Answers an append only when told to.
  class LateStore : public MeddlingStore {
   public:
    using MeddlingStore::MeddlingStore;
    void Append(AppendRequest request, absl::Time,
                AppendCallback done) override {
      held.emplace_back(std::move(request), std::move(done));
      begun.set_value();
    }
    std::promise<void> begun;
    std::vector<std::pair<AppendRequest, AppendCallback>> held;
  } store(inner);
  WorkerPool pool(1, 8);
  auto recorder = std::make_unique<Recorder>(store, clock, pool);
  std::atomic<bool> answered{false};
  recorder->Record({WithId(1, "process_registered { name: 'n' }")},
                   absl::InfiniteFuture(),
                   [&](RecordOutcome) { answered = true; });
  store.begun.get_future().wait();
  std::thread answer([&] {
    inner.Append(std::move(store.held[0].first), absl::InfiniteFuture(),
                 std::move(store.held[0].second));
  });
  recorder.reset();
  EXPECT_TRUE(answered);
  answer.join();
}

}  // namespace
}  // namespace samverk::recording

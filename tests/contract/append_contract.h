// The contract: numbering, time, what is stored, waiting.
#ifndef SAMVERK_TESTS_CONTRACT_APPEND_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_APPEND_CONTRACT_H_

#include <string>
#include <thread>
#include <vector>

#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

TEST_P(EventStoreContract, EmptyStoreHasHeadZeroAndNoEvents) {
  EXPECT_EQ(store().Head(), Position());
  const auto page = store().Read({});
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->events.empty());
  EXPECT_TRUE(page->end);
  EXPECT_EQ(page->head, Position());
  EXPECT_EQ(page->scanned_to, Position());
}

TEST_P(EventStoreContract, NumbersPositionsAndRevisionsWithoutGaps) {
  const auto first = Append({Event("a"), Event("b"), Event("a")});
  ASSERT_TRUE(first.ok()) << first.status();
  using Recorded = AppendResult::Recorded;
  EXPECT_EQ(first->recorded,
            (std::vector<Recorded>{{Position(1), Revision(1)},
                                   {Position(2), Revision(1)},
                                   {Position(3), Revision(2)}}));
  EXPECT_FALSE(first->replayed);
  const auto second = Append({Event("b")});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->recorded,
            (std::vector<Recorded>{{Position(4), Revision(2)}}));
  EXPECT_EQ(store().Head(), Position(4));
}

TEST_P(EventStoreContract, ReadsBackWhatWasAppended) {
  NewEvent event = Event("stream", "type", {"b:2", "a:1", "b:2"});
  event.occurred = Interval{-1, 1'700'000'000'000'000};
  event.metadata = {"system", "ref", "by", "behalf", "corr", "cause", "trace"};
  event.payload = std::string("\0\xff binary", 9);
  const auto result = Append({event});
  ASSERT_TRUE(result.ok()) << result.status();
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].position(), Position(1));
  EXPECT_EQ(events[0].revision(), Revision(1));
  EXPECT_EQ(events[0].recorded_at(), result->recorded_at);
  EXPECT_EQ(events[0].body(), EncodeBody(event));
  const auto body = DecodeBody(events[0].body());
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->id, event.id);
  EXPECT_EQ(body->payload, event.payload);
  ASSERT_EQ(body->tags.size(), 2u);
  EXPECT_EQ(body->tags[0], "a:1");
  EXPECT_EQ(body->occurred, event.occurred);
}

TEST_P(EventStoreContract, AppendIsReadAtOnce) {
  for (uint64_t i = 1; i <= 20; ++i) {
    const Position position = AppendOne(Event("s"));
    EXPECT_EQ(store().Head(), position);
    ReadOptions options;
    options.after = Position(i - 1);
    const auto page = store().Read(options);
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->events.size(), 1u);
    EXPECT_EQ(page->head, position);
  }
}

TEST_P(EventStoreContract, EventsOfOneRequestHaveOneTimeAndDifferentSalts) {
  ASSERT_TRUE(Append({Event("s"), Event("s")}).ok());
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].recorded_at(), events[1].recorded_at());
  EXPECT_NE(events[0].header().salt, events[1].header().salt);
}

TEST_P(EventStoreContract, TimeNeverRunsBackwards) {
  FakeClock* clock = under_test().clock();
  if (clock == nullptr) GTEST_SKIP() << "no clock to set";
  const absl::Time noon = absl::FromUnixSeconds(1'800'000'000);
  clock->Set(noon);
  AppendOne(Event("s"));
  clock->Set(noon - absl::Hours(1));
  const auto second = Append({Event("s")});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->recorded_at, noon);
  clock->Set(noon + absl::Microseconds(1));
  const auto third = Append({Event("s")});
  ASSERT_TRUE(third.ok());
  EXPECT_EQ(third->recorded_at, noon + absl::Microseconds(1));
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[1].recorded_at(), noon);
}

TEST_P(EventStoreContract, PastDeadlineWritesNothing) {
  const auto result = AppendAndWait(store(), Request({Event("s")}),
                                    absl::Now() - absl::Seconds(1));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(store().Head(), Position());
}

TEST_P(EventStoreContract, AwaitBeyondReturnsAtOnceWhatIsThere) {
  AppendOne(Event("s"));
  const auto head = store().AwaitBeyond(Position(), absl::InfiniteFuture());
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(*head, Position(1));
}

TEST_P(EventStoreContract, AwaitBeyondEndsAtItsDeadline) {
  AppendOne(Event("s"));
  const auto head =
      store().AwaitBeyond(Position(1), absl::Now() + absl::Milliseconds(20));
  EXPECT_EQ(head.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_P(EventStoreContract, AwaitBeyondWakesWhenTheLogGrows) {
  AppendOne(Event("s"));
  absl::StatusOr<Position> head;
  std::thread waiter([&] {
    head = store().AwaitBeyond(Position(1), absl::Now() + absl::Seconds(30));
  });
  AppendOne(Event("s"));
  waiter.join();
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(*head, Position(2));
  EXPECT_EQ(ReadAll().size(), 2u);
}

TEST_P(EventStoreContract, LocateFindsEventsByIdInTheOrderAsked) {
  const NewEvent a = Event("s");
  const NewEvent b = Event("s");
  const NewEvent unknown = Event("s");
  ASSERT_TRUE(Append({a, b}).ok());
  const auto found = store().Locate({b.id, unknown.id, a.id, b.id});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, (std::vector<std::optional<Position>>{
                        Position(2), std::nullopt, Position(1), Position(2)}));
  EXPECT_TRUE(store().Locate({})->empty());
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_APPEND_CONTRACT_H_

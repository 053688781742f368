// The contract: recording again is safe, always (G4).
#ifndef SAMVERK_TESTS_CONTRACT_IDEMPOTENCY_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_IDEMPOTENCY_CONTRACT_H_

#include <string>
#include <vector>

#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

TEST_P(EventStoreContract, TheSameRequestAgainGivesTheFirstAnswer) {
  const AppendRequest request =
      Request({Event("s"), Event("t"), Event("s")}, {ExpectNone("s")});
  const auto first = Append(request);
  ASSERT_TRUE(first.ok()) << first.status();
  AppendOne(Event("s"));
  for (int i = 0; i < 2; ++i) {
    const auto again = Append(request);  // its condition does not hold any more
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->recorded, first->recorded);
    EXPECT_EQ(again->recorded_at, first->recorded_at);
  }
  EXPECT_EQ(store().Head(), Position(4));
}

TEST_P(EventStoreContract, AReplayMayGiveTagsInAnotherOrder) {
  NewEvent event = Event("s", "t", {"a:1", "b:2"});
  AppendOne(event);
  event.tags = {"b:2", "a:1", "a:1"};
  const auto again = Append({event});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
}

TEST_P(EventStoreContract, AReplayMayGiveEventsInAnotherOrder) {
  const NewEvent a = Event("s");
  const NewEvent b = Event("t");
  ASSERT_TRUE(Append({a, b}).ok());
  const auto again = Append({b, a});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->recorded[0].position, Position(2));
  EXPECT_EQ(again->recorded[1].position, Position(1));
}

TEST_P(EventStoreContract, AReplayDoesNotMoveTheTrack) {
  AppendRequest request = Request({Event("s")});
  request.track = Track{"c", 5};
  ASSERT_TRUE(Append(request).ok());
  const auto again = Append(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
}

TEST_P(EventStoreContract, TheSameIdWithOtherContentIsRefused) {
  const NewEvent event = Event("s", "t", {"a:1"});
  AppendOne(event);
  std::vector<NewEvent> others(6, event);
  others[0].payload = "other";
  others[1].stream = "other";
  others[2].type = "other";
  others[3].tags.push_back("b:2");
  others[4].occurred = Interval{0, 1};
  others[5].metadata.recorded_by = "other";
  for (const NewEvent& other : others) {
    const auto result = Append({other});
    EXPECT_ERROR(result.status(), kAlreadyExists, ID_CONFLICT);
    EXPECT_EQ(ValuesOf(result.status())["event_ids"], FormatUuid(event.id));
  }
  EXPECT_EQ(store().Head(), Position(1));
}

TEST_P(EventStoreContract, APartialOverlapIsRefusedNamingTheKnownIds) {
  const NewEvent a = Event("s");
  const NewEvent b = Event("s");
  const NewEvent c = Event("s");
  ASSERT_TRUE(Append({a, b}).ok());
  AppendOne(c);
  const auto known = [&](std::vector<NewEvent> events) {
    const auto result = Append(std::move(events));
    EXPECT_ERROR(result.status(), kAlreadyExists, ID_CONFLICT);
    return ValuesOf(result.status())["event_ids"];
  };
  EXPECT_EQ(known({Event("s"), b}), FormatUuid(b.id));
  EXPECT_EQ(known({a}), FormatUuid(a.id)) << "a part of a request";
  EXPECT_EQ(known({a, b, c}),
            absl::StrCat(FormatUuid(a.id), ",", FormatUuid(b.id), ",",
                         FormatUuid(c.id)))
      << "two requests as one";
  EXPECT_EQ(known({b, c}),
            absl::StrCat(FormatUuid(b.id), ",", FormatUuid(c.id)));
  EXPECT_EQ(store().Head(), Position(3));
}

TEST_P(EventStoreContract, AnIdTwiceInARequestIsRefused) {
  const NewEvent event = Event("s");
  const auto result = Append({event, Event("s"), event});
  EXPECT_ERROR(result.status(), kAlreadyExists, ID_CONFLICT);
  EXPECT_EQ(ValuesOf(result.status())["event_ids"], FormatUuid(event.id));
}

TEST_P(EventStoreContract, ASourceReferenceIsRecordedOnce) {
  const auto from = [&](const std::string& system, const std::string& ref) {
    NewEvent event = Event("s");
    event.metadata.source_system = system;
    event.metadata.source_ref = ref;
    return event;
  };
  const NewEvent first = from("erp", "1");
  AppendOne(first);
  const auto result = Append({Event("s"), from("erp", "1")});
  EXPECT_ERROR(result.status(), kAlreadyExists, SOURCE_CONFLICT);
  auto values = ValuesOf(result.status());
  EXPECT_EQ(values["source_system"], "erp");
  EXPECT_EQ(values["source_ref"], "1");
  EXPECT_EQ(values["event_id"], FormatUuid(first.id));
  EXPECT_TRUE(Append({from("erp", "2"), from("crm", "1")}).ok());
  EXPECT_TRUE(Append({from("er", "p1"), from("erp", "")}).ok());
  EXPECT_TRUE(Append({from("erp", "")}).ok()) << "no reference, no conflict";
  EXPECT_ERROR(Append({from("x", "1"), from("x", "1")}).status(),
               kAlreadyExists, SOURCE_CONFLICT);
  EXPECT_TRUE(Append({first})->replayed) << "the same event is no conflict";
}

TEST_P(EventStoreContract, IdConflictsComeBeforeConditions) {
  NewEvent event = Event("s");
  AppendOne(event);
  event.payload = "other";
  EXPECT_ERROR(Append({event}, {Expect("s", 9)}).status(), kAlreadyExists,
               ID_CONFLICT);
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_IDEMPOTENCY_CONTRACT_H_

// The contract: nothing is forgotten when the store is closed and opened.
#ifndef SAMVERK_TESTS_CONTRACT_RESTART_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_RESTART_CONTRACT_H_

#include <string>
#include <vector>

#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

TEST_P(EventStoreContract, EverythingIsThereAfterARestart) {
  const NewEvent sourced = [] {
    NewEvent event = Event("s", "t", {"k:1"});
    event.metadata.source_system = "erp";
    event.metadata.source_ref = "1";
    return event;
  }();
  AppendRequest first = Request({sourced, Event("u")});
  first.track = Track{"consumer", 10};
  const auto answer = Append(first);
  ASSERT_TRUE(answer.ok()) << answer.status();
  AppendOne(Event("s", "t", {"k:2"}));
  std::vector<std::string> records;
  for (const auto& event : ReadAll()) records.push_back(event.record());

  if (!under_test().Restart()) GTEST_SKIP() << "cannot be restarted";

  EXPECT_EQ(store().Head(), Position(3));
  std::vector<std::string> again;
  for (const auto& event : ReadAll()) again.push_back(event.record());
  EXPECT_EQ(again, records);
  ReadOptions by_tag;
  by_tag.query.items = {Item({"t"}, {"k:1"}, {"s"})};
  EXPECT_EQ(PositionsOf(ReadAll(by_tag)), std::vector<uint64_t>{1});

  const auto replay = Append(first);
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_TRUE(replay->replayed);
  EXPECT_EQ(replay->recorded, answer->recorded);
  EXPECT_EQ(replay->recorded_at, answer->recorded_at);
  EXPECT_ERROR(Append({sourced}).status(), kAlreadyExists, ID_CONFLICT);
  NewEvent same_source = sourced;
  same_source.id = NewUuidV7(absl::Now());
  EXPECT_ERROR(Append({same_source}).status(), kAlreadyExists, SOURCE_CONFLICT);
  EXPECT_ERROR(Append({Event("s")}, {Expect("s", 1)}).status(), kAborted,
               REVISION_CONFLICT);
  EXPECT_ERROR(
      Append({Event("s")}, {QueryCondition{{{Item({}, {"k:2"})}}, Position(2)}})
          .status(),
      kAborted, QUERY_CONFLICT);
  AppendRequest tracked = Request({Event("x")});
  tracked.track = Track{"consumer", 10};
  EXPECT_ERROR(Append(tracked).status(), kAborted, REVISION_CONFLICT);

  const auto next = Append({Event("s")}, {Expect("s", 2)});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->recorded[0].position, Position(4));
  EXPECT_EQ(next->recorded[0].revision, Revision(3));
}

TEST_P(EventStoreContract, TimeDoesNotRunBackwardsOverARestart) {
  FakeClock* clock = under_test().clock();
  if (clock == nullptr) GTEST_SKIP() << "no clock to set";
  const absl::Time noon = absl::FromUnixSeconds(1'800'000'000);
  clock->Set(noon);
  AppendOne(Event("s"));
  if (!under_test().Restart()) GTEST_SKIP() << "cannot be restarted";
  clock->Set(noon - absl::Hours(1));
  EXPECT_EQ(Append({Event("s")})->recorded_at, noon);
}

TEST_P(EventStoreContract, AnEmptyStoreCanBeRestarted) {
  if (!under_test().Restart()) GTEST_SKIP() << "cannot be restarted";
  EXPECT_EQ(store().Head(), Position());
  AppendOne(Event("s"));
  ASSERT_TRUE(under_test().Restart());
  ASSERT_TRUE(under_test().Restart());
  EXPECT_EQ(store().Head(), Position(1));
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_RESTART_CONTRACT_H_

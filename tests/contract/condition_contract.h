// The contract: conditions hold at the instant of the write, or nothing is
// written (G5).
#ifndef SAMVERK_TESTS_CONTRACT_CONDITION_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_CONDITION_CONTRACT_H_

#include <string>
#include <vector>

#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

TEST_P(EventStoreContract, StreamConditionsThatHold) {
  EXPECT_TRUE(Append({Event("s")}, {ExpectNone("s")}).ok());
  EXPECT_TRUE(Append({Event("s")}, {Expect("s", 1)}).ok());
  EXPECT_TRUE(Append({Event("t")}, {ExpectExists("s"), Expect("t", 0)}).ok());
  EXPECT_TRUE(Append({Event("x")}, {Expect("s", 2), Expect("t", 1)}).ok());
  EXPECT_EQ(store().Head(), Position(4));
}

TEST_P(EventStoreContract, StreamConditionsThatDoNotHold) {
  ASSERT_TRUE(Append({Event("s"), Event("s")}).ok());
  for (const StreamCondition& condition :
       {ExpectNone("s"), Expect("s", 0), Expect("s", 1), Expect("s", 3),
        ExpectExists("t"), Expect("t", 1)}) {
    EXPECT_ERROR(Append({Event("s")}, {condition}).status(), kAborted,
                 REVISION_CONFLICT);
  }
  EXPECT_EQ(store().Head(), Position(2));
}

TEST_P(EventStoreContract, StreamConflictSaysExpectedActualAndPosition) {
  ASSERT_TRUE(Append({Event("x"), Event("s"), Event("s")}).ok());
  const auto result = Append({Event("s")}, {Expect("s", 1)});
  EXPECT_ERROR(result.status(), kAborted, REVISION_CONFLICT);
  auto values = ValuesOf(result.status());
  EXPECT_EQ(values["stream"], "s");
  EXPECT_EQ(values["expected"], "1");
  EXPECT_EQ(values["actual"], "2");
  EXPECT_EQ(values["position"], "3");
  EXPECT_EQ(values["conditions"], "0");
}

TEST_P(EventStoreContract, QueryConditionLooksAfterItsPosition) {
  AppendOne(Event("s", "t", {"k:1", "k:2"}));
  AppendOne(Event("s", "t", {"k:2"}));
  const Query tag1{{Item({}, {"k:1"})}};
  const Query both{{Item({}, {"k:1", "k:2"})}};
  EXPECT_TRUE(Append({Event("s")}, {QueryCondition{tag1, Position(1)}}).ok());
  EXPECT_TRUE(Append({Event("s")}, {QueryCondition{both, Position(1)}}).ok());
  for (const Query& query : {tag1, both}) {
    const auto result = Append({Event("s")}, {QueryCondition{query, {}}});
    EXPECT_ERROR(result.status(), kAborted, QUERY_CONFLICT);
    EXPECT_EQ(ValuesOf(result.status())["position"], "1");
  }
  EXPECT_EQ(store().Head(), Position(4));
}

TEST_P(EventStoreContract, QueryConditionOnTypesStreamsAndAlternatives) {
  AppendOne(Event("s", "one"));
  AppendOne(Event("t", "two"));
  const auto with = [&](std::vector<QueryItem> items, uint64_t after) {
    return Append({Event("x", "other")},
                  {QueryCondition{{std::move(items)}, Position(after)}});
  };
  EXPECT_FALSE(with({Item({"two"})}, 1).ok());
  EXPECT_TRUE(with({Item({"two"})}, 2).ok());
  EXPECT_FALSE(with({Item({}, {}, {"t"})}, 1).ok());
  EXPECT_TRUE(with({Item({}, {}, {"s"})}, 1).ok());
  EXPECT_TRUE(with({Item({"one"}, {}, {"t"})}, 0).ok()) << "not both";
  EXPECT_FALSE(with({Item({"none"}), Item({"one", "two"})}, 1).ok());
}

TEST_P(EventStoreContract, QueryConditionWithoutItemsMeansAnyEvent) {
  AppendOne(Event("s"));
  EXPECT_TRUE(Append({Event("s")}, {QueryCondition{{}, Position(1)}}).ok());
  const auto result = Append({Event("s")}, {QueryCondition{{}, Position(1)}});
  EXPECT_ERROR(result.status(), kAborted, QUERY_CONFLICT);
  EXPECT_EQ(ValuesOf(result.status())["position"], "2");
  EXPECT_TRUE(Append({Event("s")}, {QueryCondition{{}, Position(99)}}).ok());
}

TEST_P(EventStoreContract, AllFailingConditionsAreReported) {
  AppendOne(Event("s", "t", {"k:1"}));
  AppendOne(Event("u", "t", {"k:2"}));
  const auto result = Append(
      {Event("x")}, {QueryCondition{{{Item({}, {"k:1"})}}, {}}, Expect("s", 1),
                     Expect("u", 7), QueryCondition{{{Item({}, {"k:3"})}}, {}},
                     QueryCondition{{{Item({}, {"k:2"})}}, {}}});
  EXPECT_ERROR(result.status(), kAborted, QUERY_CONFLICT);
  auto values = ValuesOf(result.status());
  EXPECT_EQ(values["conditions"], "0,2,4");
  EXPECT_EQ(values["conditions[0].position"], "1");
  EXPECT_EQ(values["conditions[2].stream"], "u");
  EXPECT_EQ(values["conditions[2].expected"], "7");
  EXPECT_EQ(values["conditions[2].actual"], "1");
  EXPECT_EQ(values["conditions[2].position"], "2");
  EXPECT_EQ(values["conditions[4].position"], "2");
}

TEST_P(EventStoreContract, NothingOfARefusedRequestIsStored) {
  AppendOne(Event("s"));
  const NewEvent a = Event("new", "t", {"k:9"});
  const NewEvent b = Event("s");
  EXPECT_FALSE(Append({a, b}, {Expect("s", 7)}).ok());
  EXPECT_EQ(store().Head(), Position(1));
  EXPECT_EQ(ReadAll().size(), 1u);
  EXPECT_EQ(*store().Locate({a.id}),
            std::vector<std::optional<Position>>{std::nullopt});
  // And its ids and streams are still free.
  EXPECT_TRUE(Append({a, b}, {ExpectNone("new")}).ok());
}

TEST_P(EventStoreContract, TrackMustGrow) {
  const auto with = [&](const std::string& consumer, uint64_t position) {
    AppendRequest request = Request({Event("s")});
    request.track = Track{consumer, position};
    return Append(std::move(request)).status();
  };
  EXPECT_TRUE(with("c", 5).ok());
  EXPECT_ERROR(with("c", 5), kAborted, REVISION_CONFLICT);
  EXPECT_ERROR(with("c", 4), kAborted, REVISION_CONFLICT);
  EXPECT_TRUE(with("d", 1).ok());
  EXPECT_TRUE(with("c", 6).ok());
  EXPECT_EQ(store().Head(), Position(3));
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_CONDITION_CONTRACT_H_

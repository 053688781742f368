// What a decision reads and depends on, and no more.
#include "services/recording/decision_scope.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/events.h"

namespace samverk::recording {
namespace {

using ::testing::Contains;
using testing::CostOf;
using testing::EventOf;
using ::testing::Not;

struct Terms {
  std::set<std::string> streams;
  std::set<std::string> tags;
  size_t items = 0;
};

Terms TermsOf(const std::vector<Condition>& conditions) {
  Terms terms;
  for (const Condition& condition : conditions) {
    for (const QueryItem& item :
         std::get<QueryCondition>(condition).query.items) {
      ++terms.items;
      terms.streams.insert(item.streams.begin(), item.streams.end());
      terms.tags.insert(item.tags.begin(), item.tags.end());
    }
  }
  return terms;
}

TEST(DecisionScope, OfACostIsWhatItNamesAndTheProcess) {
  DecisionScope scope("p");
  auto cost = CostOf("c-1", 100);
  cost.mutable_cost_booked()->set_activity("dialog");
  scope.AddFact(cost);
  const Terms terms = TermsOf(scope.Conditions(Position(7)));
  EXPECT_EQ(terms.streams, (std::set<std::string>{
                               "p/activity/dialog", "p/actor/mkb", "p/cost/c-1",
                               "p/grant/stod", "p/process/p"}));
  EXPECT_TRUE(terms.tags.empty());
}

TEST(DecisionScope, OfTwoFinanceSystemsSharesNoCost) {
  DecisionScope one("p");
  one.AddFact(CostOf("c-1", 100));
  DecisionScope other("p");
  other.AddFact(CostOf("c-2", 100));
  const std::string first = "p/cost/c-1";
  EXPECT_FALSE(TermsOf(other.Conditions(Position(7))).streams.contains(first));
  EXPECT_TRUE(TermsOf(one.Conditions(Position(7))).streams.contains(first));
}

TEST(DecisionScope, AsksForNamesOnlyWhenTheyMatterAndOnNoCondition) {
  DecisionScope scope("p");
  scope.AddFact(EventOf("goal_set { goal: 'g' }"));
  const Term names{Term::Kind::kTag, ActorRegisterTag("p")};
  EXPECT_THAT(scope.Terms(), Not(Contains(names)));
  scope.AddFact(EventOf("mentioned_actors: 'MKB' goal_set { goal: 'g' }"));
  EXPECT_THAT(scope.Terms(), Contains(names));
  EXPECT_EQ(TermsOf(scope.Conditions(Position(1))).streams,
            (std::set<std::string>{"p/goal/g", "p/process/p"}));
}

TEST(DecisionScope, FindsPaymentsByTheirTag) {
  DecisionScope scope("p");
  scope.AddFact(EventOf("grant_repaid { grant: 'g' payment: 'b' }"));
  const Terms terms = TermsOf(scope.Conditions(Position(1)));
  EXPECT_EQ(terms.tags, (std::set<std::string>{"p/payment:b"}));
}

TEST(DecisionScope, DependsOnTheUsersOfWhatIsTakenOut) {
  DecisionScope scope("p");
  scope.AddTakenOut(EventOf("grant_awarded { grant: 'g' }"));
  EXPECT_EQ(TermsOf(scope.Conditions(Position(1))).tags,
            (std::set<std::string>{"p/grant:g"}));
  // They are looked for from the latest one back, not read with the rest.
  for (const Term& term : scope.Terms()) {
    EXPECT_EQ(term.kind, Term::Kind::kStream);
  }
}

TEST(DecisionScope, DependsOnWhoIsRecordedForAnActorThatIsTakenOut) {
  DecisionScope scope("p");
  scope.AddTakenOut(EventOf("actor_registered { actor: 'mkb' }"));
  EXPECT_EQ(TermsOf(scope.Conditions(Position(1))).tags,
            (std::set<std::string>{"p/actor:mkb", "p/behalf:mkb"}));
}

TEST(DecisionScope, OfAnAmendmentHasTheActorsOfItsEnvelope) {
  DecisionScope scope("p");
  scope.AddAmendment(EventOf("on_behalf_of: 'hgf' information_owner: 'mkb' "
                             "event_reversed { target: 'x' }"),
                     {"p/goal/g", {}});
  EXPECT_EQ(TermsOf(scope.Conditions(Position(1))).streams,
            (std::set<std::string>{"p/actor/hgf", "p/actor/mkb", "p/goal/g",
                                   "p/process/p"}));
}

TEST(DecisionScope, KeepsToTheStoresLimits) {
  DecisionScope scope("p");
  for (int i = 0; i < 1000; ++i) {
    auto event = EventOf(absl::StrCat("grant_disbursed { grant: 'g-", i,
                                      "' payment: 'b-", i, "' }"));
    scope.AddFact(event);
  }
  const auto conditions = scope.Conditions(Position(9));
  EXPECT_LE(conditions.size(), limits::kAppendConditions);
  for (const Condition& condition : conditions) {
    const auto& query = std::get<QueryCondition>(condition);
    EXPECT_EQ(query.after, Position(9));
    EXPECT_LE(query.query.items.size(), limits::kQueryItems);
    for (const QueryItem& item : query.query.items) {
      EXPECT_LE(item.streams.size(), limits::kQueryTerms);
    }
  }
  const Terms terms = TermsOf(conditions);
  EXPECT_EQ(terms.streams.size(), 1001u);
  EXPECT_EQ(terms.tags.size(), 1000u);
}

TEST(DecisionScope, FallsBackToTheProcessWhenTheLimitsDoNotSuffice) {
  DecisionScope scope("p");
  const size_t most = limits::kAppendConditions * limits::kQueryItems;
  for (size_t i = 0; i <= most; ++i) {
    scope.AddFact(EventOf(
        absl::StrCat("grant_disbursed { grant: 'g' payment: 'b-", i, "' }")));
  }
  const auto conditions = scope.Conditions(Position(9));
  ASSERT_EQ(conditions.size(), 1u);
  EXPECT_EQ(TermsOf(conditions).tags, (std::set<std::string>{"process:p"}));
}

TEST(DecisionScope, FallsBackToTheProcessWhenTheTermsAreTooMany) {
  DecisionScope scope("p");
  // A stream and a tag each: fewer conditions than there may be.
  for (size_t i = 0; i <= limits::kTermsTotal / 2; ++i) {
    scope.AddFact(EventOf(absl::StrCat("grant_disbursed { grant: 'g-", i,
                                       "' payment: 'b-", i, "' }")));
  }
  const auto conditions = scope.Conditions(Position(9));
  ASSERT_EQ(conditions.size(), 1u);
  EXPECT_EQ(TermsOf(conditions).tags, (std::set<std::string>{"process:p"}));
}

}  // namespace
}  // namespace samverk::recording

// The harness must notice folds that are wrong.
#include "tests/testing/fold_harness.h"

#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "tests/engine/test_log.h"

namespace samverk::testing {
namespace {

using event::v1::Event;
using projections::Fact;
using projections::Projection;
using projections::ViewTable;
using view::v1::BudgetEntry;
using view::v1::CheckEntry;

constexpr char kGrant90[] = R"pb(grant {
                                   grant: "g"
                                   booked { ore: 90 count: 1 }
                                 })pb";

TEST(FoldHarness, FoldsCorrectionsAndReversalsAsTheEngineDoes) {
  GivenFacts(
      {SumsProjection(), NotesProjection()},
      {Cost("c-1", "g", 100), Correction(EventIdOf(1), Cost("c-1", "g", 90)),
       Finding("f-1"), Cost("c-2", "h", 5), Reversal(EventIdOf(4))})
      .ThenEntry<BudgetEntry>("p/grant/g", kGrant90)
      .ThenEntry<BudgetEntry>("p/cost/c-1", R"pb(
        cost {
          cost: "c-1"
          amount { ore: 90 currency: "SEK" precision: PRECISION_EXACT }
          origin { position: 2 recorded_by: "org/role" }
        })pb")
      .ThenEntry<CheckEntry>("p/finding/f-1", R"pb(check { check: "f-1" })pb")
      .ThenNoEntry<BudgetEntry>("p/cost/c-2")
      .ThenNoEntry<BudgetEntry>("p/grant/h");
}

TEST(FoldHarness, NoticesAnEntryThatDiffers) {
  EXPECT_NONFATAL_FAILURE(GivenFacts(SumsProjection(), {Cost("c-1", "g", 91)})
                              .ThenEntry<BudgetEntry>("p/grant/g", kGrant90),
                          "modified: grant.booked[0].ore: 90 -> 91");
}

TEST(FoldHarness, NoticesAFieldThatIsNotExpected) {
  EXPECT_NONFATAL_FAILURE(
      GivenFacts(SumsProjection(), {Cost("c-1", "g", 90)})
          .ThenEntry<BudgetEntry>("p/grant/g", R"pb(grant { grant: "g" })pb"),
      "added: grant.booked[0]");
}

TEST(FoldHarness, NoticesAnOriginThatDiffersWhereItIsGiven) {
  EXPECT_NONFATAL_FAILURE(GivenFacts(NotesProjection(), {Finding("f-1")})
                              .ThenEntry<CheckEntry>("p/finding/f-1", R"pb(
                                check {
                                  check: "f-1"
                                  origin { position: 2 }
                                })pb"),
                          "position: 2 -> 1");
}

TEST(FoldHarness, NoticesAMissingEntryAndOneTooMany) {
  EXPECT_NONFATAL_FAILURE(GivenFacts(SumsProjection(), {Cost("c-1", "g", 90)})
                              .ThenEntry<BudgetEntry>("p/grant/h", kGrant90),
                          "no entry \"p/grant/h\"");
  EXPECT_NONFATAL_FAILURE(GivenFacts(SumsProjection(), {Cost("c-1", "g", 90)})
                              .ThenNoEntry<BudgetEntry>("p/grant/g"),
                          "there is an entry \"p/grant/g\"");
}

TEST(FoldHarness, ProjectionsThatAreNotGivenAreEmpty) {
  const FoldedFacts folded = GivenFacts(SumsProjection(), {Finding("f-1")});
  const projections::ViewSet views = folded.views();
  for (const projections::ViewReader* table : views.tables) {
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->Find<BudgetEntry>("p/finding/f-1"), nullptr);
  }
}

TEST(RetractUndoesApply, HoldsForAFoldThatKeepsToIt) {
  ExpectRetractUndoesApply(
      SumsProjection(), {Cost("c-1", "g", 1), Cost("c-2", "g", 2), Finding("f"),
                         Cost("c-3", "h", 3)});
}

// A fold that remembers only the latest cost cannot take one out again.
Projection Forgetful() {
  Projection projection = SumsProjection();
  projection.apply = [](const Fact& fact, ViewTable& views) {
    auto& cost = *views.Mutable<BudgetEntry>("latest").mutable_cost();
    cost.set_cost(fact.event.cost_booked().cost());
  };
  projection.retract = [](const Fact&, ViewTable& views) {
    views.Erase("latest");
  };
  return projection;
}

TEST(RetractUndoesApply, NoticesAFoldThatForgets) {
  const Projection forgetful = Forgetful();
  const std::vector<Event> events = {Cost("c-1", "g", 1), Cost("c-2", "g", 2)};
  EXPECT_NONFATAL_FAILURE(ExpectRetractUndoesApply(forgetful, events),
                          "event 1 taken out after event 2: \"latest\"");
}

// A fold that leaves something behind.
Projection Littering() {
  Projection projection = SumsProjection();
  projection.retract = [](const Fact& fact, ViewTable& views) {
    views.Mutable<BudgetEntry>("p/cost/" + fact.event.cost_booked().cost())
        .mutable_cost()
        ->clear_amount();
  };
  return projection;
}

TEST(RetractUndoesApply, NoticesWhatIsLeftBehind) {
  const Projection littering = Littering();
  EXPECT_NONFATAL_FAILURE(
      ExpectRetractUndoesApply(littering, {Cost("c-1", "g", 1)}),
      "event 1 taken out after event 1");
}

}  // namespace
}  // namespace samverk::testing

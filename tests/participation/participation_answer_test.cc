// Who took part: the answer.
#include "projections/participation/participation_answer.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/activities/activities.h"
#include "projections/participation/participation.h"
#include "tests/testing/asking.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Asking;
using testing::FoldedFacts;
using testing::GivenFacts;
using testing::Text;
using view::v1::ActorParticipation;
using view::v1::ParticipationAnswer;

FoldedFacts Given(std::vector<Event> events) {
  return GivenFacts({ActivitiesProjection(), ParticipationProjection()},
                    std::move(events));
}

Event Actor(const std::string& id, const std::string& name) {
  Event event;
  event.mutable_actor_registered()->set_actor(id);
  event.mutable_actor_registered()->set_name(name);
  return event;
}

Event Role(const std::string& actor, const std::string& when,
           const std::string& valid = "") {
  Event event;
  event.mutable_occurred()->set_edtf(when);
  event.mutable_role_assigned()->set_actor(actor);
  if (!valid.empty()) {
    event.mutable_role_assigned()->mutable_valid()->set_edtf(valid);
  }
  return event;
}

Event Walk(const std::string& when, const std::string& actor,
           const std::string& headcount = "") {
  return Text<Event>(
      "occurred { edtf: '" + when +
      "' } safety_walk_held { held { activity: 'walk-" + when +
      "' title: 'Trygghetsvandring' participants { actor: '" + actor + "' } " +
      (headcount.empty() ? "" : "headcount { " + headcount + " }") + "} }");
}

std::vector<std::string> Ids(const ParticipationAnswer& answer) {
  std::vector<std::string> ids;
  for (const auto& actor : answer.actors())
    ids.push_back(actor.actor().actor());
  return ids;
}

TEST(AnswerParticipation, SortsActorsAsSwedishListsDo) {
  const auto given =
      Given({Actor("1", "Örnen"), Actor("2", "Zonen"), Actor("3", "Åkern"),
             Actor("4", "ängen"), Walk("2025", "1"), Walk("2025", "2"),
             Walk("2025", "3"), Walk("2025", "4"), Walk("2025", "okänd")});
  // One that is not in the register has its id for a name.
  EXPECT_THAT(Ids(AnswerParticipation(given.views(), Asking())),
              ::testing::ElementsAre("okänd", "2", "3", "4", "1"));
}

TEST(AnswerParticipation, ListsActorsWithRolesAlone) {
  const auto given = Given(
      {Actor("mkb", "MKB"), Actor("malmo", "Malmö stad"), Role("mkb", "2025")});
  const auto answer = AnswerParticipation(given.views(), Asking("2025"));
  ASSERT_THAT(Ids(answer), ::testing::ElementsAre("mkb"));
  EXPECT_EQ(answer.actors(0).entries_size(), 0);
  EXPECT_EQ(answer.actors(0).actor().roles_size(), 1);
}

TEST(AnswerParticipation, KeepsTheHierarchy) {
  const auto given = Given({Text<Event>(R"pb(actor_registered {
                                               actor: "fgk"
                                               name: "FGK"
                                               part_of: "malmo"
                                             })pb"),
                            Role("fgk", "2025")});
  const auto answer = AnswerParticipation(given.views(), Asking());
  EXPECT_EQ(answer.actors(0).actor().part_of(), "malmo");
}

TEST(AnswerParticipation, SelectsWhatIntersectsThePeriod) {
  const auto given = Given({Walk("2024-12-31", "a"), Walk("2025-01-01", "b"),
                            Walk("2025-12-31", "c"), Walk("2026-01-01", "d"),
                            // December 2025 to February 2026 is of both years.
                            Walk("2025-24", "e"), Walk("", "f")});
  EXPECT_THAT(Ids(AnswerParticipation(given.views(), Asking("2025"))),
              ::testing::ElementsAre("b", "c", "e", "f"));
  EXPECT_THAT(Ids(AnswerParticipation(given.views(), Asking("2026"))),
              ::testing::ElementsAre("d", "e", "f"));
  EXPECT_EQ(Ids(AnswerParticipation(given.views(), Asking())).size(), 6u);
}

TEST(AnswerParticipation, SelectsRolesByTheTimeTheyWereHeld) {
  const auto given = Given(
      {Role("from-2024", "2024-05-01"), Role("only-2024", "2025-05-01", "2024"),
       Role("from-2026", "2026-01-01"), Role("ended", "2024-01-01"),
       Text<Event>(R"pb(occurred { edtf: "2024-12-31" }
                        role_ended { actor: "ended" })pb"),
       Role("ended-later", "2024-01-01"),
       Text<Event>(R"pb(occurred { edtf: "2025-01-01" }
                        role_ended { actor: "ended-later" })pb")});
  EXPECT_THAT(Ids(AnswerParticipation(given.views(), Asking("2025"))),
              ::testing::ElementsAre("ended-later", "from-2024"));
}

TEST(AnswerParticipation, CountsByKindAndKeepsUnknownNumbersApart) {
  const auto given =
      Given({Walk("2025-09-17", "mkb"), Walk("2025-05-12", "mkb"),
             Text<Event>(R"pb(occurred { edtf: "2025" }
                              meeting_held {
                                held {
                                  activity: "m"
                                  organiser: "mkb"
                                  series: true
                                  cadence: "varannan månad"
                                }
                              })pb"),
             Text<Event>(R"pb(occurred { edtf: "2025-10-01" }
                              meeting_held {
                                held {
                                  activity: "styr"
                                  organiser: "mkb"
                                  series: true
                                  occasions: 4
                                }
                              })pb")});
  const auto answer = AnswerParticipation(given.views(), Asking("2025"));
  ASSERT_EQ(answer.actors_size(), 1);
  const ActorParticipation& mkb = answer.actors(0);
  ASSERT_EQ(mkb.kinds_size(), 2);
  EXPECT_EQ(mkb.kinds(0).kind(), event::v1::ACTIVITY_KIND_MEETING);
  EXPECT_EQ(mkb.kinds(0).entries(), 2u);
  EXPECT_EQ(mkb.kinds(0).occasions(), 4u);
  EXPECT_TRUE(mkb.kinds(0).occasions_unknown());
  EXPECT_EQ(mkb.kinds(1).kind(), event::v1::ACTIVITY_KIND_SAFETY_WALK);
  EXPECT_EQ(mkb.kinds(1).occasions(), 2u);
  EXPECT_FALSE(mkb.kinds(1).occasions_unknown());
  std::vector<std::string> order;
  for (const auto& entry : mkb.entries()) order.push_back(entry.activity());
  EXPECT_THAT(order, ::testing::ElementsAre("m", "walk-2025-05-12",
                                            "walk-2025-09-17", "styr"));
}

TEST(AnswerParticipation, NeverAddsWhatWasNotCounted) {
  const auto given = Given(
      {Walk("2025-05-12", "boende",
            "total: 20 by_category { category: 'barn' count: 5 } "
            "by_category { category: 'vuxna' } basis: COUNT_BASIS_COUNTED"),
       Walk("2025-07-01", "boende",
            "by_category { category: 'barn' count: 7 } "
            "basis: COUNT_BASIS_ESTIMATED"),
       Walk("2025-09-17", "boende"),
       Walk("2026-05-12", "boende", "total: 100")});
  const auto answer = AnswerParticipation(given.views(), Asking("2025"));
  ASSERT_EQ(answer.categories_size(), 3);
  // All heads: counted at one walk of three.
  EXPECT_EQ(answer.categories(0).category(), "");
  EXPECT_EQ(answer.categories(0).count(), 20u);
  EXPECT_EQ(answer.categories(0).counted_in(), 1u);
  EXPECT_EQ(answer.categories(0).uncounted_in(), 2u);
  EXPECT_FALSE(answer.categories(0).estimated());
  EXPECT_EQ(answer.categories(1).category(), "barn");
  EXPECT_EQ(answer.categories(1).count(), 12u);
  EXPECT_EQ(answer.categories(1).counted_in(), 2u);
  EXPECT_EQ(answer.categories(1).uncounted_in(), 0u);
  EXPECT_TRUE(answer.categories(1).estimated());
  EXPECT_EQ(answer.categories(2).category(), "vuxna");
  EXPECT_EQ(answer.categories(2).count(), 0u);
  EXPECT_EQ(answer.categories(2).counted_in(), 0u);
  EXPECT_EQ(answer.categories(2).uncounted_in(), 1u);
}

TEST(AnswerParticipation, TakesTheTitleFromTheScheduleWhenThereIsNone) {
  const auto given =
      Given({Text<Event>(R"pb(activity_scheduled {
                                activity: "m"
                                title: "Samverkansträff"
                                planned { edtf: "2025-03" }
                              })pb"),
             Text<Event>(R"pb(meeting_held {
                                held { activity: "m" organiser: "mkb" }
                              })pb")});
  const auto answer = AnswerParticipation(given.views(), Asking());
  ASSERT_EQ(answer.actors_size(), 1);
  EXPECT_EQ(answer.actors(0).entries(0).title(), "Samverkansträff");
}

TEST(AnswerParticipation, IsTheSameInBothLanguages) {
  // It carries the process's own words and numbers alone.
  const auto given =
      Given({Actor("mkb", "MKB"), Walk("2025", "mkb", "total: 3")});
  const auto swedish = AnswerParticipation(given.views(), Asking("2025"));
  const auto english = AnswerParticipation(
      given.views(), Asking("2025", codec::Language::kEnglish));
  EXPECT_EQ(swedish.SerializeAsString(), english.SerializeAsString());
}

TEST(AnswerParticipation, KnowsOnlyTheProcessAskedAbout) {
  Event elsewhere = Walk("2025", "mkb");
  elsewhere.set_process("p2");
  const auto given = Given({elsewhere});
  EXPECT_EQ(AnswerParticipation(given.views(), Asking()).actors_size(), 0);
}

TEST(ActorName, IsTheLatestNameOrTheId) {
  const auto given = Given({Actor("mkb", "MKB Fastighet AB"),
                            Text<Event>(R"pb(actor_renamed {
                                               actor: "mkb"
                                               name: "MKB Fastighets AB"
                                               correction: true
                                             })pb"),
                            Role("polisen", "2025")});
  EXPECT_EQ(ActorName(given.views(), "p", "mkb"), "MKB Fastighets AB");
  EXPECT_EQ(ActorName(given.views(), "p", "polisen"), "polisen");
  EXPECT_EQ(ActorName(given.views(), "p", "ingen"), "ingen");
}

}  // namespace
}  // namespace samverk::projections

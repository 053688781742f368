// Planned against held: the answer.
#include "projections/activities/activities_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/activities/activities.h"
#include "tests/testing/asking.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using codec::Language;
using event::v1::Event;
using testing::Asking;
using testing::FoldedFacts;
using testing::GivenFacts;
using testing::Text;
using view::v1::ActivitiesAnswer;
using view::v1::KindSummary;

FoldedFacts Given(std::vector<Event> events) {
  return GivenFacts(ActivitiesProjection(), std::move(events));
}

Event Plan(const std::string& id, const std::string& planned,
           const std::string& more = "") {
  return Text<Event>("activity_scheduled { activity: '" + id +
                     "' kind: ACTIVITY_KIND_MEETING title: '" + id +
                     "' planned { edtf: '" + planned + "' } " + more + "}");
}

Event Meeting(const std::string& id, const std::string& when,
              const std::string& more = "") {
  return Text<Event>("occurred { edtf: '" + when +
                     "' } meeting_held { held { activity: '" + id +
                     "' title: '" + id + "' " + more + "} }");
}

std::vector<std::string> Ids(const ActivitiesAnswer& answer) {
  std::vector<std::string> ids;
  for (const auto& activity : answer.activities()) {
    ids.push_back(activity.activity());
  }
  return ids;
}

TEST(AnswerActivities, OrdersByTimeUnknownLast) {
  const auto given =
      Given({Meeting("later", "2025-10-01"), Meeting("unknown", ""),
             Plan("planned", "2025-05"), Meeting("year", "2025")});
  EXPECT_THAT(Ids(AnswerActivities(given.views(), Asking("2025"))),
              ::testing::ElementsAre("year", "planned", "later", "unknown"));
}

TEST(AnswerActivities, SelectsByPlanAndByOccasion) {
  const auto given =
      Given({Plan("last-year", "2024-12-31"), Plan("first-day", "2025-01-01"),
             Plan("moved-out", "2025-12-01"),
             Text<Event>(R"pb(activity_rescheduled {
                                activity: "moved-out"
                                planned { edtf: "2026-01-15" }
                              })pb"),
             Meeting("winter", "2025-24"), Meeting("next-year", "2026-01-01")});
  EXPECT_THAT(
      Ids(AnswerActivities(given.views(), Asking("2025"))),
      ::testing::UnorderedElementsAre("first-day", "moved-out", "winter"));
  EXPECT_THAT(
      Ids(AnswerActivities(given.views(), Asking("2026"))),
      ::testing::UnorderedElementsAre("moved-out", "winter", "next-year"));
  EXPECT_THAT(Ids(AnswerActivities(given.views(), Asking("2024"))),
              ::testing::ElementsAre("last-year"));
}

TEST(AnswerActivities, AnOutcomeIsMissingFromTheEndOfThePlan) {
  const auto given = Given({Plan("m", "2025-09-17")});
  const auto state_at = [&](std::string_view instant) {
    return AnswerActivities(given.views(),
                            Asking("", Language::kSwedish, instant))
        .activities(0)
        .state();
  };
  EXPECT_EQ(state_at("2025-09-17T23:59"), view::v1::ACTIVITY_STATE_PLANNED);
  EXPECT_EQ(state_at("2025-09-18"), view::v1::ACTIVITY_STATE_OUTCOME_MISSING);
}

TEST(AnswerActivities, WhatWasHeldOrCancelledOrMovedAheadLacksNoOutcome) {
  const auto given = Given(
      {Plan("held", "2025-03-01"), Meeting("held", "2025-03-01"),
       Plan("cancelled", "2025-04-01"), Text<Event>(R"pb(activity_cancelled {
                                                           activity: "cancelled"
                                                           reason: "sjuk"
                                                         })pb"),
       Plan("moved", "2025-05-01"),
       Text<Event>(R"pb(activity_rescheduled {
                          activity: "moved"
                          planned { edtf: "2026-05-01" }
                        })pb")});
  const auto answer = AnswerActivities(given.views(), Asking());
  ASSERT_EQ(answer.activities_size(), 3);
  EXPECT_EQ(answer.activities(0).state(), view::v1::ACTIVITY_STATE_HELD);
  EXPECT_EQ(answer.activities(1).state(), view::v1::ACTIVITY_STATE_CANCELLED);
  EXPECT_EQ(answer.activities(2).state(), view::v1::ACTIVITY_STATE_RESCHEDULED);
}

TEST(AnswerActivities, CountsTheOccasionsOfThePeriod) {
  const auto given =
      Given({Plan("träff", "2025/2026",
                  "cadence: 'varannan månad' expected_count: 12"),
             Meeting("träff", "2025-02-03"), Meeting("träff", "2025-04-07"),
             Meeting("träff", "2026", "series: true")});
  const auto of_2025 =
      AnswerActivities(given.views(), Asking("2025")).activities(0);
  EXPECT_EQ(of_2025.held_size(), 2);
  EXPECT_EQ(of_2025.held_count(), 2u);
  EXPECT_FALSE(of_2025.held_count_unknown());
  EXPECT_EQ(of_2025.expected_count(), 12u);
  const auto of_2026 =
      AnswerActivities(given.views(), Asking("2026")).activities(0);
  EXPECT_EQ(of_2026.held_size(), 1);
  EXPECT_EQ(of_2026.held_count(), 0u);
  EXPECT_TRUE(of_2026.held_count_unknown());
}

TEST(AnswerActivities, SumsKindsUp) {
  const auto given = Given(
      {Plan("held", "2025-03-01"), Meeting("held", "2025-03-01"),
       Plan("missing", "2025-04-01"), Plan("ahead", "2026-12-01"),
       Plan("cancelled", "2025-05-01"), Text<Event>(R"pb(activity_cancelled {
                                                           activity: "cancelled"
                                                           reason: "sjuk"
                                                         })pb"),
       Meeting("unplanned", "2025-06-01"),
       Text<Event>(R"pb(occurred { edtf: "2025-09-13" }
                        community_event_held {
                          held { activity: "dag" title: "Ekostadens dag" }
                        })pb")});
  const auto answer = AnswerActivities(given.views(), Asking("2025"));
  ASSERT_EQ(answer.kinds_size(), 2);
  const KindSummary& meetings = answer.kinds(0);
  EXPECT_EQ(meetings.kind(), event::v1::ACTIVITY_KIND_MEETING);
  EXPECT_EQ(meetings.planned(), 3u);
  EXPECT_EQ(meetings.held(), 2u);
  EXPECT_EQ(meetings.cancelled(), 1u);
  EXPECT_EQ(meetings.outcome_missing(), 1u);
  EXPECT_EQ(meetings.unplanned(), 1u);
  EXPECT_EQ(answer.kinds(1).kind(), event::v1::ACTIVITY_KIND_COMMUNITY_EVENT);
  EXPECT_EQ(answer.kinds(1).unplanned(), 1u);
}

TEST(AnswerActivities, LeavesOutWhatIsLeftOfAScheduleTakenBack) {
  const auto given = Given(
      {Plan("m", "2025"),
       Text<Event>(R"pb(activity_cancelled { activity: "m" reason: "x" })pb"),
       Text<Event>(R"pb(event_reversed {
                          target: "00000000-0000-4000-8000-000000000001"
                          reason_code: "fel"
                          reason: "fel"
                        })pb")});
  EXPECT_THAT(Ids(AnswerActivities(given.views(), Asking())),
              ::testing::IsEmpty());
}

TEST(AnswerActivities, GivesTheContributionsOfThePeriodInOrder) {
  const auto said = [](const std::string& id, const std::string& when) {
    return Text<Event>("occurred { edtf: '" + when +
                       "' } dialogue_contribution_recorded { contribution: '" +
                       id + "' }");
  };
  const auto given = Given({said("z", "2025-05-01"), said("a", "2025-04-01"),
                            said("old", "2024-04-01"), said("m", "")});
  std::vector<std::string> ids;
  const auto answer = AnswerActivities(given.views(), Asking("2025"));
  for (const auto& contribution : answer.contributions()) {
    ids.push_back(contribution.contribution());
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("z", "a", "m"));
}

TEST(AnswerActivities, IsTheSameInBothLanguages) {
  // It carries the process's own words, numbers and states alone.
  const auto given = Given({Plan("a", "2025"), Meeting("b", "2025")});
  EXPECT_EQ(AnswerActivities(given.views(), Asking()).SerializeAsString(),
            AnswerActivities(given.views(), Asking("", Language::kEnglish))
                .SerializeAsString());
}

// The 2025 report, section 4: walks in three seasons without a number, meetings
// "varannan månad" of which nobody says how many were held.
TEST(Schedule2025, TellsExpectedFromHeldAndKnownFromUnknown) {
  const auto walk = [](const std::string& id, const std::string& season) {
    return Text<Event>(
        "occurred { edtf: '" + season +
        "' } safety_walk_held { held { activity: '" + id +
        "' title: 'Trygghetsvandring' participants { actor: 'boende' } "
        "participants { actor: 'polisen' } series: true } }");
  };
  const auto given =
      Given({walk("walk-autumn", "2025-23"), walk("walk-spring", "2025-21"),
             walk("walk-summer", "2025-22"),
             Plan("samverkansträff", "2025",
                  "cadence: 'varannan månad' expected_count: 6"),
             Meeting("samverkansträff", "2025",
                     "series: true cadence: 'varannan månad' "
                     "themes: 'lägesbild' themes: 'trygghetsfrågor'")});
  const auto answer = AnswerActivities(given.views(), Asking("2025"));
  EXPECT_THAT(Ids(answer),
              ::testing::ElementsAre("samverkansträff", "walk-spring",
                                     "walk-summer", "walk-autumn"));
  const auto& meetings = answer.activities(0);
  EXPECT_EQ(meetings.state(), view::v1::ACTIVITY_STATE_HELD);
  EXPECT_EQ(meetings.expected_count(), 6u);
  EXPECT_EQ(meetings.held_count(), 0u);
  EXPECT_TRUE(meetings.held_count_unknown());
  EXPECT_EQ(meetings.cadence(), "varannan månad");
  for (int i = 1; i < 4; ++i) {
    EXPECT_EQ(answer.activities(i).held_count(), 0u);
    EXPECT_TRUE(answer.activities(i).held_count_unknown());
  }
  ASSERT_EQ(answer.kinds_size(), 2);
  EXPECT_EQ(answer.kinds(0).planned(), 1u);
  EXPECT_EQ(answer.kinds(0).held(), 1u);
  EXPECT_EQ(answer.kinds(1).held(), 3u);
  EXPECT_EQ(answer.kinds(1).unplanned(), 3u);
}

}  // namespace
}  // namespace samverk::projections

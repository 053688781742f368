// The activities fold, fact by fact.
#include "projections/activities/activities.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "samverk/view/v1/activities.pb.h"
#include "tests/testing/any_order.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::FoldedFacts;
using testing::GivenFacts;
using testing::Text;
using view::v1::ActivityEntry;
using view::v1::ActivityState;
using view::v1::ActivityView;

constexpr char kWalk[] = "p/activity/walk";

Event Scheduled() {
  return Text<Event>(R"pb(occurred { edtf: "2025-01-20" }
                          activity_scheduled {
                            activity: "walk"
                            kind: ACTIVITY_KIND_SAFETY_WALK
                            title: "Trygghetsvandring höst"
                            planned { edtf: "2025-09-17" }
                            where { place: "torget" }
                            themes: "belysning"
                            organiser: "mkb"
                            invited: "polisen"
                            work_area: WORK_AREA_SAFETY
                          })pb");
}

Event Rescheduled(const std::string& occurred, const std::string& planned) {
  Event event;
  event.mutable_occurred()->set_edtf(occurred);
  auto& moved = *event.mutable_activity_rescheduled();
  moved.set_activity("walk");
  moved.mutable_planned()->set_edtf(planned);
  moved.set_reason("regn");
  return event;
}

Event Cancelled(const std::string& occurred) {
  Event event;
  event.mutable_occurred()->set_edtf(occurred);
  event.mutable_activity_cancelled()->set_activity("walk");
  event.mutable_activity_cancelled()->set_reason("ingen kom");
  return event;
}

Event Held(const std::string& occurred) {
  return Text<Event>("occurred { edtf: '" + occurred +
                     "' } safety_walk_held { held { activity: 'walk' "
                     "organiser: 'fgk' work_area: WORK_AREA_NETWORKING } }");
}

ActivityView WalkOf(const FoldedFacts& given) {
  const auto* entry =
      given.views().Of(ProjectionId::kActivities).Find<ActivityEntry>(kWalk);
  return entry == nullptr ? ActivityView() : entry->activity();
}

ActivityState StateAfter(std::vector<Event> events) {
  return WalkOf(GivenFacts(ActivitiesProjection(), std::move(events))).state();
}

TEST(FoldActivities, SchedulesAnActivity) {
  GivenFacts(ActivitiesProjection(), {Scheduled()})
      .ThenEntry<ActivityEntry>(kWalk,
                                R"pb(activity {
                                       activity: "walk"
                                       kind: ACTIVITY_KIND_SAFETY_WALK
                                       title: "Trygghetsvandring höst"
                                       work_area: WORK_AREA_SAFETY
                                       plans {
                                         planned { edtf: "2025-09-17" }
                                         origin { position: 1 }
                                       }
                                       state: ACTIVITY_STATE_PLANNED
                                       organiser: "mkb"
                                       themes: "belysning"
                                       invited: "polisen"
                                       planned_where { place: "torget" }
                                       scheduled {
                                         position: 1
                                         occurred { edtf: "2025-01-20" }
                                       }
                                       schedule {
                                         activity: "walk"
                                         kind: ACTIVITY_KIND_SAFETY_WALK
                                         title: "Trygghetsvandring höst"
                                         planned { edtf: "2025-09-17" }
                                         where { place: "torget" }
                                         themes: "belysning"
                                         organiser: "mkb"
                                         invited: "polisen"
                                         work_area: WORK_AREA_SAFETY
                                       }
                                     })pb");
}

TEST(FoldActivities, KeepsEveryPlanFirstToLast) {
  // The later move is recorded first.
  const ActivityView walk =
      WalkOf(GivenFacts(ActivitiesProjection(),
                        {Scheduled(), Rescheduled("2025-09-20", "2025-10-15"),
                         Rescheduled("2025-09-10", "2025-09-24")}));
  ASSERT_EQ(walk.plans_size(), 3);
  EXPECT_EQ(walk.plans(0).planned().edtf(), "2025-09-17");
  EXPECT_EQ(walk.plans(0).reason(), "");
  EXPECT_EQ(walk.plans(1).planned().edtf(), "2025-09-24");
  EXPECT_EQ(walk.plans(1).reason(), "regn");
  EXPECT_EQ(walk.plans(2).planned().edtf(), "2025-10-15");
  EXPECT_EQ(walk.state(), view::v1::ACTIVITY_STATE_RESCHEDULED);
}

TEST(FoldActivities, TheScheduleComesFirstWhenItsTimeIsNotKnown) {
  Event schedule = Scheduled();
  schedule.clear_occurred();
  const ActivityView walk =
      WalkOf(GivenFacts(ActivitiesProjection(),
                        {Rescheduled("2025-09-20", "2025-10-15"), schedule}));
  ASSERT_EQ(walk.plans_size(), 2);
  EXPECT_EQ(walk.plans(0).planned().edtf(), "2025-09-17");
  EXPECT_EQ(walk.state(), view::v1::ACTIVITY_STATE_RESCHEDULED);
}

TEST(FoldActivities, CancelledStaysSoUnlessMovedAfterwards) {
  EXPECT_EQ(StateAfter({Scheduled(), Cancelled("2025-09-16")}),
            view::v1::ACTIVITY_STATE_CANCELLED);
  EXPECT_EQ(StateAfter({Scheduled(), Cancelled("2025-09-16"),
                        Rescheduled("2025-09-18", "2025-10-15")}),
            view::v1::ACTIVITY_STATE_RESCHEDULED);
  // The same, recorded the other way around.
  EXPECT_EQ(StateAfter({Scheduled(), Rescheduled("2025-09-18", "2025-10-15"),
                        Cancelled("2025-09-16")}),
            view::v1::ACTIVITY_STATE_RESCHEDULED);
  EXPECT_EQ(StateAfter({Scheduled(), Rescheduled("2025-09-18", "2025-10-15"),
                        Cancelled("2025-10-14")}),
            view::v1::ACTIVITY_STATE_CANCELLED);
}

TEST(FoldActivities, CancelledTwiceKeepsTheOtherWhenOneIsTakenBack) {
  const std::vector<Event> events = {Scheduled(), Cancelled("2025-09-16"),
                                     Rescheduled("2025-09-18", "2025-10-15"),
                                     Cancelled("2025-10-14")};
  EXPECT_EQ(
      WalkOf(GivenFacts(ActivitiesProjection(), events)).cancelled().position(),
      4u);
  std::vector<Event> reversed = events;
  reversed.push_back(Text<Event>(
      R"pb(event_reversed {
             target: "00000000-0000-4000-8000-000000000004"
             reason_code: "fel"
             reason: "den hölls"
           })pb"));
  const ActivityView walk =
      WalkOf(GivenFacts(ActivitiesProjection(), reversed));
  EXPECT_EQ(walk.cancelled().position(), 2u);
  EXPECT_EQ(walk.cancel_reason(), "ingen kom");
  EXPECT_EQ(walk.state(), view::v1::ACTIVITY_STATE_RESCHEDULED);
}

TEST(FoldActivities, WhatWasHeldWasHeld) {
  const ActivityView walk = WalkOf(
      GivenFacts(ActivitiesProjection(),
                 {Scheduled(), Held("2025-09-17"), Cancelled("2025-09-18")}));
  EXPECT_EQ(walk.state(), view::v1::ACTIVITY_STATE_HELD);
  EXPECT_EQ(walk.held_count(), 1u);
  EXPECT_EQ(walk.held(0).kind(), event::v1::ACTIVITY_KIND_SAFETY_WALK);
  EXPECT_TRUE(walk.has_cancelled());
  // The schedule goes before what was held.
  EXPECT_EQ(walk.organiser(), "mkb");
  EXPECT_EQ(walk.work_area(), event::v1::WORK_AREA_SAFETY);
}

TEST(FoldActivities, WhatWasHeldFillsInForAScheduleTakenBack) {
  const ActivityView walk = WalkOf(GivenFacts(
      ActivitiesProjection(),
      {Scheduled(), Held("2025-09-17"),
       Text<Event>(R"pb(event_voided {
                          target: "00000000-0000-4000-8000-000000000001"
                          reason_code: "fel"
                          reason: "fel process"
                        })pb")}));
  EXPECT_FALSE(walk.has_scheduled());
  EXPECT_EQ(walk.plans_size(), 0);
  EXPECT_EQ(walk.organiser(), "fgk");
  EXPECT_EQ(walk.work_area(), event::v1::WORK_AREA_NETWORKING);
  EXPECT_EQ(walk.kind(), event::v1::ACTIVITY_KIND_SAFETY_WALK);
  EXPECT_EQ(walk.title(), "");
  EXPECT_EQ(walk.state(), view::v1::ACTIVITY_STATE_HELD);
}

TEST(FoldActivities, CountsASeriesAsFarAsKnown) {
  const auto series = [](const std::string& more) {
    return Text<Event>("meeting_held { held { activity: 'walk' series: true " +
                       more + "} }");
  };
  const ActivityView known = WalkOf(GivenFacts(
      ActivitiesProjection(),
      {series("occasions: 4"), series("occasions: 2"), Held("2025")}));
  EXPECT_EQ(known.held_count(), 7u);
  EXPECT_FALSE(known.held_count_unknown());
  const ActivityView unknown = WalkOf(GivenFacts(
      ActivitiesProjection(),
      {series("occasions: 4"), series("cadence: 'varannan månad'")}));
  EXPECT_EQ(unknown.held_count(), 4u);
  EXPECT_TRUE(unknown.held_count_unknown());
  EXPECT_EQ(unknown.cadence(), "varannan månad");
}

struct HeldKind {
  std::string fact;
  std::string kind;
};

class FoldActivitiesOf : public ::testing::TestWithParam<HeldKind> {};

TEST_P(FoldActivitiesOf, EachKindOfActivity) {
  const auto& [fact, kind] = GetParam();
  GivenFacts(ActivitiesProjection(),
             {Text<Event>(fact + "{ held { activity: 'x' title: 'X' } }")})
      .ThenEntry<ActivityEntry>(
          "p/activity/x",
          "activity { activity: 'x' title: 'X' held { held { activity: 'x' "
          "title: 'X' } origin { position: 1 } kind: " +
              kind +
              "} state: ACTIVITY_STATE_HELD held_count: 1 kind: " + kind + "}");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FoldActivitiesOf,
    ::testing::Values(HeldKind{"meeting_held", "ACTIVITY_KIND_MEETING"},
                      HeldKind{"safety_walk_held", "ACTIVITY_KIND_SAFETY_WALK"},
                      HeldKind{"dialogue_held", "ACTIVITY_KIND_DIALOGUE"},
                      HeldKind{"workshop_held", "ACTIVITY_KIND_WORKSHOP"},
                      HeldKind{"community_event_held",
                               "ACTIVITY_KIND_COMMUNITY_EVENT"},
                      HeldKind{"survey_conducted", "ACTIVITY_KIND_SURVEY"}),
    [](const auto& instance) { return instance.param.fact; });

TEST(FoldActivities, ASurveyHasTheAnswersOfItsLastRound) {
  const auto survey = [](const std::string& more) {
    return Text<Event>("survey_conducted { held { activity: 'walk' } " + more +
                       "}");
  };
  const std::vector<Event> events = {survey("answers: 34"),
                                     survey("answers: 0"), survey("")};
  const ActivityView walk = WalkOf(GivenFacts(ActivitiesProjection(), events));
  ASSERT_TRUE(walk.has_answers());
  EXPECT_EQ(walk.answers(), 0u);
  EXPECT_EQ(walk.held(0).answers(), 34u);
  EXPECT_FALSE(walk.held(2).has_answers());
  EXPECT_FALSE(
      WalkOf(GivenFacts(ActivitiesProjection(), {survey("")})).has_answers());
}

TEST(FoldActivities, KeepsWhatWasSaid) {
  GivenFacts(ActivitiesProjection(),
             {Text<Event>(R"pb(dialogue_contribution_recorded {
                                 contribution: "c-1"
                                 activity: "dialog"
                                 theme: "trafiksäkerhet"
                                 paraphrase: "Bilar kör för fort vid skolan"
                                 similar_count: 5
                               })pb")})
      .ThenEntry<ActivityEntry>(
          "p/contribution/c-1",
          R"pb(contribution {
                 contribution: "c-1"
                 activity: "dialog"
                 theme: "trafiksäkerhet"
                 paraphrase: "Bilar kör för fort vid skolan"
                 similar_count: 5
                 origin { position: 1 }
               })pb")
      .ThenNoEntry<ActivityEntry>("p/activity/dialog");
}

TEST(FoldActivities, ACorrectionMovesAnOccasion) {
  const ActivityView walk = WalkOf(GivenFacts(
      ActivitiesProjection(),
      {Held("2025-09-17"),
       Text<Event>(R"pb(event_corrected {
                          target: "00000000-0000-4000-8000-000000000001"
                          reason_code: "fel dag"
                          reason: "fel dag"
                          replacement {
                            process: "p"
                            occurred { edtf: "2025-09-18" }
                            recorded_by { organisation: "org" }
                            safety_walk_held { held { activity: "walk" } }
                          }
                        })pb")}));
  ASSERT_EQ(walk.held_size(), 1);
  EXPECT_EQ(walk.held(0).origin().position(), 2u);
  EXPECT_EQ(walk.held(0).origin().occurred().edtf(), "2025-09-18");
}

TEST(FoldActivities, RetractUndoesApply) {
  testing::ExpectRetractUndoesApply(
      ActivitiesProjection(),
      {Scheduled(), Rescheduled("2025-09-10", "2025-09-24"),
       Cancelled("2025-09-23"), Rescheduled("", "2025-10-15"), Cancelled(""),
       Held("2025-10-15"), Held("2025-10-16"), Scheduled(),
       Text<Event>(R"pb(survey_conducted {
                          held { activity: "walk" }
                          answers: 3
                        })pb"),
       Text<Event>(R"pb(dialogue_contribution_recorded {
                          contribution: "c"
                          activity: "walk"
                        })pb"),
       Text<Event>(R"pb(dialogue_contribution_recorded {
                          contribution: "c"
                          theme: "t"
                        })pb"),
       Text<Event>(R"pb(finding_logged { finding: "f" activities: "walk" })pb")});
}

Event AnyFact(testing::Chance& chance) {
  Event event;
  switch (chance.Below(5)) {
    case 0:
      event = Scheduled();
      event.mutable_activity_scheduled()->set_title(chance.Pick({"A", ""}));
      break;
    case 1:
      event = Rescheduled("", chance.Pick({"2025", "2026-03-01"}));
      break;
    case 2:
      event = Cancelled("");
      break;
    case 3:
      event = Held("");
      event.mutable_safety_walk_held()->mutable_held()->set_series(
          chance.Maybe());
      break;
    default:
      event.mutable_dialogue_contribution_recorded()->set_contribution(
          chance.Pick({"c", "d"}));
      event.mutable_dialogue_contribution_recorded()->set_theme(
          chance.Pick({"trafik", "trivsel"}));
  }
  *event.mutable_occurred() = testing::AnyTime(chance);
  return event;
}

TEST(FoldActivities, FactsMayComeAndGoInAnyOrder) {
  testing::ExpectAnyOrderGivesTheSame(ActivitiesProjection(), 40, AnyFact);
}

}  // namespace
}  // namespace samverk::projections

// The year 2025 as the funder's report tells it, and what a steering group must
// be able to see of it.
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/activities/activities.h"
#include "projections/findings/findings.h"
#include "projections/participation/participation.h"
#include "projections/timeline/timeline.h"
#include "projections/timeline/timeline_answer.h"
#include "tests/testing/asking.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using codec::Language;
using event::v1::Event;
using testing::Asking;
using ::testing::ElementsAre;
using testing::FoldedFacts;
using testing::GivenFacts;
using testing::Text;
using view::v1::TimelineAnswer;
using view::v1::TimelineKind;

Event In2025(const std::string& fact) {
  Event event = Text<Event>(fact);
  event.mutable_occurred()->set_edtf("2025");
  return event;
}

Event Walk(const std::string& season) {
  Event event = Text<Event>(R"pb(safety_walk_held {
                                   held {
                                     title: "Trygghetsvandring"
                                     participants { actor: "boende" }
                                     participants { actor: "mkb" }
                                     participants { actor: "polisen" }
                                     participants { actor: "fgk" }
                                     participants { actor: "hgf" }
                                   }
                                 })pb");
  event.mutable_occurred()->set_edtf(season);
  event.mutable_safety_walk_held()->mutable_held()->set_activity("walk-" +
                                                                 season);
  return event;
}

Event Shift(const std::string& from, const std::string& to, int order,
            const std::string& hedge) {
  return In2025("outcome_claimed { outcome: 'shift-" + std::to_string(order) +
                "' kind: OUTCOME_KIND_SHIFT from: '" + from + "' to: '" + to +
                "' claim: 'som rapporten säger' hedge: HEDGE_" + hedge +
                " order: " + std::to_string(order) + " }");
}

Event Planned2026(const std::string& title) {
  return In2025("measure_proposed { measure: '" + title + "' title: '" + title +
                "' intended { edtf: '2026' } }");
}

FoldedFacts Year2025() {
  return GivenFacts(
      {ActivitiesProjection(), FindingsProjection(), ParticipationProjection(),
       TimelineProjection()},
      {In2025(R"pb(process_registered {
                     name: "Ekostaden Augustenborg"
                     vision: "ett tryggt och bilfritt Augustenborg"
                     horizon { edtf: "2026/2027" }
                   })pb"),
       In2025(R"pb(phase_entered {
                     phase: 1
                     name: "initial samverkansstruktur"
                     claimed_only: true
                   })pb"),
       In2025(R"pb(phase_entered {
                     phase: 2
                     name: "mer fördjupad form"
                     claimed_only: true
                   })pb"),
       Walk("2025-23"), Walk("2025-21"), Walk("2025-22"),
       In2025(R"pb(activity_scheduled {
                     activity: "träff"
                     kind: ACTIVITY_KIND_MEETING
                     title: "Samverkansträff"
                     planned { edtf: "2025" }
                     cadence: "varannan månad"
                     expected_count: 6
                   })pb"),
       In2025(R"pb(meeting_held {
                     held {
                       activity: "träff"
                       series: true
                       cadence: "varannan månad"
                     }
                   })pb"),
       Shift("enskilda insatser", "gemensam strategi", 1, "NONE"),
       Shift("dialog", "handling", 2, "BELIEVED"),
       Shift("kortsiktiga aktiviteter", "långsiktig process", 3, "NONE"),
       Planned2026("Blomlådor"), Planned2026("Farthinder"),
       Planned2026("Förbättrad belysning")});
}

std::vector<std::string> TitlesOf(const TimelineAnswer& answer,
                                  TimelineKind kind) {
  std::vector<std::string> titles;
  for (const auto& entry : answer.entries()) {
    if (entry.kind() == kind) titles.push_back(entry.title());
  }
  return titles;
}

TEST(Year2025, ShowsWalksBySeasonAndMeetingsOfUnknownNumber) {
  const FoldedFacts year = Year2025();
  const TimelineAnswer answer = AnswerTimeline(year.views(), Asking("2025"));
  std::vector<std::string> seasons;
  for (const auto& entry : answer.entries()) {
    if (entry.kind() != view::v1::TIMELINE_KIND_ACTIVITY) continue;
    seasons.push_back(entry.when().edtf());
    if (entry.entity() == "träff") {
      EXPECT_EQ(entry.title(), "Samverkansträff");
      EXPECT_EQ(entry.detail(), "varannan månad; antal tillfällen okänt");
    }
  }
  EXPECT_THAT(seasons, ElementsAre("2025", "2025-21", "2025-22", "2025-23"));
}

TEST(Year2025, ShowsThreeShiftsAsClaimedOneOfThemHedged) {
  const FoldedFacts year = Year2025();
  const TimelineAnswer answer = AnswerTimeline(year.views(), Asking("2025"));
  EXPECT_THAT(TitlesOf(answer, view::v1::TIMELINE_KIND_SHIFT),
              ElementsAre("Från enskilda insatser till gemensam strategi",
                          "Från dialog till handling",
                          "Från kortsiktiga aktiviteter till långsiktig "
                          "process"));
  int hedged = 0;
  for (const auto& entry : answer.entries()) {
    if (entry.kind() != view::v1::TIMELINE_KIND_SHIFT) continue;
    EXPECT_EQ(entry.grade(), view::v1::GRADE_CLAIMED);
    if (entry.hedge() == event::v1::HEDGE_BELIEVED) {
      EXPECT_EQ(entry.entity(), "shift-2");
      ++hedged;
    }
  }
  EXPECT_EQ(hedged, 1);
}

TEST(Year2025, ShowsWhatIsPlannedAheadWithWhatItLacks) {
  const FoldedFacts year = Year2025();
  for (const char* period : {"2025", "2026"}) {
    const TimelineAnswer answer = AnswerTimeline(year.views(), Asking(period));
    EXPECT_THAT(TitlesOf(answer, view::v1::TIMELINE_KIND_PLAN),
                ElementsAre("Samverkan fortsätter 2026–2027", "Blomlådor",
                            "Farthinder", "Förbättrad belysning"));
    for (const auto& entry : answer.entries()) {
      if (entry.kind() != view::v1::TIMELINE_KIND_PLAN ||
          entry.when().edtf() != "2026") {
        continue;
      }
      EXPECT_EQ(entry.detail(),
                "saknas: ansvarig, plats, datum, beslut, kostnad");
    }
  }
  const TimelineAnswer english =
      AnswerTimeline(year.views(), Asking("2026", Language::kEnglish));
  EXPECT_THAT(TitlesOf(english, view::v1::TIMELINE_KIND_PLAN),
              ElementsAre("The collaboration goes on 2026–2027", "Blomlådor",
                          "Farthinder", "Förbättrad belysning"));
}

TEST(Year2025, IsInAPhaseThatIsClaimedAndNotDecided) {
  const FoldedFacts year = Year2025();
  const TimelineAnswer answer = AnswerTimeline(year.views(), Asking("2025"));
  EXPECT_EQ(answer.current_phase().entered().phase(), 2u);
  EXPECT_TRUE(answer.current_phase().entered().claimed_only());
}

}  // namespace
}  // namespace samverk::projections

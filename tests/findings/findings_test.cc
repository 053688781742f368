// The findings fold: findings and places, fact by fact. Measures have a file of
// their own.
#include "projections/findings/findings.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/view/v1/findings.pb.h"
#include "tests/findings/facts.h"
#include "tests/testing/any_order.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Asset;
using testing::Assigned;
using testing::At;
using testing::Declined;
using testing::GivenFacts;
using testing::Logged;
using testing::Measure;
using testing::Proposed;
using testing::Reversed;
using testing::Text;
using view::v1::FindingEntry;
using view::v1::FindingState;
using view::v1::FindingView;
using view::v1::PlaceView;

FindingView FindingAfter(std::vector<Event> events) {
  const auto given = GivenFacts(FindingsProjection(), std::move(events));
  const auto* entry = given.views()
                          .Of(ProjectionId::kFindings)
                          .Find<FindingEntry>("p/finding/f");
  return entry == nullptr ? FindingView() : entry->finding();
}

FindingState StateAfter(std::vector<Event> events) {
  return FindingAfter(std::move(events)).state();
}

TEST(FoldFindings, LogsAFinding) {
  GivenFacts(FindingsProjection(),
             {At("2025-09-17", R"pb(finding_logged {
                                      finding: "f"
                                      polarity: POLARITY_DEFICIENCY
                                      category: FINDING_CATEGORY_LIGHTING
                                      description: "mörkt vid porten"
                                      where { place: "torget" }
                                      activities: "walk"
                                    })pb")})
      .ThenEntry<FindingEntry>("p/finding/f",
                               R"pb(finding {
                                      finding: "f"
                                      logged {
                                        finding: "f"
                                        polarity: POLARITY_DEFICIENCY
                                        category: FINDING_CATEGORY_LIGHTING
                                        description: "mörkt vid porten"
                                        where { place: "torget" }
                                        activities: "walk"
                                      }
                                      state: FINDING_STATE_LOGGED
                                      origin {
                                        position: 1
                                        occurred { edtf: "2025-09-17" }
                                      }
                                    })pb");
}

TEST(FoldFindings, AssignsAFinding) {
  const FindingView finding =
      FindingAfter({Logged("2025-09-17", "f"),
                    At("2025-10-01", R"pb(finding_assigned {
                                            finding: "f"
                                            assignee: "fgk"
                                            due { edtf: "2026-03" }
                                          })pb")});
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_ASSIGNED);
  EXPECT_EQ(finding.assignee(), "fgk");
  ASSERT_EQ(finding.steps_size(), 1);
  EXPECT_EQ(finding.steps(0).says(), view::v1::FINDING_STATE_ASSIGNED);
  EXPECT_EQ(finding.steps(0).state(), view::v1::FINDING_STATE_ASSIGNED);
  EXPECT_EQ(finding.steps(0).detail(), "fgk");
  EXPECT_EQ(finding.steps(0).due().edtf(), "2026-03");
}

TEST(FoldFindings, TheLastAssignmentByTimeCounts) {
  EXPECT_EQ(FindingAfter({Logged("", "f"), Assigned("2025-11-01", "f", "mkb"),
                          Assigned("2025-10-01", "f", "fgk")})
                .assignee(),
            "mkb");
}

TEST(FoldFindings, WatchesAnAssetThatIsAssigned) {
  EXPECT_EQ(StateAfter({Asset("2025", "f")}), view::v1::FINDING_STATE_LOGGED);
  EXPECT_EQ(StateAfter({Asset("2025", "f"), Assigned("2025-10", "f")}),
            view::v1::FINDING_STATE_WATCHED);
  // Also when what it is comes later than who has it.
  const FindingView late =
      FindingAfter({Assigned("2025-10", "f"), Asset("2025", "f")});
  EXPECT_EQ(late.state(), view::v1::FINDING_STATE_WATCHED);
  EXPECT_EQ(late.steps(0).state(), view::v1::FINDING_STATE_WATCHED);
  // It never needs a measure, and is not moved by one.
  EXPECT_EQ(StateAfter({Asset("2025", "f"), Assigned("2025-10", "f"),
                        Proposed("2025-11", "m", "findings: 'f'")}),
            view::v1::FINDING_STATE_WATCHED);
  EXPECT_EQ(StateAfter({Asset("2025", "f"), Assigned("2025-10", "f"),
                        At("2026-01-01", "finding_closed { finding: 'f' }")}),
            view::v1::FINDING_STATE_CLOSED);
}

TEST(FoldFindings, KeepsWhyAFindingWasDeclined) {
  const FindingView finding =
      FindingAfter({Logged("2025-09-17", "f"), Assigned("2025-10-01", "f"),
                    Declined("2025-11-01", "f")});
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_DECLINED);
  EXPECT_EQ(finding.steps(1).detail(), "DECLINE_REASON_NO_CONTROL");
  EXPECT_EQ(finding.steps(1).text(), "privat mark");
  EXPECT_EQ(finding.assignee(), "fgk");
}

TEST(FoldFindings, ADeclinedFindingIsTakenOnByALaterAssignment) {
  EXPECT_EQ(StateAfter({Logged("", "f"), Declined("2025-11-01", "f"),
                        Assigned("2025-11-02", "f", "mkb")}),
            view::v1::FINDING_STATE_ASSIGNED);
  // It cannot be told that the assignment came after: it stays declined.
  EXPECT_EQ(StateAfter({Logged("", "f"), Declined("2025", "f"),
                        Assigned("2025-11-02", "f", "mkb")}),
            view::v1::FINDING_STATE_DECLINED);
  EXPECT_EQ(StateAfter({Logged("", "f"), Declined("2025-11-01", "f"),
                        Assigned("", "f", "mkb")}),
            view::v1::FINDING_STATE_DECLINED);
}

TEST(FoldFindings, ReopensWhatWasDeclinedOrClosed) {
  const Event reopened =
      At("2026-01-10", "finding_reopened { finding: 'f' reason: 'igen' }");
  const FindingView finding =
      FindingAfter({Logged("", "f"), Declined("2025-11-01", "f"), reopened});
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_REOPENED);
  EXPECT_EQ(finding.steps(1).text(), "igen");
  EXPECT_EQ(StateAfter({Logged("", "f"),
                        At("2025-12-01", "finding_closed { finding: 'f' }"),
                        reopened}),
            view::v1::FINDING_STATE_REOPENED);
  // Recorded late, but before the decline by time: declined it is.
  EXPECT_EQ(
      StateAfter({Logged("", "f"), Declined("2026-02-01", "f"), reopened}),
      view::v1::FINDING_STATE_DECLINED);
}

TEST(FoldFindings, AReopenedFindingBeginsAgain) {
  const std::vector<Event> events = {
      Logged("2025-03-01", "f"), Proposed("2025-04-01", "m", "findings: 'f'"),
      Measure("2025-06-01", "implemented", "m"),
      At("2025-09-01", "finding_reopened { finding: 'f' reason: 'trasig' }")};
  EXPECT_EQ(StateAfter(events), view::v1::FINDING_STATE_REOPENED);
  std::vector<Event> closed = events;
  closed.push_back(Measure("2025-10-01", "closed", "m"));
  EXPECT_EQ(StateAfter(closed), view::v1::FINDING_STATE_REOPENED);
  std::vector<Event> again = events;
  again.push_back(Proposed("2025-11-01", "m2", "findings: 'f'"));
  EXPECT_EQ(StateAfter(again), view::v1::FINDING_STATE_MEASURE_PROPOSED);
}

TEST(FoldFindings, AMergedFindingStaysMerged) {
  const Event merged =
      At("2025-10-01", "finding_merged { finding: 'f' into: 'g' }");
  const FindingView finding =
      FindingAfter({Logged("", "f"), merged, Declined("2025-11-01", "f")});
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_MERGED);
  EXPECT_EQ(finding.steps(0).detail(), "g");
  EXPECT_EQ(finding.steps(1).says(), view::v1::FINDING_STATE_DECLINED);
  EXPECT_EQ(finding.steps(1).state(), view::v1::FINDING_STATE_MERGED);
}

TEST(FoldFindings, KeepsHowAFindingEnded) {
  const FindingView finding = FindingAfter(
      {Logged("", "f"),
       At("2025-12-01", "finding_closed { finding: 'f' outcome: 'lagat' }")});
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_CLOSED);
  EXPECT_EQ(finding.steps(0).text(), "lagat");
}

TEST(FoldFindings, OrdersStepsByTimeAndThenByPosition) {
  const FindingView finding = FindingAfter(
      {Logged("", "f"), Assigned("", "f", "unknown"),
       Assigned("2025-10-02", "f", "third"), Assigned("2025-10", "f", "first"),
       Assigned("2025-10-01", "f", "second")});
  std::vector<std::string> order;
  for (const auto& step : finding.steps()) order.push_back(step.detail());
  EXPECT_THAT(order,
              ::testing::ElementsAre("first", "second", "third", "unknown"));
}

TEST(FoldFindings, KeepsWhatItKnowsOfAFindingTakenBack) {
  const FindingView finding =
      FindingAfter({Logged("", "f"), Assigned("2025-10-01", "f"), Reversed(1)});
  EXPECT_FALSE(finding.has_logged());
  EXPECT_EQ(finding.assignee(), "fgk");
  EXPECT_EQ(finding.finding(), "f");
}

TEST(FoldFindings, LeavesNothingOfAFindingThatWasReversed) {
  GivenFacts(FindingsProjection(), {Logged("", "f"), Reversed(1)})
      .ThenNoEntry<FindingEntry>("p/finding/f");
}

TEST(FoldFindings, ACorrectionMovesTheFinding) {
  GivenFacts(FindingsProjection(),
             {Logged("2025-09-17", "f", "where { place: 'hörnan' }"),
              Text<Event>(R"pb(event_corrected {
                                 target: "00000000-0000-4000-8000-000000000001"
                                 reason_code: "fel plats"
                                 reason: "fel hörn"
                                 replacement {
                                   process: "p"
                                   recorded_by { organisation: "org" }
                                   finding_logged {
                                     finding: "f"
                                     where { place: "torget" }
                                   }
                                 }
                               })pb")})
      .ThenEntry<FindingEntry>("p/finding/f",
                               R"pb(finding {
                                      finding: "f"
                                      logged {
                                        finding: "f"
                                        where { place: "torget" }
                                      }
                                      state: FINDING_STATE_LOGGED
                                      origin { position: 2 }
                                    })pb");
}

PlaceView PlaceAfter(std::vector<Event> events) {
  const auto given = GivenFacts(FindingsProjection(), std::move(events));
  const auto* entry = given.views()
                          .Of(ProjectionId::kFindings)
                          .Find<FindingEntry>("p/place/torget");
  return entry == nullptr ? PlaceView() : entry->place();
}

Event Defined(const std::string& when, const std::string& controlled_by) {
  return At(when,
            "place_defined { place: 'torget' name: 'Augustenborgstorget' "
            "land_kind: LAND_KIND_PUBLIC_PLACE controlled_by: '" +
                controlled_by + "' }");
}

Event ControlChanged(const std::string& when, const std::string& to) {
  return At(when,
            "control_changed { place: 'torget' controlled_by: '" + to + "' }");
}

TEST(FoldPlaces, DefinesAPlace) {
  GivenFacts(FindingsProjection(),
             {Text<Event>(R"pb(place_defined {
                                 place: "torget"
                                 name: "Augustenborgstorget"
                                 land_kind: LAND_KIND_PUBLIC_PLACE
                                 controlled_by: "fgk"
                                 outline { latitude_e7: 5 longitude_e7: 6 }
                                 description: "torget"
                               })pb")})
      .ThenEntry<FindingEntry>("p/place/torget",
                               R"pb(place {
                                      place: "torget"
                                      name: "Augustenborgstorget"
                                      land_kind: LAND_KIND_PUBLIC_PLACE
                                      controlled_by: "fgk"
                                      description: "torget"
                                      origin { position: 1 }
                                      control {
                                        controlled_by: "fgk"
                                        origin { position: 1 }
                                      }
                                      outline { latitude_e7: 5 longitude_e7: 6 }
                                    })pb");
}

TEST(FoldPlaces, KeepsTheHistoryOfControl) {
  const PlaceView place =
      PlaceAfter({Defined("2025", "fgk"), ControlChanged("2026-01-01", "mkb")});
  EXPECT_EQ(place.controlled_by(), "mkb");
  ASSERT_EQ(place.control_size(), 2);
  EXPECT_EQ(place.control(0).controlled_by(), "fgk");
}

TEST(FoldPlaces, AChangeThatCameLateDoesNotStandBeforeALaterOne) {
  EXPECT_EQ(PlaceAfter({Defined("2025", "a"), ControlChanged("2026-06-01", "c"),
                        ControlChanged("2026-01-01", "b")})
                .controlled_by(),
            "c");
  // Defined in the middle of the year in which control changed: the change was
  // recorded later, and nothing says that it came before.
  EXPECT_EQ(
      PlaceAfter({Defined("2026-06-01", "a"), ControlChanged("2026", "b")})
          .controlled_by(),
      "b");
}

TEST(FoldPlaces, ControlFallsBackWhenAChangeIsTakenBack) {
  EXPECT_EQ(PlaceAfter({Defined("2025", "fgk"),
                        ControlChanged("2026-01-01", "mkb"), Reversed(2)})
                .controlled_by(),
            "fgk");
  const PlaceView undefined =
      PlaceAfter({Defined("2025", "fgk"), ControlChanged("2026-01-01", "mkb"),
                  Reversed(1)});
  EXPECT_EQ(undefined.controlled_by(), "mkb");
  EXPECT_EQ(undefined.name(), "");
}

TEST(FoldFindings, RetractUndoesApply) {
  testing::ExpectRetractUndoesApply(
      FindingsProjection(),
      {Assigned("2025-10-01", "f"), Proposed("", "m", "findings: 'f'"),
       Logged("2025-09-17", "f"), Measure("2025-11", "planned", "m"),
       Declined("2025-10-15", "f"),
       At("2025-10-20", "finding_reopened { finding: 'f' reason: 'r' }"),
       Proposed("2025", "m", "findings: 'g' owner: 'mkb'"),
       Measure("2025-12", "implemented", "m", "actual_cost { ore: 5 }"),
       Measure("2026-01", "evaluated", "m", "effect: MEASURE_EFFECT_NONE"),
       Measure("2026-02", "abandoned", "m", "reason: 'r'"),
       Measure("2026-03", "started", "m"), Measure("2026-04", "closed", "m"),
       Measure("2026-05", "decided", "m", "body: 'b'"),
       At("", "finding_merged { finding: 'f' into: 'g' }"),
       At("2026", "finding_closed { finding: 'g' }"), Asset("", "f"),
       Defined("2025", "fgk"), ControlChanged("2026-01-01", "mkb"),
       Defined("2026", "mkb")});
}

Event AnyMeasureFact(testing::Chance& chance) {
  const std::string measure = chance.Pick({"m", "n"});
  const std::string when = testing::AnyTime(chance).edtf();
  switch (chance.Below(4)) {
    case 0:
      return Proposed(when, measure,
                      chance.Pick({"", "findings: 'f'",
                                   "findings: 'f' findings: 'g' owner: 'a'"}));
    case 1:
      return Measure(when, "planned", measure,
                     chance.Pick({"", "owner: 'b'", "cost { ore: 1 }"}));
    case 2:
      return Measure(when, "evaluated", measure,
                     chance.Pick({"effect: MEASURE_EFFECT_NONE",
                                  "effect: MEASURE_EFFECT_PARTIAL"}));
    default:
      return Measure(when,
                     chance.Pick({"decided", "started", "implemented", "closed",
                                  "abandoned"}),
                     measure);
  }
}

Event AnyFact(testing::Chance& chance) {
  if (chance.Maybe()) return AnyMeasureFact(chance);
  const std::string finding = chance.Pick({"f", "g"});
  const std::string when = testing::AnyTime(chance).edtf();
  switch (chance.Below(6)) {
    case 0:
      return chance.Maybe() ? Logged(when, finding) : Asset(when, finding);
    case 1:
      return Assigned(when, finding, chance.Pick({"a", "b"}));
    case 2:
      return Declined(when, finding);
    case 3:
      return At(when, chance.Pick({"finding_reopened", "finding_closed",
                                   "finding_merged"}) +
                          " { finding: '" + finding + "' }");
    case 4:
      return Defined(when, chance.Pick({"", "fgk", "mkb"}));
    default:
      return ControlChanged(when, chance.Pick({"fgk", "mkb"}));
  }
}

TEST(FoldFindings, FactsMayComeAndGoInAnyOrder) {
  testing::ExpectAnyOrderGivesTheSame(FindingsProjection(), 40, AnyFact);
}

}  // namespace
}  // namespace samverk::projections

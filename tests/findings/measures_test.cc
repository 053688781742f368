// The findings fold: measures, and how they move findings.
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/findings/findings.h"
#include "samverk/view/v1/findings.pb.h"
#include "tests/findings/facts.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::At;
using testing::Declined;
using testing::GivenFacts;
using testing::Logged;
using testing::Measure;
using testing::Proposed;
using testing::Reversed;
using view::v1::FindingEntry;
using view::v1::FindingState;
using view::v1::FindingView;
using view::v1::MeasureState;
using view::v1::MeasureView;

MeasureView MeasureAfter(std::vector<Event> events) {
  const auto given = GivenFacts(FindingsProjection(), std::move(events));
  const auto* entry = given.views()
                          .Of(ProjectionId::kFindings)
                          .Find<FindingEntry>("p/measure/m");
  return entry == nullptr ? MeasureView() : entry->measure();
}

FindingView FindingAfter(std::vector<Event> events) {
  const auto given = GivenFacts(FindingsProjection(), std::move(events));
  const auto* entry = given.views()
                          .Of(ProjectionId::kFindings)
                          .Find<FindingEntry>("p/finding/f");
  return entry == nullptr ? FindingView() : entry->finding();
}

Event ForF(const std::string& when, const std::string& measure = "m") {
  return Proposed(when, measure, "findings: 'f'");
}

Event Evaluated(const std::string& when, const std::string& effect,
                const std::string& measure = "m") {
  return Measure(when, "evaluated", measure,
                 "observation: 'sett' effect: MEASURE_EFFECT_" + effect);
}

TEST(FoldMeasures, ProposesAMeasure) {
  GivenFacts(
      FindingsProjection(),
      {At("2025-10-01",
          R"pb(measure_proposed {
                 measure: "m"
                 title: "Blomlådor"
                 findings: "f"
                 findings: "e"
                 owner: "mkb"
                 where { place: "torget" }
                 estimated_cost { ore: 4000000 precision: PRECISION_ESTIMATE }
                 intended { edtf: "2026" }
                 expected_effect: "trivsel"
               })pb")})
      .ThenEntry<FindingEntry>(
          "p/measure/m",
          R"pb(measure {
                 measure: "m"
                 title: "Blomlådor"
                 findings: "f"
                 findings: "e"
                 owner: "mkb"
                 where { place: "torget" }
                 planned { edtf: "2026" }
                 planned_cost { ore: 4000000 precision: PRECISION_ESTIMATE }
                 expected_effect: "trivsel"
                 steps {
                   state: MEASURE_STATE_PROPOSED
                   says: MEASURE_STATE_PROPOSED
                   text: "trivsel"
                   origin { position: 1 }
                 }
                 state: MEASURE_STATE_PROPOSED
                 origin { position: 1 }
                 facts {
                   proposed {
                     measure: "m"
                     title: "Blomlådor"
                     findings: "f"
                     findings: "e"
                     owner: "mkb"
                     where { place: "torget" }
                     estimated_cost {
                       ore: 4000000
                       precision: PRECISION_ESTIMATE
                     }
                     intended { edtf: "2026" }
                     expected_effect: "trivsel"
                   }
                   origin { position: 1 }
                 }
               })pb")
      .ThenEntry<FindingEntry>("p/finding/f",
                               R"pb(finding {
                                      finding: "f"
                                      steps {
                                        state: FINDING_STATE_MEASURE_PROPOSED
                                        says: FINDING_STATE_MEASURE_PROPOSED
                                        detail: "m"
                                        text: "trivsel"
                                        measure: "m"
                                        measure_state: MEASURE_STATE_PROPOSED
                                        origin { position: 1 }
                                      }
                                      state: FINDING_STATE_MEASURE_PROPOSED
                                      measures: "m"
                                    })pb");
}

TEST(FoldMeasures, MergesTheFactsIntoThePictureNow) {
  const MeasureView measure = MeasureAfter(
      {Proposed("2025-10-01", "m",
                "owner: 'a' intended { edtf: '2026' } where { place: 'x' } "
                "estimated_cost { ore: 1 }"),
       Measure("2025-11-01", "decided", "m", "decision: 'd-1' body: 'b'"),
       Measure("2025-12-01", "planned", "m",
               "owner: 'b' planned { edtf: '2026-05' } funding: 'fgk-2026'"),
       // A plan says it again in part; what it does not say stands.
       Measure("2026-01-01", "planned", "m",
               "cost { ore: 2 } where { place: 'y' }"),
       Measure("2026-05-10", "implemented", "m",
               "actual_cost { ore: 3 } where { place: 'z' }"),
       Evaluated("2026-09-01", "PARTIAL")});
  EXPECT_EQ(measure.owner(), "b");
  EXPECT_EQ(measure.planned().edtf(), "2026-05");
  EXPECT_EQ(measure.planned_cost().ore(), 2);
  EXPECT_EQ(measure.actual_cost().ore(), 3);
  EXPECT_EQ(measure.where().place(), "z");
  EXPECT_EQ(measure.funding(), "fgk-2026");
  EXPECT_EQ(measure.decision(), "d-1");
  EXPECT_EQ(measure.effect(), event::v1::MEASURE_EFFECT_PARTIAL);
  EXPECT_EQ(measure.observation(), "sett");
  EXPECT_EQ(measure.state(), view::v1::MEASURE_STATE_EVALUATED);
  EXPECT_EQ(measure.facts_size(), 6);
}

TEST(FoldMeasures, ADecisionWithoutIdIsItsBody) {
  EXPECT_EQ(MeasureAfter({Proposed("", "m"),
                          Measure("", "decided", "m", "body: 'styrgrupp'")})
                .decision(),
            "styrgrupp");
}

TEST(FoldMeasures, APlanGoesBeforeAProposalWhicheverCameLast) {
  // The proposal's time is not known: it sorts last, and is a proposal still.
  const MeasureView measure =
      MeasureAfter({Measure("2025-12-01", "planned", "m",
                            "owner: 'b' planned { edtf: '2026-05' }"),
                    Proposed("", "m", "owner: 'a' intended { edtf: '2026' }")});
  EXPECT_EQ(measure.owner(), "b");
  EXPECT_EQ(measure.planned().edtf(), "2026-05");
  EXPECT_EQ(measure.state(), view::v1::MEASURE_STATE_PLANNED);
  EXPECT_EQ(measure.steps(1).says(), view::v1::MEASURE_STATE_PROPOSED);
  EXPECT_EQ(measure.steps(1).state(), view::v1::MEASURE_STATE_PLANNED);
}

TEST(FoldMeasures, FallsBackWhenThePlanIsTakenBack) {
  const MeasureView measure = MeasureAfter(
      {Proposed("2025", "m", "owner: 'a' estimated_cost { ore: 1 }"),
       Measure("2025-12-01", "planned", "m", "owner: 'b' cost { ore: 2 }"),
       Reversed(2)});
  EXPECT_EQ(measure.owner(), "a");
  EXPECT_EQ(measure.planned_cost().ore(), 1);
  EXPECT_EQ(measure.state(), view::v1::MEASURE_STATE_PROPOSED);
}

struct Step {
  std::string step;
  MeasureState state;
  FindingState finding;
};

class FoldMeasureStep : public ::testing::TestWithParam<Step> {};

TEST_P(FoldMeasureStep, MovesTheMeasureAndItsFinding) {
  const std::vector<Event> events = {
      Logged("2025-01-01", "f"), ForF("2025-02-01"),
      Measure("2025-03-01", GetParam().step, "m",
              GetParam().step == "abandoned" ? "reason: 'r'" : "")};
  EXPECT_EQ(MeasureAfter(events).state(), GetParam().state);
  EXPECT_EQ(FindingAfter(events).state(), GetParam().finding);
  // Taken back, all is as before it.
  std::vector<Event> reversed = events;
  reversed.push_back(Reversed(3));
  EXPECT_EQ(MeasureAfter(reversed).state(), view::v1::MEASURE_STATE_PROPOSED);
  EXPECT_EQ(FindingAfter(reversed).state(),
            view::v1::FINDING_STATE_MEASURE_PROPOSED);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, FoldMeasureStep,
    ::testing::Values(Step{"decided", view::v1::MEASURE_STATE_DECIDED,
                           view::v1::FINDING_STATE_MEASURE_PROPOSED},
                      Step{"planned", view::v1::MEASURE_STATE_PLANNED,
                           view::v1::FINDING_STATE_MEASURE_PLANNED},
                      Step{"started", view::v1::MEASURE_STATE_STARTED,
                           view::v1::FINDING_STATE_MEASURE_PLANNED},
                      Step{"implemented", view::v1::MEASURE_STATE_IMPLEMENTED,
                           view::v1::FINDING_STATE_MEASURE_IMPLEMENTED},
                      Step{"evaluated", view::v1::MEASURE_STATE_EVALUATED,
                           view::v1::FINDING_STATE_EVALUATED},
                      Step{"closed", view::v1::MEASURE_STATE_CLOSED,
                           view::v1::FINDING_STATE_MEASURE_PROPOSED},
                      Step{"abandoned", view::v1::MEASURE_STATE_ABANDONED,
                           view::v1::FINDING_STATE_LOGGED}),
    [](const auto& instance) { return instance.param.step; });

TEST(FoldMeasures, AnEvaluationWithoutEffectAsksForAnotherMeasure) {
  const std::vector<Event> events = {Logged("2025-01-01", "f"),
                                     ForF("2025-02-01"),
                                     Measure("2025-05-01", "implemented", "m"),
                                     Evaluated("2025-09-01", "NONE")};
  const FindingView finding = FindingAfter(events);
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_MEASURE_PROPOSED);
  // The step tells that the measure was evaluated, and what was seen.
  EXPECT_EQ(finding.steps(2).measure_state(),
            view::v1::MEASURE_STATE_EVALUATED);
  EXPECT_EQ(finding.steps(2).text(), "sett");
  EXPECT_EQ(MeasureAfter(events).state(), view::v1::MEASURE_STATE_EVALUATED);

  std::vector<Event> another = events;
  another.push_back(ForF("2025-10-01", "m2"));
  another.push_back(Measure("2025-11-01", "planned", "m2"));
  EXPECT_EQ(FindingAfter(another).state(),
            view::v1::FINDING_STATE_MEASURE_PLANNED);
  EXPECT_THAT(FindingAfter(another).measures(),
              ::testing::ElementsAre("m", "m2"));

  std::vector<Event> unclear = events;
  unclear[3] = Evaluated("2025-09-01", "UNCLEAR");
  EXPECT_EQ(FindingAfter(unclear).state(), view::v1::FINDING_STATE_EVALUATED);
}

TEST(FoldMeasures, AFindingIsAsFarAsItsFurthestMeasure) {
  EXPECT_EQ(FindingAfter({Logged("2025-01-01", "f"), ForF("2025-02-01"),
                          Measure("2025-05-01", "implemented", "m"),
                          ForF("2025-06-01", "m2")})
                .state(),
            view::v1::FINDING_STATE_MEASURE_IMPLEMENTED);
}

TEST(FoldMeasures, AMeasureGivenUpLeavesTheOthers) {
  const FindingView finding = FindingAfter(
      {Logged("2025-01-01", "f"), ForF("2025-02-01"),
       Measure("2025-03-01", "planned", "m"), ForF("2025-04-01", "m2"),
       Measure("2025-05-01", "abandoned", "m", "reason: 'för dyrt'")});
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_MEASURE_PROPOSED);
  EXPECT_EQ(finding.steps(3).measure_state(),
            view::v1::MEASURE_STATE_ABANDONED);
  EXPECT_EQ(finding.steps(3).state(), view::v1::FINDING_STATE_MEASURE_PROPOSED);
  EXPECT_EQ(finding.steps(3).text(), "för dyrt");
}

TEST(FoldMeasures, WhatWasGivenUpIsTakenUpByAStepWhollyAfter) {
  const auto state_with = [](const std::string& planned) {
    return MeasureAfter({Proposed("2025-01-01", "m"),
                         Measure("2025-06-15", "abandoned", "m", "reason: 'r'"),
                         Measure(planned, "planned", "m")})
        .state();
  };
  EXPECT_EQ(state_with("2025-06-16"), view::v1::MEASURE_STATE_PLANNED);
  EXPECT_EQ(state_with("2025-06"), view::v1::MEASURE_STATE_ABANDONED);
  EXPECT_EQ(state_with("2025"), view::v1::MEASURE_STATE_ABANDONED);
  EXPECT_EQ(state_with(""), view::v1::MEASURE_STATE_ABANDONED);
}

TEST(FoldMeasures, LateStepsDoNotStepBack) {
  // Told in the order done, planned, proposed.
  const std::vector<Event> events = {Measure("2025-05-01", "implemented", "m"),
                                     Measure("2025-03-01", "planned", "m"),
                                     ForF("2025-02-01"),
                                     Logged("2025-01-01", "f")};
  EXPECT_EQ(MeasureAfter(events).state(), view::v1::MEASURE_STATE_IMPLEMENTED);
  const FindingView finding = FindingAfter(events);
  EXPECT_EQ(finding.state(), view::v1::FINDING_STATE_MEASURE_IMPLEMENTED);
  ASSERT_EQ(finding.steps_size(), 3);
  EXPECT_EQ(finding.steps(0).origin().position(), 3u);
  EXPECT_EQ(finding.steps(2).origin().position(), 1u);
}

TEST(FoldMeasures, ACorrectedProposalMovesItsStepsToTheRightFinding) {
  GivenFacts(
      FindingsProjection(),
      {Logged("2025-01-01", "f"), Logged("2025-01-01", "g"), ForF("2025-02-01"),
       Measure("2025-03-01", "planned", "m"),
       testing::Text<Event>(
           R"pb(event_corrected {
                  target: "00000000-0000-4000-8000-000000000003"
                  reason_code: "fel"
                  reason: "fel iakttagelse"
                  replacement {
                    process: "p"
                    occurred { edtf: "2025-02-01" }
                    recorded_by { organisation: "org" }
                    measure_proposed { measure: "m" title: "m" findings: "g" }
                  }
                })pb")})
      .ThenEntry<FindingEntry>("p/finding/f",
                               R"pb(finding {
                                      finding: "f"
                                      logged {
                                        finding: "f"
                                        polarity: POLARITY_DEFICIENCY
                                        description: "mörkt"
                                      }
                                      state: FINDING_STATE_LOGGED
                                      origin { position: 1 }
                                    })pb")
      .ThenEntry<FindingEntry>("p/finding/g",
                               R"pb(finding {
                                      finding: "g"
                                      logged {
                                        finding: "g"
                                        polarity: POLARITY_DEFICIENCY
                                        description: "mörkt"
                                      }
                                      steps {
                                        state: FINDING_STATE_MEASURE_PROPOSED
                                        says: FINDING_STATE_MEASURE_PROPOSED
                                        detail: "m"
                                        measure: "m"
                                        measure_state: MEASURE_STATE_PROPOSED
                                        origin { position: 5 }
                                      }
                                      steps {
                                        state: FINDING_STATE_MEASURE_PLANNED
                                        says: FINDING_STATE_MEASURE_PLANNED
                                        detail: "m"
                                        measure: "m"
                                        measure_state: MEASURE_STATE_PLANNED
                                        origin { position: 4 }
                                      }
                                      state: FINDING_STATE_MEASURE_PLANNED
                                      measures: "m"
                                      origin { position: 2 }
                                    })pb");
}

TEST(FoldMeasures, ADeclinedFindingIsTakenOnByALaterMeasure) {
  EXPECT_EQ(FindingAfter({Logged("", "f"), Declined("2025-05-01", "f"),
                          ForF("2025-06-01")})
                .state(),
            view::v1::FINDING_STATE_MEASURE_PROPOSED);
  EXPECT_EQ(
      FindingAfter({Logged("", "f"), Declined("2025-05-01", "f"), ForF("2025")})
          .state(),
      view::v1::FINDING_STATE_DECLINED);
}

}  // namespace
}  // namespace samverk::projections

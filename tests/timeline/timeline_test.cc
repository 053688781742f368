// The timeline fold, fact by fact.
#include "projections/timeline/timeline.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/view/v1/timeline.pb.h"
#include "tests/testing/any_order.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::GivenFacts;
using testing::Text;
using view::v1::ProcessView;
using view::v1::TimelineStored;

Event Reversed(uint64_t n) {
  return Text<Event>("event_reversed { target: '" + testing::EventIdOf(n) +
                     "' reason_code: 'fel' reason: 'hände inte' }");
}

TEST(FoldTimeline, RegistersTheProcess) {
  GivenFacts(TimelineProjection(),
             {Text<Event>(R"pb(occurred { edtf: "2025" }
                               process_registered {
                                 name: "Ekostaden Augustenborg"
                                 municipality: "Malmö"
                                 vision: "ett tryggt och bilfritt Augustenborg"
                                 horizon { edtf: "2026/2027" }
                               })pb")})
      .ThenEntry<TimelineStored>(
          "p/process/p",
          R"pb(process {
                 process: "p"
                 registered {
                   name: "Ekostaden Augustenborg"
                   municipality: "Malmö"
                   vision: "ett tryggt och bilfritt Augustenborg"
                   horizon { edtf: "2026/2027" }
                 }
                 origin {
                   position: 1
                   occurred { edtf: "2025" }
                 }
               })pb");
}

TEST(FoldTimeline, KeepsInterestApprovalAndClosingApart) {
  const std::vector<Event> events = {
      Text<Event>(R"pb(interest_registered { parties: "mkb" })pb"),
      Text<Event>(R"pb(process_approved { body: "tekniska nämnden" })pb"),
      Text<Event>(R"pb(process_closed { motivation: "klart" })pb")};
  GivenFacts(TimelineProjection(), events)
      .ThenEntry<TimelineStored>("p/process/p",
                                 R"pb(process {
                                        process: "p"
                                        interest { parties: "mkb" }
                                        interest_origin { position: 1 }
                                        approved { body: "tekniska nämnden" }
                                        approved_origin { position: 2 }
                                        closed { position: 3 }
                                        closed_motivation: "klart"
                                      })pb");
  std::vector<Event> reopened = events;
  reopened.push_back(Reversed(3));
  GivenFacts(TimelineProjection(), reopened)
      .ThenEntry<TimelineStored>("p/process/p",
                                 R"pb(process {
                                        process: "p"
                                        interest { parties: "mkb" }
                                        interest_origin { position: 1 }
                                        approved { body: "tekniska nämnden" }
                                        approved_origin { position: 2 }
                                      })pb");
}

TEST(FoldTimeline, AnotherApprovalStandsByTimeAndFallsBack) {
  // The approval of 2026 is recorded before that of 2025.
  const std::vector<Event> events = {
      Text<Event>(R"pb(occurred { edtf: "2026-01-15" }
                       process_approved { body: "b" paragraph: "§ 2" })pb"),
      Text<Event>(R"pb(occurred { edtf: "2025-01-15" }
                       process_approved { body: "b" paragraph: "§ 1" })pb")};
  GivenFacts(TimelineProjection(), events)
      .ThenEntry<TimelineStored>("p/process/p",
                                 R"pb(process {
                                        process: "p"
                                        approved { body: "b" paragraph: "§ 2" }
                                        approved_origin { position: 1 }
                                      })pb");
  std::vector<Event> reversed = events;
  reversed.push_back(Reversed(1));
  GivenFacts(TimelineProjection(), reversed)
      .ThenEntry<TimelineStored>("p/process/p",
                                 R"pb(process {
                                        process: "p"
                                        approved { body: "b" paragraph: "§ 1" }
                                        approved_origin { position: 2 }
                                      })pb");
}

TEST(FoldTimeline, KeepsEveryPhaseAsADecisionSaidIt) {
  GivenFacts(TimelineProjection(),
             {Text<Event>(R"pb(phase_entered {
                                 phase: 1
                                 name: "etablering"
                                 claimed_only: true
                               })pb"),
              Text<Event>(R"pb(phase_entered {
                                 phase: 2
                                 name: "fördjupning"
                                 criteria_met: "gemensam handlingsplan antagen"
                                 decision: "d-1"
                               })pb")})
      .ThenEntry<TimelineStored>(
          "p/phase/00000000000000000001",
          R"pb(phase {
                 entered { phase: 1 name: "etablering" claimed_only: true }
                 origin { position: 1 }
               })pb")
      .ThenEntry<TimelineStored>(
          "p/phase/00000000000000000002",
          R"pb(phase {
                 entered {
                   phase: 2
                   name: "fördjupning"
                   criteria_met: "gemensam handlingsplan antagen"
                   decision: "d-1"
                 }
                 origin { position: 2 }
               })pb");
}

// A fact that is kept as recorded in an entry of its own.
struct Kept {
  std::string name;
  std::string fact;
  std::string key;
  std::string view;
};

class FoldTimelineKeeps : public ::testing::TestWithParam<Kept> {};

TEST_P(FoldTimelineKeeps, ItAsRecordedUntilTakenBack) {
  const Kept& kept = GetParam();
  GivenFacts(TimelineProjection(), {Text<Event>(kept.fact)})
      .ThenEntry<TimelineStored>(kept.key, kept.view);
  GivenFacts(TimelineProjection(), {Text<Event>(kept.fact), Reversed(1)})
      .ThenNoEntry<TimelineStored>(kept.key);
}

INSTANTIATE_TEST_SUITE_P(
    Facts, FoldTimelineKeeps,
    ::testing::Values(
        Kept{"Decision", "decision_recorded { decision: 'd' text: 't' }",
             "p/decision/d",
             "decision { recorded { decision: 'd' text: 't' } "
             "origin { position: 1 } }"},
        Kept{"Goal", "goal_set { goal: 'g' text: 't' }", "p/goal/g",
             "goal { set { goal: 'g' text: 't' } origin { position: 1 } }"},
        Kept{"Indicator", "indicator_defined { indicator: 'i' goal: 'g' }",
             "p/indicator/i",
             "indicator { defined { indicator: 'i' goal: 'g' } "
             "origin { position: 1 } }"},
        Kept{"Lesson", "lesson_recorded { lesson: 'l' text: 't' order: 2 }",
             "p/lesson/l",
             "lesson { recorded { lesson: 'l' text: 't' order: 2 } "
             "origin { position: 1 } }"},
        Kept{"Picture",
             "situation_picture_shared { picture: 's' shared_by: 'polisen' }",
             "p/picture/s",
             "picture { shared { picture: 's' shared_by: 'polisen' } "
             "origin { position: 1 } }"},
        Kept{"Phase", "phase_entered { phase: 1 name: 'n' }",
             "p/phase/00000000000000000001",
             "phase { entered { phase: 1 name: 'n' } "
             "origin { position: 1 } }"},
        Kept{"Outcome",
             "outcome_claimed { outcome: 'o' kind: OUTCOME_KIND_SHIFT }",
             "p/outcome/o",
             "outcome { claimed { outcome: 'o' kind: OUTCOME_KIND_SHIFT } "
             "origin { position: 1 } grade: GRADE_CLAIMED claimant: 'org' }"},
        Kept{"Study", "study_started { study: 's' title: 't' }", "p/study/s",
             "study { started { study: 's' title: 't' } "
             "origin { position: 1 } }"},
        Kept{"Initiative", "initiative_linked { initiative: 'i' title: 't' }",
             "p/initiative/i",
             "initiative { linked { initiative: 'i' title: 't' } "
             "origin { position: 1 } }"}),
    [](const auto& instance) { return instance.param.name; });

TEST(FoldTimeline, TheClaimantIsWhoeverItWasRecordedFor) {
  GivenFacts(TimelineProjection(),
             {Text<Event>(R"pb(on_behalf_of: "mkb"
                               outcome_claimed { outcome: "o" })pb")})
      .ThenEntry<TimelineStored>("p/outcome/o",
                                 R"pb(outcome {
                                        claimed { outcome: "o" }
                                        origin { position: 1 }
                                        grade: GRADE_CLAIMED
                                        claimant: "mkb"
                                      })pb");
}

TEST(FoldTimeline, GradesAnOutcomeByWhatIsSaidOfIt) {
  const Event said = Text<Event>(R"pb(outcome_substantiated {
                                        outcome: "o"
                                        substantiator: "polisen"
                                        independent: true
                                        agreement: AGREEMENT_FULL
                                      })pb");
  // Also when the word came before the claim.
  GivenFacts(TimelineProjection(),
             {said, Text<Event>(R"pb(outcome_claimed { outcome: "o" })pb")})
      .ThenEntry<TimelineStored>("p/outcome/o",
                                 R"pb(outcome {
                                        claimed { outcome: "o" }
                                        origin { position: 2 }
                                        substantiations {
                                          substantiated {
                                            outcome: "o"
                                            substantiator: "polisen"
                                            independent: true
                                            agreement: AGREEMENT_FULL
                                          }
                                          origin { position: 1 }
                                        }
                                        grade: GRADE_INDEPENDENTLY_CONFIRMED
                                        claimant: "org"
                                      })pb");
  // Without a claim there is nothing to grade.
  GivenFacts(TimelineProjection(), {said})
      .ThenEntry<TimelineStored>("p/outcome/o",
                                 R"pb(outcome {
                                        substantiations {
                                          substantiated {
                                            outcome: "o"
                                            substantiator: "polisen"
                                            independent: true
                                            agreement: AGREEMENT_FULL
                                          }
                                          origin { position: 1 }
                                        }
                                      })pb");
}

TEST(FoldTimeline, InsightsArePreliminaryUntilTheStudyIsPublished) {
  const std::vector<Event> events = {
      Text<Event>(R"pb(preliminary_insight_recorded {
                         study: "s"
                         insight: "i"
                         text: "t"
                       })pb"),
      Text<Event>(R"pb(study_started { study: "s" title: "Mobilitet" })pb"),
      Text<Event>(R"pb(study_published { study: "s" conclusions: "c" })pb")};
  const auto view = [](const std::string& preliminary,
                       const std::string& published) {
    return "study { started { study: 's' title: 'Mobilitet' } "
           "origin { position: 2 } insights { recorded { study: 's' "
           "insight: 'i' text: 't' } origin { position: 1 } " +
           preliminary + "} " + published + "}";
  };
  GivenFacts(TimelineProjection(), {events[0], events[1]})
      .ThenEntry<TimelineStored>("p/study/s", view("preliminary: true", ""));
  GivenFacts(TimelineProjection(), events)
      .ThenEntry<TimelineStored>(
          "p/study/s", view("", "published { position: 3 } conclusions: 'c'"));
  std::vector<Event> withdrawn = events;
  withdrawn.push_back(Reversed(3));
  GivenFacts(TimelineProjection(), withdrawn)
      .ThenEntry<TimelineStored>("p/study/s", view("preliminary: true", ""));
}

TEST(FoldTimeline, OrdersWhatWasSeenOfAnInitiativeByTime) {
  const auto seen = [](const std::string& when, const std::string& status) {
    return Text<Event>("occurred { edtf: '" + when +
                       "' } initiative_status_observed { initiative: 'i' "
                       "status: INITIATIVE_STATUS_" +
                       status + " }");
  };
  GivenFacts(TimelineProjection(), {seen("2025-10-01", "THRESHOLD_REACHED"),
                                    seen("2025-06-01", "PUBLISHED")})
      .ThenEntry<TimelineStored>(
          "p/initiative/i",
          R"pb(initiative {
                 steps {
                   observed {
                     initiative: "i"
                     status: INITIATIVE_STATUS_PUBLISHED
                   }
                   origin { position: 2 }
                 }
                 steps {
                   observed {
                     initiative: "i"
                     status: INITIATIVE_STATUS_THRESHOLD_REACHED
                   }
                   origin { position: 1 }
                 }
               })pb");
}

TEST(FoldTimeline, ACorrectionReplacesTheWholeFact) {
  GivenFacts(
      TimelineProjection(),
      {Text<Event>(
           R"pb(lesson_recorded { lesson: "l" text: "a" explanation: "b" })pb"),
       Text<Event>(R"pb(event_corrected {
                          target: "00000000-0000-4000-8000-000000000001"
                          reason_code: "skrivfel"
                          reason: "skrivfel"
                          replacement {
                            process: "p"
                            recorded_by { organisation: "org" }
                            lesson_recorded { lesson: "l" text: "c" }
                          }
                        })pb")})
      .ThenEntry<TimelineStored>("p/lesson/l",
                                 R"pb(lesson {
                                        recorded { lesson: "l" text: "c" }
                                        origin { position: 2 }
                                      })pb");
}

Event AnyKnowledge(testing::Chance& chance) {
  Event event;
  switch (chance.Below(7)) {
    case 0:
      event.mutable_outcome_claimed()->set_outcome("o");
      event.mutable_outcome_claimed()->set_claim(chance.Pick({"a", "b"}));
      event.set_on_behalf_of(chance.Pick({"", "mkb"}));
      if (chance.Maybe()) event.add_evidence()->set_title("x");
      break;
    case 1: {
      auto& said = *event.mutable_outcome_substantiated();
      said.set_outcome("o");
      said.set_substantiator(chance.Pick({"mkb", "polisen", "fgk"}));
      said.set_independent(chance.Maybe());
      said.set_agreement(chance.Maybe() ? event::v1::AGREEMENT_PARTIAL
                                        : event::v1::AGREEMENT_NONE);
      break;
    }
    case 2:
      event.mutable_study_started()->set_study("s");
      event.mutable_study_started()->set_title(chance.Pick({"a", "b"}));
      break;
    case 3:
      event.mutable_preliminary_insight_recorded()->set_study("s");
      break;
    case 4:
      event.mutable_study_published()->set_study("s");
      event.mutable_study_published()->set_conclusions(chance.Pick({"", "b"}));
      break;
    case 5:
      event.mutable_initiative_linked()->set_initiative("i");
      break;
    default:
      event.mutable_initiative_status_observed()->set_initiative("i");
  }
  return event;
}

Event AnyFact(testing::Chance& chance) {
  Event event;
  switch (chance.Below(10)) {
    case 0:
      event.mutable_process_registered()->set_name(chance.Pick({"a", "b"}));
      break;
    case 1:
      event.mutable_interest_registered()->add_parties("a");
      break;
    case 2:
      event.mutable_process_approved()->set_body(chance.Pick({"a", "b"}));
      break;
    case 3:
      event.mutable_process_closed()->set_motivation(chance.Pick({"", "b"}));
      break;
    case 4:
      event.mutable_phase_entered()->set_phase(2);
      break;
    case 5:
      event.mutable_goal_set()->set_goal(chance.Pick({"g", "h"}));
      break;
    default:
      event = AnyKnowledge(chance);
  }
  *event.mutable_occurred() = testing::AnyTime(chance);
  return event;
}

TEST(FoldTimeline, RetractUndoesApply) {
  std::vector<Event> events;
  testing::Chance chance(7);
  for (int i = 0; i < 20; ++i) events.push_back(AnyFact(chance));
  events.push_back(Text<Event>(R"pb(decision_recorded { decision: "d" })pb"));
  events.push_back(Text<Event>(R"pb(indicator_defined { indicator: "i" })pb"));
  events.push_back(Text<Event>(R"pb(lesson_recorded { lesson: "l" })pb"));
  events.push_back(
      Text<Event>(R"pb(situation_picture_shared { picture: "s" })pb"));
  testing::ExpectRetractUndoesApply(TimelineProjection(), std::move(events));
}

TEST(FoldTimeline, FactsMayComeAndGoInAnyOrder) {
  testing::ExpectAnyOrderGivesTheSame(TimelineProjection(), 40, AnyFact);
}

}  // namespace
}  // namespace samverk::projections

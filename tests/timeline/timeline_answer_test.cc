// The progression: the answer, composed over all projections.
#include "projections/timeline/timeline_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/activities/activities.h"
#include "projections/budget/budget.h"
#include "projections/checks/checks.h"
#include "projections/findings/findings.h"
#include "projections/participation/participation.h"
#include "projections/timeline/timeline.h"
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
using ::testing::IsEmpty;
using testing::Text;
using view::v1::TimelineAnswer;
using view::v1::TimelineEntry;

FoldedFacts Given(std::vector<Event> events) {
  return GivenFacts(
      {ActivitiesProjection(), BudgetProjection(), ChecksProjection(),
       FindingsProjection(), ParticipationProjection(), TimelineProjection()},
      std::move(events));
}

Event At(const std::string& when, const std::string& fact) {
  Event event = Text<Event>(fact);
  if (!when.empty()) event.mutable_occurred()->set_edtf(when);
  return event;
}

std::vector<std::string> Titles(const TimelineAnswer& answer) {
  std::vector<std::string> titles;
  for (const auto& entry : answer.entries()) titles.push_back(entry.title());
  return titles;
}

std::vector<std::string> Details(const TimelineAnswer& answer) {
  std::vector<std::string> details;
  for (const auto& entry : answer.entries()) details.push_back(entry.detail());
  return details;
}

TimelineAnswer Ask(std::vector<Event> events, std::string_view period = "",
                   Language language = Language::kSwedish,
                   std::string_view evaluate_at = "2026-01-31") {
  const auto given = Given(std::move(events));
  return AnswerTimeline(given.views(), Asking(period, language, evaluate_at));
}

TimelineAnswer AskInEnglish(std::vector<Event> events) {
  return Ask(std::move(events), "", Language::kEnglish);
}

TEST(AnswerTimeline, ShowsPhasesAsDecisionsWithCriteria) {
  const std::vector<Event> events = {
      At("2025", R"pb(phase_entered {
                        phase: 1
                        name: "initial samverkansstruktur"
                        claimed_only: true
                      })pb"),
      At("2026-03-01", R"pb(phase_entered {
                              phase: 3
                              name: "genomförande"
                              criteria_met: "handlingsplan antagen"
                              criteria_met: "finansiering beslutad"
                            })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(Titles(answer), ElementsAre("Fas 1: initial samverkansstruktur",
                                          "Fas 3: genomförande"));
  EXPECT_EQ(answer.entries(0).kind(), view::v1::TIMELINE_KIND_PHASE);
  EXPECT_EQ(answer.entries(0).phase(), 1u);
  EXPECT_TRUE(answer.entries(0).claimed_only());
  EXPECT_EQ(answer.entries(1).detail(),
            "handlingsplan antagen; finansiering beslutad");
  EXPECT_FALSE(answer.entries(1).claimed_only());
  EXPECT_THAT(answer.entries(1).positions(), ElementsAre(2u));
  EXPECT_EQ(answer.current_phase().entered().phase(), 3u);
  EXPECT_EQ(AskInEnglish(events).entries(0).title(),
            "Phase 1: initial samverkansstruktur");
}

TEST(AnswerTimeline, TheCurrentPhaseIsTheOneEnteredLast) {
  const auto phase = [](const std::string& when, int number) {
    return At(when, "phase_entered { phase: " + std::to_string(number) +
                        " name: 'n' }");
  };
  const auto current = [&](std::vector<Event> events) {
    return Ask(std::move(events)).current_phase().entered().phase();
  };
  // By time, also when recorded late.
  EXPECT_EQ(current({phase("2026-03-01", 3), phase("2025-12-01", 2)}), 3u);
  // A decided step back.
  EXPECT_EQ(current({phase("2025-03-01", 3), phase("2025-06-01", 2)}), 2u);
  // It cannot be told: the greater number.
  EXPECT_EQ(current({phase("2025", 2), phase("2025", 1)}), 2u);
  EXPECT_EQ(current({phase("", 2), phase("2025-11-01", 1)}), 2u);
  EXPECT_FALSE(Ask({}).has_current_phase());
  // Whatever the period.
  EXPECT_EQ(
      Ask({phase("2026-03-01", 3)}, "2025").current_phase().entered().phase(),
      3u);
}

TEST(AnswerTimeline, ShowsDecisionsApprovalAndClosing) {
  const std::vector<Event> events = {
      At("2025-01-10", R"pb(process_approved {
                              body: "tekniska nämnden"
                              paragraph: "§ 12"
                              registry_number: "TN-2025-7"
                            })pb"),
      At("2025-06-01", R"pb(decision_recorded {
                              decision: "d-1"
                              body: "styrgruppen"
                              text: "Handlingsplanen antas"
                            })pb"),
      At("2028-01-01",
         R"pb(process_closed { motivation: "i förvaltning" })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(Titles(answer),
              ElementsAre("Processen godkänd", "Handlingsplanen antas",
                          "Processen avslutad"));
  EXPECT_THAT(Details(answer),
              ElementsAre("tekniska nämnden, § 12, dnr TN-2025-7",
                          "styrgruppen", "i förvaltning"));
  for (const auto& entry : answer.entries()) {
    EXPECT_EQ(entry.kind(), view::v1::TIMELINE_KIND_DECISION);
  }
  const TimelineAnswer english = AskInEnglish(events);
  EXPECT_THAT(Titles(english),
              ElementsAre("Process approved", "Handlingsplanen antas",
                          "Process closed"));
  EXPECT_EQ(english.entries(0).detail(),
            "tekniska nämnden, § 12, reg. no. TN-2025-7");
}

TEST(AnswerTimeline, ShowsShiftsAndAchievementsWithGradeAndHedge) {
  const std::vector<Event> events = {
      At("2025", R"pb(outcome_claimed {
                        outcome: "s-2"
                        kind: OUTCOME_KIND_SHIFT
                        from: "dialog"
                        to: "handling"
                        claim: "som vi tror"
                        hedge: HEDGE_BELIEVED
                      })pb"),
      At("2025", R"pb(outcome_claimed {
                        outcome: "a-1"
                        kind: OUTCOME_KIND_ACHIEVEMENT
                        claim: "Ett mer samlat nätverk"
                        significance: "hållbar struktur"
                      })pb"),
      At("2025", R"pb(outcome_claimed {
                        outcome: "p-1"
                        kind: OUTCOME_KIND_PROCESS
                        claim: "nära samarbete"
                      })pb"),
      At("2026-02-01", R"pb(outcome_substantiated {
                              outcome: "s-2"
                              substantiator: "lnu"
                              independent: true
                              agreement: AGREEMENT_PARTIAL
                            })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(Titles(answer), ElementsAre("Från dialog till handling",
                                          "Ett mer samlat nätverk"));
  const TimelineEntry& shift = answer.entries(0);
  EXPECT_EQ(shift.kind(), view::v1::TIMELINE_KIND_SHIFT);
  EXPECT_EQ(shift.grade(), view::v1::GRADE_INDEPENDENTLY_CONFIRMED);
  EXPECT_EQ(shift.hedge(), event::v1::HEDGE_BELIEVED);
  EXPECT_EQ(shift.detail(), "som vi tror");
  EXPECT_THAT(shift.positions(), ElementsAre(1u, 4u));
  EXPECT_EQ(answer.entries(1).kind(), view::v1::TIMELINE_KIND_ACHIEVEMENT);
  EXPECT_EQ(answer.entries(1).grade(), view::v1::GRADE_CLAIMED);
  EXPECT_EQ(answer.entries(1).detail(), "hållbar struktur");
  EXPECT_EQ(AskInEnglish(events).entries(0).title(), "From dialog to handling");
}

TEST(AnswerTimeline, ShowsWhatHappensToGrants) {
  const std::vector<Event> events = {
      Text<Event>(R"pb(actor_registered { actor: "fgk" name: "FGK" })pb"),
      At("2025-02-01", R"pb(grant_awarded {
                              grant: "g"
                              funder: "fgk"
                              amount {
                                ore: 30000000
                                currency: "SEK"
                                precision: PRECISION_EXACT
                              }
                              registry_number: "TN-1"
                            })pb"),
      At("2026-04-01", R"pb(grant_settled {
                              grant: "g"
                              used {
                                ore: 27000000
                                currency: "SEK"
                                precision: PRECISION_EXACT
                              }
                              remainder {
                                ore: 3000000
                                currency: "SEK"
                                precision: PRECISION_EXACT
                              }
                            })pb"),
      At("2026-05-01", R"pb(grant_repaid {
                              grant: "g"
                              payment: "b-1"
                              amount {
                                ore: 3000000
                                currency: "SEK"
                                precision: PRECISION_EXACT
                              }
                            })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(
      Titles(answer),
      ElementsAre("Bidrag beviljat: 300\u00a0000\u00a0kr",
                  "Bidrag slutreglerat: använt 270\u00a0000\u00a0kr, rest "
                  "30\u00a0000\u00a0kr",
                  "Rest återbetald: 30\u00a0000\u00a0kr"));
  EXPECT_EQ(answer.entries(0).detail(), "FGK, dnr TN-1");
  EXPECT_EQ(answer.entries(0).entity(), "g");
  EXPECT_EQ(answer.entries(0).kind(), view::v1::TIMELINE_KIND_GRANT);
  EXPECT_THAT(Titles(AskInEnglish(events)),
              ElementsAre(::testing::StartsWith("Grant awarded: SEK"),
                          ::testing::StartsWith("Grant settled: used SEK"),
                          ::testing::StartsWith("Remainder repaid: SEK")));
}

TEST(AnswerTimeline, ShowsWhatWasHeldWithWhatIsUnknown) {
  const std::vector<Event> events = {
      Text<Event>(
          R"pb(place_defined { place: "cafe" name: "Café Sommaren" })pb"),
      At("2025", R"pb(dialogue_held {
                        held {
                          activity: "d"
                          title: "Boendedialog"
                          where { place: "cafe" }
                          where { description: "vid torget" }
                          themes: "trafiksäkerhet"
                          themes: "trivsel"
                          series: true
                        }
                      })pb"),
      At("2025-03", R"pb(meeting_held {
                           held {
                             activity: "m"
                             series: true
                             occasions: 4
                             cadence: "varannan månad"
                           }
                         })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(Titles(answer), ElementsAre("Boendedialog", "Möte"));
  EXPECT_THAT(Details(answer),
              ElementsAre("Café Sommaren, vid torget; trafiksäkerhet, trivsel; "
                          "antal tillfällen okänt",
                          "varannan månad; 4 tillfällen"));
  const TimelineAnswer english = AskInEnglish(events);
  EXPECT_EQ(english.entries(0).detail(),
            "Café Sommaren, vid torget; trafiksäkerhet, trivsel; number of "
            "occasions unknown");
  EXPECT_EQ(english.entries(1).title(), "Meeting");
  EXPECT_EQ(english.entries(1).detail(), "varannan månad; 4 occasions");
}

TEST(AnswerTimeline, ShowsMeasuresAsPlanUntilDone) {
  std::vector<Event> events = {
      Text<Event>(R"pb(actor_registered { actor: "fgk" name: "FGK" })pb"),
      At("2025", R"pb(measure_proposed {
                        measure: "m"
                        title: "Farthinder"
                        intended { edtf: "2026" }
                      })pb")};
  EXPECT_THAT(Titles(Ask(events)), ElementsAre("Farthinder"));
  EXPECT_EQ(Ask(events).entries(0).kind(), view::v1::TIMELINE_KIND_PLAN);
  EXPECT_EQ(Ask(events).entries(0).when().edtf(), "2026");
  EXPECT_EQ(Ask(events).entries(0).detail(),
            "saknas: ansvarig, plats, datum, beslut, kostnad");
  EXPECT_EQ(AskInEnglish(events).entries(0).detail(),
            "missing: owner, place, date, decision, cost");

  events.push_back(At(
      "2026-02-01", R"pb(measure_decided { measure: "m" body: "nämnden" })pb"));
  events.push_back(At("2026-03-01", R"pb(measure_planned {
                                           measure: "m"
                                           owner: "fgk"
                                           planned { edtf: "2026-05" }
                                           where { description: "torget" }
                                           cost { ore: 1 }
                                         })pb"));
  const TimelineAnswer planned =
      Ask(events, "", Language::kSwedish, "2026-06-01");
  EXPECT_THAT(Titles(planned),
              ElementsAre("Åtgärd beslutad: Farthinder",
                          "Åtgärd planerad: Farthinder", "Farthinder"));
  EXPECT_EQ(planned.entries(2).detail(), "FGK; torget; försenad");
  EXPECT_THAT(planned.entries(2).positions(), ElementsAre(4u));

  events.push_back(At("2026-06-10", R"pb(measure_implemented {
                                           measure: "m"
                                           description: "fyra gupp"
                                         })pb"));
  events.push_back(At("2026-09-01", R"pb(measure_evaluated {
                                           measure: "m"
                                           observation: "lägre fart"
                                           effect: MEASURE_EFFECT_ACHIEVED
                                         })pb"));
  const TimelineAnswer done = Ask(events);
  EXPECT_THAT(Titles(done), ElementsAre("Åtgärd beslutad: Farthinder",
                                        "Åtgärd planerad: Farthinder",
                                        "Åtgärd genomförd: Farthinder",
                                        "Åtgärd utvärderad: Farthinder"));
  EXPECT_EQ(done.entries(2).detail(), "fyra gupp");
  EXPECT_EQ(done.entries(3).detail(), "lägre fart");
  EXPECT_EQ(AskInEnglish(events).entries(2).title(),
            "Measure implemented: Farthinder");
}

TEST(AnswerTimeline, ShowsWhatIsScheduledAheadAndWhatLacksAnOutcome) {
  const std::vector<Event> events = {
      At("2025-12-01", R"pb(activity_scheduled {
                              activity: "walk"
                              title: "Trygghetsvandring vår"
                              planned { edtf: "2026-05-12" }
                              cadence: "vår"
                              expected_count: 2
                            })pb"),
      At("2025-12-01", R"pb(activity_scheduled {
                              activity: "cancelled"
                              title: "Inställd"
                              planned { edtf: "2026-05-12" }
                            })pb"),
      At("2026-01-01",
         R"pb(activity_cancelled { activity: "cancelled" reason: "r" })pb")};
  const TimelineAnswer ahead = Ask(events);
  EXPECT_THAT(Titles(ahead), ElementsAre("Trygghetsvandring vår"));
  EXPECT_EQ(ahead.entries(0).kind(), view::v1::TIMELINE_KIND_PLAN);
  EXPECT_EQ(ahead.entries(0).detail(), "vår; 2 tillfällen väntade");
  const TimelineAnswer passed =
      Ask(events, "", Language::kEnglish, "2026-05-13");
  EXPECT_EQ(passed.entries(0).detail(),
            "vår; 2 occasions expected; outcome missing");
}

TEST(AnswerTimeline, MarksInsightsPreliminaryUntilPublished) {
  std::vector<Event> events = {
      At("2025-03", R"pb(study_started {
                           study: "s"
                           title: "Mobilitetsutredningen"
                           focus: "socioekonomiska förutsättningar"
                         })pb"),
      At("2025-10", R"pb(preliminary_insight_recorded {
                           study: "s"
                           insight: "i"
                           text: "trafik och trygghet samspelar"
                         })pb")};
  const TimelineAnswer begun = Ask(events);
  EXPECT_THAT(Titles(begun),
              ElementsAre("Utredning påbörjad: Mobilitetsutredningen",
                          "Preliminär insikt: trafik och trygghet samspelar"));
  EXPECT_EQ(begun.entries(1).hedge(), event::v1::HEDGE_PRELIMINARY);
  EXPECT_EQ(begun.entries(0).detail(), "socioekonomiska förutsättningar");
  events.push_back(At("2026-06", R"pb(study_published {
                                        study: "s"
                                        conclusions: "så är det"
                                      })pb"));
  const TimelineAnswer published = AskInEnglish(events);
  EXPECT_THAT(Titles(published),
              ElementsAre("Study begun: Mobilitetsutredningen",
                          "Insight: trafik och trygghet samspelar",
                          "Study published: Mobilitetsutredningen"));
  EXPECT_EQ(published.entries(1).hedge(), event::v1::HEDGE_UNSPECIFIED);
  EXPECT_EQ(published.entries(2).detail(), "så är det");
}

TEST(AnswerTimeline, FollowsInitiatives) {
  const std::vector<Event> events = {
      At("2025-06", R"pb(initiative_linked {
                           initiative: "i"
                           title: "Sommargata"
                           platform: "Malmöinitiativet"
                         })pb"),
      At("2025-09", R"pb(initiative_status_observed {
                           initiative: "i"
                           status: INITIATIVE_STATUS_THRESHOLD_REACHED
                           votes: 1123
                           committee: "tekniska nämnden"
                         })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(Titles(answer), ElementsAre("Initiativ: Sommargata",
                                          "Sommargata: minst 100 röster"));
  EXPECT_THAT(
      Details(answer),
      ElementsAre("Malmöinitiativet", "1\u00a0123 röster, tekniska nämnden"));
  EXPECT_EQ(AskInEnglish(events).entries(1).title(),
            "Sommargata: at least 100 votes");
}

TEST(AnswerTimeline, EveryInitiativeStatusHasWordsInBothLanguages) {
  const auto* statuses = event::v1::InitiativeStatus_descriptor();
  for (int i = 1; i < statuses->value_count(); ++i) {
    Event seen = At("2025", "initiative_status_observed { initiative: 'i' }");
    seen.mutable_initiative_status_observed()->set_status(
        static_cast<event::v1::InitiativeStatus>(statuses->value(i)->number()));
    const std::vector<Event> events = {
        At("2025", "initiative_linked { initiative: 'i' title: 'T' }"), seen};
    EXPECT_NE(Ask(events).entries(1).title(), "T: okänd status");
    EXPECT_NE(AskInEnglish(events).entries(1).title(), "T: unknown status");
  }
}

TEST(AnswerTimeline, ShowsReportsHandedInAndApproved) {
  const std::vector<Event> events = {
      At("2026-02-01", R"pb(report_generated { report: "r" })pb"),
      At("2026-02-15", R"pb(report_submitted {
                              report: "r"
                              addressee: "fgk"
                              registry_number: "TN-2026-3"
                            })pb"),
      At("2026-03-01", R"pb(report_returned { report: "r" questions: "?" })pb"),
      At("2026-04-01",
         R"pb(report_approved { report: "r" approved_by: "enhetschef" })pb")};
  const TimelineAnswer answer = Ask(events);
  EXPECT_THAT(Titles(answer),
              ElementsAre("Återrapport inlämnad", "Återrapport godkänd"));
  EXPECT_EQ(answer.entries(0).kind(), view::v1::TIMELINE_KIND_REPORT);
  EXPECT_THAT(answer.entries(0).detail(), ::testing::HasSubstr("TN-2026-3"));
  EXPECT_EQ(answer.entries(0).entity(), "r");
  EXPECT_THAT(Titles(AskInEnglish(events)),
              ElementsAre("Report submitted", "Report approved"));
}

TEST(AnswerTimeline, OrdersByFirstInstantThenPosition) {
  const auto decided = [](const std::string& when, const std::string& text) {
    return At(when, "decision_recorded { decision: '" + text + "' text: '" +
                        text + "' }");
  };
  EXPECT_THAT(Titles(Ask({decided("", "unknown"), decided("2025-21", "spring"),
                          decided("2025-03-01", "first of March"),
                          decided("2025-01-01", "day"), decided("2025", "year"),
                          decided("2024-12-31T23:59", "before")})),
              ElementsAre("before", "day", "year", "spring", "first of March",
                          "unknown"));
}

TEST(AnswerTimeline, SelectsWhatHappenedAndPlansMadeInThePeriod) {
  const std::vector<Event> events = {
      At("2024", R"pb(process_registered {
                        name: "E"
                        horizon { edtf: "2026/2027" }
                      })pb"),
      At("2025", R"pb(measure_proposed {
                        measure: "m"
                        title: "Blomlådor"
                        intended { edtf: "2026" }
                      })pb"),
      At("2025", R"pb(measure_proposed { measure: "n" title: "Utan tid" })pb"),
      At("2024-12-31",
         R"pb(decision_recorded { decision: "d" text: "före" })pb"),
      At("2025-12-31",
         R"pb(decision_recorded { decision: "e" text: "sist" })pb"),
      At("2026-01-01",
         R"pb(decision_recorded { decision: "f" text: "efter" })pb")};
  EXPECT_THAT(Titles(Ask(events, "2025")),
              ElementsAre("sist", "Blomlådor", "Utan tid"));
  EXPECT_THAT(
      Titles(Ask(events, "2026")),
      ElementsAre("Samverkan fortsätter 2026–2027", "Blomlådor", "efter"));
  EXPECT_THAT(Titles(Ask(events, "2023")), IsEmpty());
}

TEST(AnswerTimeline, TellsTheProcess) {
  const TimelineAnswer answer =
      Ask({Text<Event>(R"pb(process_registered { name: "E" })pb")});
  EXPECT_EQ(answer.process().registered().name(), "E");
  EXPECT_FALSE(Ask({}).has_process());
}

TEST(FindProcess, IsNullUntilRegistered) {
  const auto approved =
      Given({Text<Event>(R"pb(process_approved { body: "b" })pb")});
  EXPECT_EQ(FindProcess(approved.views(), "p"), nullptr);
  const auto registered =
      Given({Text<Event>(R"pb(process_registered { name: "E" })pb")});
  ASSERT_NE(FindProcess(registered.views(), "p"), nullptr);
  EXPECT_EQ(FindProcess(registered.views(), "p")->registered().name(), "E");
  EXPECT_EQ(FindProcess(registered.views(), "q"), nullptr);
}

TEST(ForEachProcess, VisitsEachRegisteredOneUntilToldToStop) {
  const auto of = [](const std::string& process, const std::string& fact) {
    Event event = Text<Event>(fact);
    event.set_process(process);
    return event;
  };
  const std::string registered = "process_registered { name: 'E' }";
  const std::string goal = "goal_set { goal: 'g' text: 't' }";
  const auto given =
      Given({of("a", registered), of("a", goal), of("a-b", registered),
             of("a-b", goal), of("a0", registered), of("not-yet", goal),
             of("ö", registered)});
  std::vector<std::string> visited;
  size_t most = 10;
  const auto visit = [&](const view::v1::ProcessView& process) {
    visited.push_back(process.process());
    return visited.size() < most;
  };
  ForEachProcess(given.views(), visit);
  EXPECT_THAT(visited,
              ::testing::UnorderedElementsAre("a", "a-b", "a0", "ö"));
  visited.clear();
  most = 2;
  ForEachProcess(given.views(), visit);
  EXPECT_EQ(visited.size(), 2u);
  visited.clear();
  ForEachProcess(Given({}).views(), visit);
  EXPECT_TRUE(visited.empty());
}

}  // namespace
}  // namespace samverk::projections

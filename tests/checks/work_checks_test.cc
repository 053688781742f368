// C8 to C12: plans, effects, activities, documents, actors.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/checks/check_answers.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Asking;
using testing::CheckAnswer;
using testing::CheckOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Ids;
using ::testing::IsEmpty;
using testing::PositionsOf;
using testing::Text;
using testing::TextOf;
using testing::WithTime;

std::vector<std::string> Found(std::string_view rule,
                               const std::vector<Event>& events,
                               std::string_view on = "2026-01-31") {
  return Ids(CheckAnswer(events, Asking("2025", on)), rule);
}

std::string Said(std::string_view id, const std::vector<Event>& events) {
  return TextOf(CheckAnswer(events, Asking("2025")), id);
}

Event Proposed(std::string intended) {
  Event event = Text<Event>(R"pb(
    measure_proposed { measure: "blomlador" title: "Blomlådor" })pb");
  if (!intended.empty()) {
    event.mutable_measure_proposed()->mutable_intended()->set_edtf(intended);
  }
  return event;
}

TEST(C8, PlanThatIsOnlyWords) {
  EXPECT_EQ(Said("C8/blomlador", {Proposed("2026")}),
            "Åtgärden \"Blomlådor\" är tänkt till 2026 men saknar ansvarig, "
            "plats, datum, beslut och kostnad.");
  // An idea without a time is no plan.
  EXPECT_THAT(Found("C8", {Proposed("")}), IsEmpty());
}

TEST(C8, PlanWithOwnerPlaceDateAndDecision) {
  const Event planned = Text<Event>(R"pb(
    measure_planned {
      measure: "blomlador"
      owner: "mkb"
      where { place: "torget" }
      planned { edtf: "2026-05" }
    })pb");
  const Event decided = Text<Event>(
      R"pb(measure_decided { measure: "blomlador" body: "FGK" })pb");
  EXPECT_EQ(Said("C8/blomlador", {Proposed("2026"), planned}),
            "Åtgärden \"Blomlådor\" är tänkt till maj 2026 men saknar beslut "
            "och kostnad.");
  // That the cost is missing alone is no remark.
  EXPECT_THAT(Found("C8", {Proposed("2026"), planned, decided}), IsEmpty());
}

TEST(C8, AbandonedMeasureIsNoPlan) {
  EXPECT_THAT(Found("C8", {Proposed("2026"), Text<Event>(R"pb(
                             measure_abandoned {
                               measure: "blomlador"
                               reason: "för dyrt"
                             })pb")}),
              IsEmpty());
}

TEST(C8, MeasureBegunWithoutADecision) {
  const Event started =
      Text<Event>(R"pb(measure_started { measure: "blomlador" })pb");
  EXPECT_EQ(Said("C8/blomlador", {Proposed("2026"), started}),
            "Åtgärden \"Blomlådor\" är påbörjad men saknar ansvarig, plats, "
            "datum, beslut och kostnad.");
}

TEST(C8, MeasureCarriedOutWithoutADecision) {
  const Event decided = Text<Event>(
      R"pb(measure_decided { measure: "blomlador" body: "FGK" })pb");
  const Event done =
      Text<Event>(R"pb(measure_implemented { measure: "blomlador" })pb");
  const auto answer = CheckAnswer({Proposed("2025"), done}, Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C8/blomlador"),
            "Åtgärden \"Blomlådor\" är genomförd utan att något beslut är "
            "registrerat.");
  EXPECT_THAT(PositionsOf(answer, "C8/blomlador"), ElementsAre(1, 2));
  EXPECT_THAT(Found("C8", {Proposed("2025"), done, Text<Event>(R"pb(
                             measure_closed { measure: "blomlador" })pb")}),
              ElementsAre("C8/blomlador"));
  // Nothing else that it lacked as a plan is remarked on any more.
  EXPECT_THAT(Found("C8", {Proposed("2025"), decided, done}), IsEmpty());
}

Event Lesson() {
  return WithTime("2025", Text<Event>(R"pb(
                    lesson_recorded {
                      lesson: "sma"
                      text: "Små åtgärder gör stor skillnad."
                      measures: "blomlador"
                      claims_effect: true
                    })pb"));
}

Event Implemented(std::string_view edtf) {
  return WithTime(edtf, Text<Event>(R"pb(
                    measure_implemented { measure: "blomlador" })pb"));
}

TEST(C9, LessonOfMeasuresThatAreNotDone) {
  const auto answer = CheckAnswer({Proposed("2026"), Lesson()}, Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C9/sma"),
            "Lärdom \"Små åtgärder gör stor skillnad\". Åtgärder som det vilar "
            "på var inte genomförda: Blomlådor.");
  EXPECT_THAT(PositionsOf(answer, "C9/sma"), ElementsAre(1, 2));
  EXPECT_EQ(CheckOf(answer, "C9/sma").section(), 7u);
}

TEST(C9, MeasureDoneAfterTheClaim) {
  EXPECT_THAT(
      Said("C9/sma", {Proposed("2026"), Lesson(), Implemented("2026-05-04")}),
      HasSubstr("Blomlådor (genomförd först 4 maj 2026)"));
  EXPECT_THAT(
      Found("C9", {Proposed("2026"), Lesson(), Implemented("2025-05-04")}),
      IsEmpty());
  // In the same year: nobody can tell that it came after.
  EXPECT_THAT(Found("C9", {Proposed("2026"), Lesson(), Implemented("2025")}),
              IsEmpty());
}

TEST(C9, LessonThatClaimsEffectOfNothingNamed) {
  Event lesson = Lesson();
  lesson.mutable_lesson_recorded()->clear_measures();
  EXPECT_THAT(Said("C9/sma", {lesson}), HasSubstr("men inte vilka"));
  lesson.mutable_lesson_recorded()->set_claims_effect(false);
  EXPECT_THAT(Found("C9", {lesson}), IsEmpty());
}

Event Shift() {
  return WithTime("2025", Text<Event>(R"pb(
                    outcome_claimed {
                      outcome: "handling"
                      kind: OUTCOME_KIND_SHIFT
                      from: "dialog"
                      to: "handling"
                      claim: "Från dialog till handling"
                    })pb"));
}

TEST(C9, OutcomeThatIsAHopeOrRestsOnPlans) {
  EXPECT_THAT(Found("C9", {Shift()}), IsEmpty());
  Event hoped = Shift();
  hoped.mutable_outcome_claimed()->set_hedge(event::v1::HEDGE_BELIEVED);
  const auto answer = CheckAnswer({hoped}, Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C9/handling"),
            "Förflyttning \"dialog → handling\". Orden är en förhoppning, inte "
            "ett utfall.");
  EXPECT_EQ(CheckOf(answer, "C9/handling").section(), 6u);
  Event planned = Shift();
  planned.mutable_outcome_claimed()->add_measures("blomlador");
  EXPECT_THAT(Said("C9/handling", {Proposed("2026"), planned}),
              HasSubstr("var inte genomförda: Blomlådor."));
}

TEST(C9, ConclusionsFromAStudyThatIsNotPublished) {
  const Event started = Text<Event>(R"pb(
    study_started { study: "mob" title: "Mobilitetsutredningen" })pb");
  Event claim = Shift();
  claim.mutable_outcome_claimed()->add_studies("mob");
  EXPECT_THAT(Said("C9/handling", {started, claim}),
              HasSubstr("Mobilitetsutredningen är inte publicerad: det som den "
                        "visar är preliminärt."));
  EXPECT_THAT(Found("C9", {started, claim, Text<Event>(R"pb(
                             study_published { study: "mob" })pb")}),
              IsEmpty());
  // Said to be preliminary.
  claim.mutable_outcome_claimed()->set_hedge(event::v1::HEDGE_PRELIMINARY);
  EXPECT_THAT(Found("C9", {started, claim}), IsEmpty());
}

Event Scheduled(std::string planned, uint32_t expected = 0) {
  Event event = Text<Event>(R"pb(
    activity_scheduled {
      activity: "traff"
      kind: ACTIVITY_KIND_MEETING
      title: "Samverkansträffar"
    })pb");
  event.mutable_activity_scheduled()->mutable_planned()->set_edtf(planned);
  event.mutable_activity_scheduled()->set_expected_count(expected);
  return event;
}

Event Held(std::string_view edtf) {
  return WithTime(
      edtf, Text<Event>(R"pb(meeting_held { held { activity: "traff" } })pb"));
}

TEST(C10, ScheduledAndPassedWithoutOutcome) {
  EXPECT_THAT(Found("C10", {Scheduled("2025-09-17")}, "2025-09-17"), IsEmpty());
  EXPECT_THAT(Found("C10", {Scheduled("2025-09-17")}, "2025-09-18"),
              ElementsAre("C10/traff"));
  EXPECT_EQ(Said("C10/traff", {Scheduled("2025-09-17")}),
            "\"Samverkansträffar\" var planerad till 17 september 2025 och har "
            "inget utfall.");
  EXPECT_THAT(Found("C10", {Scheduled("2025-09-17"), Held("2025-09-17")}),
              IsEmpty());
  EXPECT_THAT(Found("C10", {Scheduled("2025-09-17"), Text<Event>(R"pb(
                              activity_cancelled {
                                activity: "traff"
                                reason: "sjukdom"
                              })pb")}),
              IsEmpty());
}

TEST(C10, SeriesAgainstItsNumber) {
  EXPECT_EQ(Said("C10/traff", {Scheduled("2025", 3), Held("2025-02-01"),
                               Held("2025-04-01")}),
            "\"Samverkansträffar\": väntade tillfällen 3, genomförda 2.");
  EXPECT_THAT(Found("C10", {Scheduled("2025", 2), Held("2025-02-01"),
                            Held("2025-04-01")}),
              IsEmpty());
  // The year is not over.
  EXPECT_THAT(
      Found("C10", {Scheduled("2025", 6), Held("2025-02-01")}, "2025-12-31"),
      IsEmpty());
}

TEST(C10, SeriesOfUnknownNumberWithARhythm) {
  const Event held = WithTime("2025", Text<Event>(R"pb(
                                meeting_held {
                                  held {
                                    activity: "traff"
                                    title: "Samverkansträffar"
                                    series: true
                                    cadence: "varannan månad"
                                  }
                                })pb"));
  const auto answer = CheckAnswer({Scheduled("2025", 6), held}, Asking("2025"));
  EXPECT_EQ(TextOf(answer, "C10/traff"),
            "\"Samverkansträffar\", varannan månad: väntade tillfällen 6, "
            "antalet genomförda är inte känt.");
  EXPECT_THAT(PositionsOf(answer, "C10/traff"), ElementsAre(1, 2));
  EXPECT_EQ(Said("C10/traff", {held}),
            "\"Samverkansträffar\", varannan månad: antalet genomförda är inte "
            "känt.");
  // A series that nobody promised a number or a rhythm is no remark.
  Event loose = held;
  loose.mutable_meeting_held()->mutable_held()->clear_cadence();
  EXPECT_THAT(Found("C10", {loose}), IsEmpty());
}

TEST(C11, DocumentThatIsReferredToAndMissing) {
  const Event missing = Text<Event>(R"pb(
    document_missing_noted {
      document: "schema"
      referenced_as: "Schema 2025"
      referenced_in: "avsnitt 4"
      required_by_template: true
    })pb");
  EXPECT_EQ(Said("C11/schema", {missing}),
            "Handlingen \"Schema 2025\" finns inte i registret men nämns i "
            "avsnitt 4. Finansiärens mall kräver den.");
  EXPECT_THAT(Found("C11", {missing, Text<Event>(R"pb(
                              document_attached {
                                document: "schema"
                                title: "Schema 2025"
                              })pb")}),
              IsEmpty());
}

TEST(C11, DocumentThatOnlyItsIdIsKnownOf) {
  Event held = Held("2025-02-01");
  held.mutable_meeting_held()->mutable_held()->set_notes_document("minnen");
  EXPECT_EQ(Said("C11/minnen", {held}),
            "Handlingen minnen finns inte i registret men hänvisas till.");
  EXPECT_THAT(Found("C11", {held, Text<Event>(R"pb(
                              document_attached {
                                document: "minnen"
                                title: "Minnesanteckningar"
                              })pb")}),
              IsEmpty());
}

// The envelope names documents too.
TEST(C11, DocumentThatAnEventWasTranscribedFromOrThatIsToShowIt) {
  Event transcribed = Held("2025-02-01");
  transcribed.mutable_source()->set_document("protokoll");
  Event shown = Held("2025-02-01");
  shown.add_evidence()->set_document("narvarolista");
  const auto answer =
      CheckAnswer({transcribed, shown, transcribed}, Asking("2025"));
  EXPECT_THAT(Ids(answer, "C11"),
              ElementsAre("C11/narvarolista", "C11/protokoll"));
  EXPECT_THAT(PositionsOf(answer, "C11/protokoll"), ElementsAre(1, 3));
  EXPECT_EQ(
      TextOf(answer, "C11/narvarolista"),
      "Handlingen narvarolista finns inte i registret men hänvisas till.");
  EXPECT_THAT(Found("C11", {transcribed, Text<Event>(R"pb(
                              document_attached {
                                document: "protokoll"
                                title: "Protokoll"
                              })pb")}),
              IsEmpty());
  EXPECT_THAT(Found("C11", {transcribed, testing::Reversal(1)}), IsEmpty());
  // Another year's event.
  EXPECT_THAT(Ids(CheckAnswer({transcribed}, Asking("2024")), "C11"),
              IsEmpty());
}

TEST(C11, ManyEventsOfOneMissingDocumentAreOneCheck) {
  std::vector<Event> events;
  for (int i = 0; i < 60; ++i) {
    events.push_back(Held("2025-02-01"));
    events.back().mutable_source()->set_document("a");
  }
  events.push_back(Held("2025-02-01"));
  events.back().mutable_source()->set_document("a-b");
  events.push_back(Held("2025-02-01"));
  events.back().mutable_source()->set_document("b");
  const auto answer = CheckAnswer(events, Asking("2025"));
  EXPECT_THAT(Ids(answer, "C11"), ElementsAre("C11/a", "C11/a-b", "C11/b"));
  EXPECT_EQ(PositionsOf(answer, "C11/a").size(), 50u);
}

TEST(C11, QuestionsOfASurveyAndAPublishedStudy) {
  const Event survey = WithTime("2025", Text<Event>(R"pb(
                                  survey_conducted {
                                    held { activity: "enkat" title: "Enkät" }
                                    questions_document: "fragor"
                                  })pb"));
  const Event study = WithTime(
      "2025", Text<Event>(R"pb(
        study_published { study: "mob" document: "slutrapport" })pb"));
  EXPECT_THAT(Found("C11", {survey, study}),
              ElementsAre("C11/fragor", "C11/slutrapport"));
}

TEST(C11, GrantWithoutItsDecision) {
  const auto answer = CheckAnswer({testing::M1()}, Asking("2025"));
  EXPECT_THAT(Ids(answer, "C11"), ElementsAre("C11/decision-fgk-2025"));
  EXPECT_EQ(CheckOf(answer, "C11/decision-fgk-2025").section(), 8u);
  Event decided = testing::M1();
  decided.mutable_grant_awarded()->set_registry_number("TN-2025-112");
  EXPECT_THAT(Found("C11", {decided}), IsEmpty());
}

Event Mentioning(std::string name) {
  Event event =
      WithTime("2025", Text<Event>(R"pb(
                 lesson_recorded { lesson: "l" text: "Tillit" })pb"));
  event.add_mentioned_actors(name);
  return event;
}

TEST(C12, NameThatIsNobodyInTheRegister) {
  EXPECT_EQ(Said("C12/lokala aktörer", {Mentioning("lokala aktörer")}),
            "\"lokala aktörer\" nämns i 1 händelse men finns inte i "
            "aktörsregistret.");
  EXPECT_THAT(
      Ids(CheckAnswer({Mentioning("lokala aktörer")}, Asking("2024")), "C12"),
      IsEmpty());
}

TEST(C12, IdNameOldNameAndAliasAreKnown) {
  std::vector<Event> events = {
      testing::MkbRegistered(),
      Text<Event>(R"pb(role_assigned { actor: "mkb" kind: ROLE_KIND_LEAD })pb"),
      Text<Event>(R"pb(actor_renamed { actor: "mkb" name: "MKB" })pb")};
  for (const char* name :
       {"mkb", "MKB Fastighets AB", "MKB Fastighet AB", "MKB"}) {
    std::vector<Event> mentioning = events;
    mentioning.push_back(Mentioning(name));
    EXPECT_THAT(Found("C12", mentioning), IsEmpty()) << name;
  }
}

TEST(C12, ActorWithoutARole) {
  EXPECT_EQ(Said("C12/mkb", {testing::MkbRegistered(), Mentioning("MKB")}),
            "\"MKB Fastighets AB\" nämns i 1 händelse men har ingen roll i "
            "processen.");
}

}  // namespace
}  // namespace samverk::projections

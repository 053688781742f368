// The chain from finding to evaluated measure: the answers.
#include "projections/findings/findings_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/findings/findings.h"
#include "tests/findings/facts.h"
#include "tests/testing/asking.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using codec::Language;
using event::v1::Event;
using testing::Asking;
using testing::Asset;
using testing::Assigned;
using testing::At;
using testing::Declined;
using ::testing::ElementsAre;
using testing::FoldedFacts;
using testing::GivenFacts;
using ::testing::IsEmpty;
using testing::Logged;
using testing::Measure;
using testing::Proposed;
using testing::Reversed;
using view::v1::FindingsAnswer;
using view::v1::FunnelRow;
using view::v1::MeasureRow;
using view::v1::MeasuresAnswer;

FoldedFacts Given(std::vector<Event> events) {
  return GivenFacts(FindingsProjection(), std::move(events));
}

std::vector<std::string> Ids(const FindingsAnswer& answer) {
  std::vector<std::string> ids;
  for (const auto& finding : answer.findings())
    ids.push_back(finding.finding());
  return ids;
}

std::vector<std::string> Ids(const MeasuresAnswer& answer) {
  std::vector<std::string> ids;
  for (const auto& row : answer.measures()) {
    ids.push_back(row.measure().measure());
  }
  return ids;
}

MeasureRow RowAfter(std::vector<Event> events,
                    std::string_view evaluate_at = "2026-01-31") {
  const auto given = Given(std::move(events));
  const auto answer = AnswerMeasures(
      given.views(), Asking("", Language::kSwedish, evaluate_at));
  return answer.measures_size() == 1 ? answer.measures(0) : MeasureRow();
}

TEST(AnswerFindings, SelectsByEntryAndByStep) {
  const auto given =
      Given({Logged("2024-12-31", "old"), Logged("2024-06-01", "acted-on"),
             Assigned("2025-01-01", "acted-on"), Logged("2025-09-17", "new"),
             Logged("2026-01-01", "next"), Logged("", "unknown")});
  EXPECT_THAT(Ids(AnswerFindings(given.views(), Asking("2025"))),
              ElementsAre("acted-on", "new", "unknown"));
  EXPECT_THAT(Ids(AnswerFindings(given.views(), Asking())),
              ElementsAre("old", "acted-on", "new", "next", "unknown"));
}

TEST(AnswerFindings, AFindingTakenBackIsNone) {
  const auto given =
      Given({Logged("2025", "f"), Assigned("2025", "f"), Reversed(1)});
  const auto answer = AnswerFindings(given.views(), Asking());
  EXPECT_THAT(Ids(answer), IsEmpty());
  EXPECT_EQ(answer.funnel_size(), 0);
}

TEST(AnswerFindings, DerivesControlFromThePlaceAsItIsNow) {
  const auto given = Given(
      {Logged("2025", "f", "where { place: 'torget' }"),
       At("2025",
          "place_defined { place: 'torget' name: 'T' "
          "controlled_by: 'fgk' }"),
       At("2026", "control_changed { place: 'torget' controlled_by: 'mkb' }"),
       Logged("2025", "g", "where { place: 'okänd' }")});
  const auto answer = AnswerFindings(given.views(), Asking());
  EXPECT_EQ(answer.findings(0).controlled_by(), "mkb");
  EXPECT_EQ(answer.findings(1).controlled_by(), "");
}

TEST(AnswerFindings, TakesControlFromTheFindingWhereNoPlaceSaysSo) {
  const auto given = Given(
      {Logged("2025", "point",
              "where { point { latitude_e7: 555785000 longitude_e7: 130247000 "
              "} controlled_by: 'mkb' }"),
       Logged("2025", "place",
              "where { place: 'torget' controlled_by: 'mkb' }"),
       At("2025",
          "place_defined { place: 'torget' name: 'T' "
          "controlled_by: 'fgk' }"),
       Logged("2025", "unruled",
              "where { place: 'kvarteret' controlled_by: 'mkb' }"),
       At("2025", "place_defined { place: 'kvarteret' name: 'K' }")});
  const auto answer = AnswerFindings(given.views(), Asking());
  EXPECT_EQ(answer.findings(0).controlled_by(), "mkb");
  // The place's definition goes before what the finding says.
  EXPECT_EQ(answer.findings(1).controlled_by(), "fgk");
  EXPECT_EQ(answer.findings(2).controlled_by(), "mkb");
  ASSERT_EQ(answer.funnel_size(), 2);
  EXPECT_EQ(answer.funnel(0).controlled_by(), "fgk");
  EXPECT_EQ(answer.funnel(1).controlled_by(), "mkb");
  EXPECT_EQ(answer.funnel(1).logged(), 2u);
}

TEST(AnswerFindings, SaysWhyItWasDeclinedInTheLanguageAskedFor) {
  const auto given = Given({Logged("2025", "f"), Declined("2025-11-01", "f")});
  const auto swedish = AnswerFindings(given.views(), Asking());
  EXPECT_EQ(swedish.findings(0).steps(0).detail(), "ej rådighet");
  EXPECT_EQ(swedish.findings(0).steps(0).text(), "privat mark");
  const auto english =
      AnswerFindings(given.views(), Asking("", Language::kEnglish));
  EXPECT_EQ(english.findings(0).steps(0).detail(), "no control over the place");
}

TEST(AnswerFindings, EveryReasonHasWordsInBothLanguages) {
  const auto* reasons = event::v1::DeclineReason_descriptor();
  for (int i = 1; i < reasons->value_count(); ++i) {
    Event declined = Declined("2025", "f");
    declined.mutable_finding_declined()->set_reason(
        static_cast<event::v1::DeclineReason>(reasons->value(i)->number()));
    const auto given = Given({Logged("2025", "f"), declined});
    for (const Language language : {Language::kSwedish, Language::kEnglish}) {
      EXPECT_NE(AnswerFindings(given.views(), Asking("", language))
                    .findings(0)
                    .steps(0)
                    .detail(),
                reasons->value(i)->name());
    }
  }
}

TEST(AnswerFindings, CountsTheFunnelByControl) {
  const std::string torget = "where { place: 'torget' }";
  const auto given = Given(
      {At("", "place_defined { place: 'torget' controlled_by: 'fgk' }"),
       Logged("2025", "logged", torget), Logged("2025", "assigned", torget),
       Assigned("2025-10-01", "assigned", "mkb"),
       Logged("2025", "planned", torget),
       Proposed("2025-10-01", "m1", "findings: 'planned'"),
       Measure("2025-11-01", "planned", "m1"),
       Logged("2025", "evaluated", torget),
       Proposed("2025-10-01", "m2", "findings: 'evaluated'"),
       Measure("2025-11-01", "evaluated", "m2",
               "effect: MEASURE_EFFECT_ACHIEVED"),
       Logged("2025", "declined", torget), Declined("2025-11-01", "declined"),
       Asset("2025", "asset"), Logged("2025", "merged", torget),
       At("2025-12-01", "finding_merged { finding: 'merged' into: 'logged' }"),
       Logged("2025", "by-assignee"),
       Assigned("2025-10-01", "by-assignee", "mkb")});
  const auto answer = AnswerFindings(given.views(), Asking("2025"));
  ASSERT_EQ(answer.funnel_size(), 3);
  // The asset has no place: control is not known.
  EXPECT_EQ(answer.funnel(0).controlled_by(), "");
  EXPECT_EQ(answer.funnel(0).assets(), 1u);
  EXPECT_EQ(answer.funnel(0).logged(), 0u);
  const FunnelRow& fgk = answer.funnel(1);
  EXPECT_EQ(fgk.controlled_by(), "fgk");
  EXPECT_EQ(fgk.logged(), 5u);
  EXPECT_EQ(fgk.assigned(), 3u);
  EXPECT_EQ(fgk.planned(), 2u);
  EXPECT_EQ(fgk.implemented(), 1u);
  EXPECT_EQ(fgk.evaluated(), 1u);
  EXPECT_EQ(fgk.declined(), 1u);
  EXPECT_EQ(answer.funnel(2).controlled_by(), "mkb");
  EXPECT_EQ(answer.funnel(2).assigned(), 1u);
}

TEST(AnswerFindings, AClosedFindingCountsAsFarAsItCame) {
  const auto funnel_of = [](std::vector<Event> events) {
    const auto given = Given(std::move(events));
    return AnswerFindings(given.views(), Asking()).funnel(0);
  };
  const Event closed = At("2026-01-01", "finding_closed { finding: 'f' }");
  const FunnelRow alone = funnel_of({Logged("2025", "f"), closed});
  EXPECT_EQ(alone.assigned(), 0u);
  EXPECT_EQ(alone.implemented(), 0u);
  EXPECT_EQ(alone.evaluated(), 1u);
  const FunnelRow done =
      funnel_of({Logged("2025", "f"), Proposed("2025-02", "m", "findings: 'f'"),
                 Measure("2025-05", "implemented", "m"), closed});
  EXPECT_EQ(done.implemented(), 1u);
  EXPECT_EQ(done.evaluated(), 1u);
  const FunnelRow reopened = funnel_of(
      {Logged("2025", "f"), Proposed("2025-02", "m", "findings: 'f'"),
       Measure("2025-05", "implemented", "m"), closed,
       At("2026-01-10", "finding_reopened { finding: 'f' reason: 'r' }")});
  EXPECT_EQ(reopened.logged(), 1u);
  EXPECT_EQ(reopened.implemented(), 0u);
  EXPECT_EQ(reopened.evaluated(), 0u);
}

TEST(AnswerMeasures, SelectsByStepByPlanAndWhatIsNotFinished) {
  const auto given = Given(
      {Proposed("2023-05-01", "done"),
       Measure("2023-06-01", "implemented", "done"),
       Proposed("2023-05-01", "open"), Proposed("2023-05-01", "evaluated-now"),
       Measure("2023-06-01", "implemented", "evaluated-now"),
       Measure("2025-06-01", "evaluated", "evaluated-now",
               "effect: MEASURE_EFFECT_ACHIEVED"),
       Proposed("2026-05-01", "later"),
       Proposed("2023-05-01", "planned-for", "intended { edtf: '2025-07' }"),
       Measure("2024-01-01", "abandoned", "planned-for", "reason: 'r'")});
  EXPECT_THAT(Ids(AnswerMeasures(given.views(), Asking("2025"))),
              ElementsAre("open", "evaluated-now", "planned-for"));
  EXPECT_THAT(
      Ids(AnswerMeasures(given.views(), Asking())),
      ElementsAre("done", "open", "evaluated-now", "later", "planned-for"));
}

TEST(AnswerMeasures, TellsWhatAPlanLacks) {
  EXPECT_THAT(RowAfter({Proposed("2025", "m")}).missing(),
              ElementsAre("owner", "place", "date", "decision", "cost"));
  EXPECT_THAT(
      RowAfter({Proposed("2025", "m",
                         "owner: 'fgk' where { description: 'vid torget' }")})
          .missing(),
      ElementsAre("date", "decision", "cost"));
  EXPECT_THAT(RowAfter({Proposed("2025", "m", "owner: 'fgk'"),
                        Measure("2025", "decided", "m", "body: 'nämnd'"),
                        Measure("2025", "planned", "m",
                                "planned { edtf: '2026-05' } "
                                "cost { ore: 0 currency: 'SEK' } "
                                "where { point { latitude_e7: 1 } }")})
                  .missing(),
              IsEmpty());
}

TEST(AnswerMeasures, AYearIsAnIntentionAndNoDate) {
  const auto missing_with = [](const std::string& intended) {
    return RowAfter({Proposed("2025", "m",
                              "owner: 'a' where { place: 'p' } "
                              "estimated_cost { ore: 1 } intended { edtf: '" +
                                  intended + "' }"),
                     Measure("2025", "decided", "m", "body: 'b'")})
        .missing();
  };
  EXPECT_THAT(missing_with("2026"), ElementsAre("date"));
  EXPECT_THAT(missing_with("2026/2027"), ElementsAre("date"));
  EXPECT_THAT(missing_with("2026-21"), IsEmpty());
  EXPECT_THAT(missing_with("2026-05-04"), IsEmpty());
}

TEST(AnswerMeasures, AFinishedMeasureLacksNothing) {
  EXPECT_THAT(
      RowAfter({Proposed("2025", "m"), Measure("2025-05", "implemented", "m")})
          .missing(),
      IsEmpty());
  EXPECT_THAT(RowAfter({Proposed("2025", "m"),
                        Measure("2025-05", "abandoned", "m", "reason: 'r'")})
                  .missing(),
              IsEmpty());
}

TEST(AnswerMeasures, IsOverdueFromTheEndOfItsTime) {
  const std::vector<Event> events = {
      Proposed("2025", "m", "intended { edtf: '2025-12' }")};
  EXPECT_FALSE(RowAfter(events, "2025-12-31T23:59").overdue());
  EXPECT_TRUE(RowAfter(events, "2026-01-01").overdue());
  std::vector<Event> done = events;
  done.push_back(Measure("2026-01-15", "implemented", "m"));
  EXPECT_FALSE(RowAfter(done).overdue());
}

TEST(AnswerMeasures, CountsLeadDaysFromTheFirstFinding) {
  const auto days = [](const std::string& first, const std::string& second,
                       const std::string& proposed, const std::string& done) {
    return RowAfter({Logged(first, "f"), Logged(second, "g"),
                     Proposed(proposed, "m", "findings: 'f' findings: 'g'"),
                     Measure(done, "implemented", "m")})
        .lead_days();
  };
  EXPECT_EQ(days("2025-09-17", "2025-05-12", "2025-10-01", "2026-05-12"), 365);
  // Over the change to summer time.
  EXPECT_EQ(days("2025-03-29", "", "", "2025-03-31"), 2);
  EXPECT_EQ(days("2025-03-29", "", "", "2025-03-29"), 0);
  // A month counts from its first day; a season is too vague.
  EXPECT_EQ(days("2025-03", "", "", "2025-04-01"), 31);
  EXPECT_EQ(days("2025-10", "", "", "2025-11-01"), 31);
  EXPECT_EQ(days("2025-21", "", "2025-04-01", "2025-09-01"), -1);
  EXPECT_EQ(days("2025-03-29", "", "", "2025"), -1);
  EXPECT_EQ(days("2025-03-29", "", "", ""), -1);
  EXPECT_EQ(days("2025-09-01", "", "", "2025-08-01"), -1);
  // No finding's time is known: from the proposal.
  EXPECT_EQ(days("", "", "2025-10-01", "2025-10-11"), 10);
  EXPECT_EQ(days("", "", "", "2025-10-11"), -1);
}

TEST(AnswerMeasures, HasNoLeadDaysUntilImplemented) {
  EXPECT_EQ(RowAfter({Proposed("2025-10-01", "m")}).lead_days(), -1);
}

TEST(AnswerMeasures, ShowsAMeasureWhoseProposalWasTakenBack) {
  const MeasureRow row = RowAfter(
      {Proposed("2025", "m"), Measure("2025-05", "planned", "m"), Reversed(1)});
  EXPECT_EQ(row.measure().measure(), "m");
  EXPECT_EQ(row.measure().title(), "");
  EXPECT_EQ(row.measure().state(), view::v1::MEASURE_STATE_PLANNED);
}

TEST(AnswerMeasures, GivesThePlacesById) {
  const auto given = Given({At("", "place_defined { place: 'b' name: 'B' }"),
                            At("", "place_defined { place: 'a' name: 'A' }")});
  const auto answer = AnswerMeasures(given.views(), Asking());
  ASSERT_EQ(answer.places_size(), 2);
  EXPECT_EQ(answer.places(0).name(), "A");
}

TEST(AnswerMeasures, IsTheSameInBothLanguages) {
  // Lacks are codes; the rest is the process's own.
  const auto given = Given({Proposed("2025", "m")});
  EXPECT_EQ(AnswerMeasures(given.views(), Asking()).SerializeAsString(),
            AnswerMeasures(given.views(), Asking("", Language::kEnglish))
                .SerializeAsString());
}

TEST(PlaceName, IsTheNameOrTheId) {
  const auto given = Given({At("", "place_defined { place: 'a' name: 'A' }")});
  EXPECT_EQ(PlaceName(given.views(), "p", "a"), "A");
  EXPECT_EQ(PlaceName(given.views(), "p", "b"), "b");
}

// The 2025 report, section 6: "2026 planerar vi fysiska åtgärder som blomlådor,
// farthinder och förbättrad belysning", without place, owner, cost or decision.
TEST(Plans2026, LackEverything) {
  std::vector<Event> events = {
      At("2025",
         "finding_logged { finding: 'belysning' "
         "polarity: POLARITY_DEFICIENCY category: "
         "FINDING_CATEGORY_LIGHTING description: 'belysning' "
         "collective: true }")};
  for (const std::string title :
       {"Blomlådor", "Farthinder", "Förbättrad belysning"}) {
    events.push_back(Proposed("2025", title, "intended { edtf: '2026' }"));
  }
  events.back().mutable_measure_proposed()->add_findings("belysning");
  const auto given = Given(events);
  const auto answer = AnswerMeasures(given.views(), Asking("2025"));
  EXPECT_THAT(Ids(answer),
              ElementsAre("Blomlådor", "Farthinder", "Förbättrad belysning"));
  for (const MeasureRow& row : answer.measures()) {
    EXPECT_THAT(row.missing(),
                ElementsAre("owner", "place", "date", "decision", "cost"));
    EXPECT_FALSE(row.overdue());
    EXPECT_EQ(row.lead_days(), -1);
    EXPECT_EQ(row.measure().planned().edtf(), "2026");
  }
  const auto findings = AnswerFindings(given.views(), Asking("2025"));
  EXPECT_EQ(findings.findings(0).state(),
            view::v1::FINDING_STATE_MEASURE_PROPOSED);
  EXPECT_EQ(findings.funnel(0).planned(), 0u);
}

}  // namespace
}  // namespace samverk::projections

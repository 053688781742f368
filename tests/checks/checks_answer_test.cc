// States, order and rows of checks; documents and reports.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/budget/budget_answer.h"
#include "projections/checks/check_draft.h"
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
using testing::MoneyOf2025;
using testing::Text;
using testing::TextOf;
using testing::WithTime;

Event Explained(std::string check, std::string_view edtf = "2026-02-01") {
  Event event = WithTime(edtf, Text<Event>(R"pb(
                           check_explained { explanation: "beslutas i mars" }
                         )pb"));
  event.mutable_check_explained()->set_check(check);
  return event;
}

Event Resolved(std::string check) {
  Event event = WithTime("2026-03-01", Text<Event>(R"pb(
                           check_resolved { resolution: "återbetald" })pb"));
  event.mutable_check_resolved()->set_check(check);
  return event;
}

Event Repaid() {
  return Text<Event>(R"pb(
    grant_repaid {
      grant: "fgk-2025"
      payment: "p"
      amount { ore: 3000000 currency: "SEK" precision: PRECISION_EXACT }
    })pb");
}

std::vector<Event> With(std::vector<Event> more) {
  std::vector<Event> events = MoneyOf2025();
  events.insert(events.end(), more.begin(), more.end());
  return events;
}

TEST(CheckStates, OpenUntilExplainedAndNeverHidden) {
  const auto open = CheckAnswer(MoneyOf2025(), Asking("2025"));
  EXPECT_EQ(CheckOf(open, "C3/fgk-2025").state(), view::v1::CHECK_STATE_OPEN);
  const auto answer =
      CheckAnswer(With({Explained("C3/fgk-2025")}), Asking("2025"));
  const auto check = CheckOf(answer, "C3/fgk-2025");
  EXPECT_EQ(check.state(), view::v1::CHECK_STATE_EXPLAINED);
  EXPECT_EQ(check.text(), CheckOf(open, "C3/fgk-2025").text());
  ASSERT_EQ(check.steps_size(), 1);
  EXPECT_EQ(check.steps(0).text(), "beslutas i mars");
  // Open ones first.
  EXPECT_EQ(Ids(answer).back(), "C3/fgk-2025");
}

TEST(CheckStates, SayingThatItIsResolvedDoesNotMakeItSo) {
  const auto check =
      CheckOf(CheckAnswer(With({Resolved("C3/fgk-2025")}), Asking("2025")),
              "C3/fgk-2025");
  EXPECT_EQ(check.state(), view::v1::CHECK_STATE_RESOLVED);
  EXPECT_THAT(check.text(), HasSubstr("men förhållandet kvarstår"));
}

TEST(CheckStates, TheLastWordByTheTimeItWasSaid) {
  // Recorded last, said first.
  const auto check =
      CheckOf(CheckAnswer(With({Resolved("C3/fgk-2025"),
                                Explained("C3/fgk-2025", "2026-02-01")}),
                          Asking("2025")),
              "C3/fgk-2025");
  EXPECT_EQ(check.state(), view::v1::CHECK_STATE_RESOLVED);
}

TEST(CheckStates, WhatWasSpokenOfStaysWhenItIsPast) {
  const std::vector<Event> events = With({Explained("C3/fgk-2025"), Repaid()});
  const auto check =
      CheckOf(CheckAnswer(events, Asking("2025")), "C3/fgk-2025");
  EXPECT_EQ(check.state(), view::v1::CHECK_STATE_RESOLVED);
  EXPECT_EQ(check.text(), "Det som kontrollen gällde är inte längre så.");
  EXPECT_EQ(check.rule(), "C3");
  EXPECT_EQ(check.section(), 2u);
  EXPECT_THAT(check.positions(), ElementsAre(7));
  EXPECT_EQ(check.steps_size(), 1);
  // Nothing was said about it: nothing is left of it.
  EXPECT_THAT(Ids(CheckAnswer(With({Repaid()}), Asking("2025")), "C3"),
              IsEmpty());
}

TEST(CheckStates, CheckOfAnotherPeriodIsNotPast) {
  const std::vector<Event> events = With({Explained("C3/fgk-2025")});
  EXPECT_THAT(Ids(CheckAnswer(events, Asking("2027"))), IsEmpty());
  EXPECT_EQ(CheckOf(CheckAnswer(events, Asking("")), "C3/fgk-2025").state(),
            view::v1::CHECK_STATE_EXPLAINED);
}

TEST(CheckStates, RaisedByHand) {
  const Event raised = Text<Event>(R"pb(
    check_raised { check: "k-1" text: "Vem beslutade om scenen?" rule: "C8" }
  )pb");
  const auto answer = CheckAnswer(With({raised}), Asking("2025"));
  const auto check = CheckOf(answer, "k-1");
  EXPECT_EQ(check.rule(), "manual");
  EXPECT_EQ(check.text(), "Vem beslutade om scenen?");
  EXPECT_EQ(check.state(), view::v1::CHECK_STATE_OPEN);
  EXPECT_EQ(check.section(), 6u);
  EXPECT_THAT(check.positions(), ElementsAre(7));
  EXPECT_EQ(Ids(answer).back(), "k-1");
  EXPECT_EQ(
      CheckOf(CheckAnswer(With({raised, Resolved("k-1")}), Asking("2025")),
              "k-1")
          .state(),
      view::v1::CHECK_STATE_RESOLVED);
}

TEST(ChecksAnswer, IsInTheOrderOfTheRules) {
  EXPECT_THAT(
      Ids(CheckAnswer(With({Text<Event>(R"pb(
                        mentioned_actors: "Okänd"
                        lesson_recorded { lesson: "l" text: "T" }
                      )pb")}),
                      Asking("2025", "2026-06-01"))),
      ElementsAre("C1/m4", "C2/fgk-2025", "C3/fgk-2025", "C4/fgk-2025", "C5/m3",
                  "C11/decision-fgk-2025", "C12/Okänd", "C13/m2"));
}

TEST(ChecksAnswer, ListsDocumentsAndReports) {
  const auto answer = CheckAnswer(
      {Text<Event>(R"pb(document_attached { document: "b" title: "B" })pb"),
       Text<Event>(R"pb(document_missing_noted { document: "a" })pb"),
       Text<Event>(R"pb(report_generated { report: "r" })pb")},
      Asking("2025"));
  ASSERT_EQ(answer.documents_size(), 2);
  EXPECT_EQ(answer.documents(0).document(), "a");
  EXPECT_EQ(answer.documents(1).document(), "b");
  ASSERT_EQ(answer.reports_size(), 1);
  EXPECT_EQ(answer.reports(0).generated().report(), "r");
}

std::vector<std::string> ChecksOn(std::string_view key,
                                  const std::vector<Event>& events) {
  const auto folded = testing::FoldAll(events);
  auto budget = AnswerBudget(folded.views(), Asking("2025"));
  AttachChecks(AnswerChecks(folded.views(), Asking("2025")), budget);
  for (const auto& row : budget.rows()) {
    if (row.key() == key) return {row.checks().begin(), row.checks().end()};
  }
  ADD_FAILURE() << "no row " << key;
  return {};
}

TEST(AttachChecks, PutsThemOnTheRowsThatTheyAreAbout) {
  const auto on = [](std::string_view key) {
    return ChecksOn(key, MoneyOf2025());
  };
  EXPECT_THAT(on("granted/fgk-2025"), ElementsAre("C11/decision-fgk-2025"));
  EXPECT_THAT(on("used_stated/fgk-2025"),
              ElementsAre("C2/fgk-2025", "C4/fgk-2025"));
  EXPECT_THAT(on("unused/fgk-2025"), ElementsAre("C3/fgk-2025"));
  EXPECT_THAT(on("in_kind_stated/mkb"), ElementsAre("C5/m3"));
  EXPECT_THAT(on("total_stated/m4"), ElementsAre("C1/m4"));
  EXPECT_THAT(on("granted_plus_in_kind"), ElementsAre("C1/m4"));
  EXPECT_THAT(on("used_plus_in_kind"), ElementsAre("C1/m4"));
}

TEST(AttachChecks, OnlyOpenOnes) {
  EXPECT_THAT(ChecksOn("unused/fgk-2025", With({Explained("C3/fgk-2025")})),
              IsEmpty());
}

TEST(CheckDraft, IdsAndRules) {
  EXPECT_EQ(CheckId("C7", "A-117"), "C7/A-117");
  EXPECT_EQ(RuleOfId("C14/x"), "C14");
  EXPECT_EQ(RuleOfId("C12/a/b"), "C12");
  for (const char* id : {"C15/x", "C0/x", "C01/x", "C1", "k-1", "c1/x", "/x"}) {
    EXPECT_EQ(RuleOfId(id), "") << id;
  }
}

TEST(CheckDraft, ShortensBetweenCharacters) {
  EXPECT_EQ(Shorten("åäö", 6), "åäö");
  EXPECT_EQ(Shorten("åäö", 5), "åä…");
  EXPECT_EQ(Shorten("abc", 2), "ab…");
}

TEST(CheckDraft, KeepsTheFirstFiftyEvents) {
  CheckDraft draft("C1", "x");
  for (uint64_t position = 100; position > 0; --position) draft.At(position);
  const auto check = draft.Done();
  EXPECT_EQ(check.positions_size(), 50);
  EXPECT_EQ(check.positions(0), 1u);
  EXPECT_EQ(check.positions(49), 50u);
}

}  // namespace
}  // namespace samverk::projections

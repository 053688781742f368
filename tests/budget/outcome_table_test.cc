// The outcome table of section 2, row by row.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/budget/budget.h"
#include "projections/budget/budget_answer.h"
#include "projections/participation/participation.h"
#include "proto/codec/text.h"
#include "tests/budget/money_events.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Asking;
using testing::Booked;
using testing::Correction;
using ::testing::ElementsAre;
using testing::InKindHours;
using ::testing::IsEmpty;
using testing::MoneyOf2025;
using testing::Reversal;
using testing::Text;
using testing::WithTime;
using view::v1::BudgetView;
using view::v1::OutcomeRow;

BudgetView Answer(const std::vector<Event>& events, const Question& question) {
  const auto given = testing::GivenFacts(
      {BudgetProjection(), ParticipationProjection()}, events);
  return AnswerBudget(given.views(), question);
}

// No-break spaces are written as spaces, so that tests can be read.
std::string Plain(std::string text) {
  for (size_t at; (at = text.find("\u00A0")) != std::string::npos;) {
    text.replace(at, 2, " ");
  }
  return text;
}

// "label: sum (how sure) [note; note] was: sum".
std::string Show(const OutcomeRow& row, codec::Language language) {
  std::string text = absl::StrCat(
      row.reconciliation() ? "- " : "", row.label(), ": ",
      codec::MoneyText(row.figure().ore(), row.figure().precision(), language),
      " (", codec::PrecisionText(row.figure().precision(), language), ")");
  if (!row.notes().empty()) {
    absl::StrAppend(&text, " [", absl::StrJoin(row.notes(), "; "), "]");
  }
  for (const auto& old : row.superseded()) {
    absl::StrAppend(&text, " var: ",
                    codec::MoneyText(old.ore(), old.precision(), language));
  }
  return Plain(std::move(text));
}

std::vector<std::string> Table(
    const BudgetView& budget,
    codec::Language language = codec::Language::kSwedish) {
  std::vector<std::string> rows;
  for (const OutcomeRow& row : budget.rows()) {
    rows.push_back(Show(row, language));
  }
  return rows;
}

std::vector<std::string> Keys(const BudgetView& budget) {
  std::vector<std::string> keys;
  for (const OutcomeRow& row : budget.rows()) keys.push_back(row.key());
  return keys;
}

const OutcomeRow& RowOf(const BudgetView& budget, std::string_view key) {
  static const auto* const none = new OutcomeRow;
  for (const OutcomeRow& row : budget.rows()) {
    if (row.key() == key) return row;
  }
  ADD_FAILURE() << "no row " << key << " among\n"
                << absl::StrJoin(Table(budget), "\n");
  return *none;
}

std::vector<uint64_t> Positions(const view::v1::Figure& figure) {
  return {figure.positions().begin(), figure.positions().end()};
}

TEST(OutcomeTable, IsThatOfTheReportOf2025) {
  const BudgetView budget = Answer(MoneyOf2025(), Asking("2025"));
  EXPECT_THAT(
      Table(budget),
      ElementsAre(
          "Beviljat samverkansstöd (FGK): 300 000 kr (exakt) "
          "[beslut saknas, bilaga krävs]",
          "Använt av samverkansstödet: ca 270 000 kr (uppskattning) "
          "[ej styrkt av verifikationer]",
          "Ej använt: ca 30 000 kr (uppskattning) "
          "[300 000 kr \u2212 ca 270 000 kr; disposition saknas]",
          "Egen insats MKB (naturainsats): 342 840 kr (uppgivet) "
          "[delposter saknas]",
          "- Uppgiven sammanlagd resursinsats: ca 642 840 kr (uppskattning) "
          "[så räknat i rapporten (\"cirka 642 840\")]",
          "- Beviljat + egen insats: 642 840 kr (uppgivet) "
          "[300 000 kr + 342 840 kr; så räknat i rapporten "
          "(\"cirka 642 840\")]",
          "- Använt + egen insats: ca 612 840 kr (uppskattning) "
          "[ca 270 000 kr + 342 840 kr]"));
  EXPECT_THAT(
      Keys(budget),
      ElementsAre("granted/fgk-2025", "used_stated/fgk-2025", "unused/fgk-2025",
                  "in_kind_stated/mkb", "total_stated/m4",
                  "granted_plus_in_kind", "used_plus_in_kind"));
  EXPECT_EQ(RowOf(budget, "unused/fgk-2025").disposition(),
            view::v1::DISPOSITION_MISSING);
  EXPECT_EQ(RowOf(budget, "used_stated/fgk-2025").figure().verbatim(),
            "ca 270 000kr");
}

TEST(OutcomeTable, EveryFigureKnowsItsEvents) {
  const BudgetView budget = Answer(MoneyOf2025(), Asking("2025"));
  const auto positions = [&budget](std::string_view key) {
    return Positions(RowOf(budget, key).figure());
  };
  EXPECT_THAT(positions("granted/fgk-2025"), ElementsAre(3));
  EXPECT_THAT(positions("used_stated/fgk-2025"), ElementsAre(4));
  EXPECT_THAT(positions("unused/fgk-2025"), ElementsAre(3, 4));
  EXPECT_THAT(positions("in_kind_stated/mkb"), ElementsAre(5));
  EXPECT_THAT(positions("total_stated/m4"), ElementsAre(6));
  // The stated total is part of no sum.
  EXPECT_THAT(positions("granted_plus_in_kind"), ElementsAre(3, 5));
  EXPECT_THAT(positions("used_plus_in_kind"), ElementsAre(4, 5));
}

TEST(OutcomeTable, InEnglish) {
  Question question = Asking("2025");
  question.language = codec::Language::kEnglish;
  EXPECT_THAT(
      Table(Answer(MoneyOf2025(), question), question.language),
      ElementsAre("Grant awarded (FGK): SEK 300,000 (exact) [decision missing, "
                  "attachment required]",
                  "Used of the grant: approx. SEK 270,000 (estimate) [not "
                  "backed by vouchers]",
                  "Unused: approx. SEK 30,000 (estimate) [SEK 300,000 \u2212 "
                  "approx. SEK 270,000; disposition missing]",
                  "Own contribution MKB (in kind): SEK 342,840 (stated) [parts "
                  "missing]",
                  "- Stated total of resources: approx. SEK 642,840 (estimate) "
                  "[as counted in the report (\"cirka 642 840\")]",
                  "- Granted + own contribution: SEK 642,840 (stated) [SEK "
                  "300,000 + SEK 342,840; as counted in the report (\"cirka "
                  "642 840\")]",
                  "- Used + own contribution: approx. SEK 612,840 (estimate) "
                  "[approx. SEK 270,000 + SEK 342,840]"));
}

TEST(OutcomeTable, VouchersSupersedeTheEstimateAndItStaysVisible) {
  std::vector<Event> events = MoneyOf2025();
  events.push_back(Booked("a", 20000000, "2025-05-02"));
  events.push_back(Booked("b", 6841250, "2025-11-20"));
  const BudgetView budget = Answer(events, Asking("2025"));
  EXPECT_EQ(
      Show(RowOf(budget, "used_booked/fgk-2025"), codec::Language::kSwedish),
      "Använt av samverkansstödet: 268 412,50 kr (exakt) "
      "[0 av 2 attesterade; uppgivet minus bokfört: ca 1 587,50 kr] "
      "var: ca 270 000 kr");
  EXPECT_THAT(Positions(RowOf(budget, "used_booked/fgk-2025").superseded(0)),
              ElementsAre(4));
  EXPECT_EQ(Show(RowOf(budget, "unused/fgk-2025"), codec::Language::kSwedish),
            "Ej använt: 31 587,50 kr (exakt) "
            "[300 000 kr \u2212 268 412,50 kr; disposition saknas]");
  // The sum is as sure as its least sure part, which is stated now.
  EXPECT_EQ(Show(RowOf(budget, "used_plus_in_kind"), codec::Language::kSwedish),
            "- Använt + egen insats: 611 252,50 kr (uppgivet) "
            "[268 412,50 kr + 342 840 kr]");
  for (const OutcomeRow& row : budget.rows()) {
    EXPECT_NE(row.key(), "used_stated/fgk-2025");
  }
}

TEST(OutcomeTable, LaterStatementTakesThePlaceOfAnEarlierOne) {
  std::vector<Event> events = MoneyOf2025();
  Event half_year = WithTime("2025-06-30", testing::M2());
  half_year.mutable_amount_stated()->set_statement("m0");
  half_year.mutable_amount_stated()->mutable_amount()->set_ore(12000000);
  events.push_back(half_year);  // recorded last, made first
  EXPECT_EQ(Show(RowOf(Answer(events, Asking("2025")), "used_stated/fgk-2025"),
                 codec::Language::kSwedish),
            "Använt av samverkansstödet: ca 270 000 kr (uppskattning) "
            "[ej styrkt av verifikationer] var: ca 120 000 kr");
  // A correction of the earlier one does not make it the latest.
  Event corrected = half_year;
  corrected.mutable_amount_stated()->mutable_amount()->set_ore(12100000);
  events.push_back(Correction(7, corrected));
  EXPECT_EQ(Show(RowOf(Answer(events, Asking("2025")), "used_stated/fgk-2025"),
                 codec::Language::kSwedish),
            "Använt av samverkansstödet: ca 270 000 kr (uppskattning) "
            "[ej styrkt av verifikationer] var: ca 121 000 kr");
}

TEST(OutcomeTable, StatementsOfDifferentPeriodsAddUp) {
  const auto used = [](std::string id, std::string period, int64_t ore) {
    Event event = testing::M2();
    event.mutable_amount_stated()->set_statement(id);
    event.mutable_amount_stated()->mutable_period()->set_edtf(period);
    event.mutable_amount_stated()->mutable_amount()->set_ore(ore);
    return event;
  };
  Event award = testing::M1();
  award.mutable_grant_awarded()->mutable_period()->set_edtf("2025/2026");
  const std::vector<Event> events = {award, used("a", "2025", 100),
                                     used("b", "2026", 20)};
  EXPECT_EQ(
      RowOf(Answer(events, Asking("")), "used_stated/fgk-2025").figure().ore(),
      120);
  EXPECT_EQ(RowOf(Answer(events, Asking("2026")), "used_stated/fgk-2025")
                .figure()
                .ore(),
            20);
}

TEST(OutcomeTable, WhatIsNotKnownIsShownAsUnknown) {
  EXPECT_THAT(
      Table(Answer({testing::FgkRegistered(), testing::M1(), testing::M3()},
                   Asking("2025"))),
      ElementsAre("Beviljat samverkansstöd (FGK): 300 000 kr (exakt) [beslut "
                  "saknas, bilaga krävs]",
                  "Använt av samverkansstödet: okänt (okänt) [inget uppgivet "
                  "och inget bokfört]",
                  "Egen insats mkb (naturainsats): 342 840 kr (uppgivet) "
                  "[delposter saknas]",
                  "- Beviljat + egen insats: 642 840 kr (uppgivet) [300 000 kr "
                  "+ 342 840 kr]"));
  EXPECT_THAT(Table(Answer({}, Asking("2025"))), IsEmpty());
}

TEST(OutcomeTable, DecisionIsNamedWhenItIsKnown) {
  Event award = testing::M1();
  award.mutable_grant_awarded()->set_registry_number("TN-2025-112");
  EXPECT_THAT(RowOf(Answer({award}, Asking("")), "granted/fgk-2025").notes(),
              ElementsAre("dnr TN-2025-112"));
  Event evidenced = testing::M1();
  evidenced.add_evidence()->set_title("beslut");
  EXPECT_THAT(
      RowOf(Answer({evidenced}, Asking("")), "granted/fgk-2025").notes(),
      IsEmpty());
}

TEST(OutcomeTable, RemainderThatIsRepaidAndCarriedOver) {
  std::vector<Event> events = MoneyOf2025();
  events.push_back(Text<Event>(R"pb(
    grant_repaid {
      grant: "fgk-2025"
      payment: "p"
      amount { ore: 1000000 currency: "SEK" precision: PRECISION_EXACT }
    })pb"));
  auto row = RowOf(Answer(events, Asking("2025")), "unused/fgk-2025");
  EXPECT_EQ(row.disposition(), view::v1::DISPOSITION_REPAID);
  EXPECT_EQ(Plain(row.notes(1)), "återbetalt 10 000 kr");
  EXPECT_EQ(Plain(row.notes(2)), "disposition saknas för ca 20 000 kr");
  events.push_back(Text<Event>(R"pb(
    carry_over_approved {
      grant: "fgk-2025"
      until { edtf: "2026" }
      amount { ore: 2000000 currency: "SEK" precision: PRECISION_EXACT }
    })pb"));
  row = RowOf(Answer(events, Asking("2025")), "unused/fgk-2025");
  EXPECT_EQ(row.disposition(), view::v1::DISPOSITION_MIXED);
  EXPECT_EQ(row.notes_size(), 3);
  EXPECT_EQ(Plain(row.notes(2)),
            "överfört 20 000 kr, får användas till och med 2026");
}

TEST(OutcomeTable, ASettledRemainderHasNoFormulaThatDoesNotGiveIt) {
  const auto settled = [](int64_t remainder) {
    Event event = Text<Event>(R"pb(
      grant_settled {
        grant: "fgk-2025"
        used { ore: 26841250 currency: "SEK" precision: PRECISION_EXACT }
        remainder { currency: "SEK" precision: PRECISION_EXACT }
      })pb");
    event.mutable_grant_settled()->mutable_remainder()->set_ore(remainder);
    return RowOf(Answer({testing::M1(), Booked("a", 26841250, "2025"), event},
                        Asking("2025")),
                 "unused/fgk-2025");
  };
  EXPECT_EQ(Plain(settled(3158750).notes(0)), "300 000 kr − 268 412,50 kr");
  EXPECT_EQ(settled(3158750).notes(1), "fastställt av finansiären");
  const auto wrong = settled(999999999);
  EXPECT_EQ(wrong.figure().ore(), 999999999);
  EXPECT_EQ(wrong.notes(0), "fastställt av finansiären");
}

TEST(OutcomeTable, WhileTheGrantRunsNoDispositionIsMissing) {
  const auto row = RowOf(Answer(MoneyOf2025(), Asking("2025", "2025-12-31")),
                         "unused/fgk-2025");
  EXPECT_EQ(row.disposition(), view::v1::DISPOSITION_UNSPECIFIED);
  EXPECT_EQ(row.notes_size(), 1);
  // The day after its end it is.
  EXPECT_EQ(RowOf(Answer(MoneyOf2025(), Asking("2025", "2026-01-01")),
                  "unused/fgk-2025")
                .disposition(),
            view::v1::DISPOSITION_MISSING);
}

TEST(OutcomeTable, MoreUsedThanAwarded) {
  const auto row = RowOf(
      Answer({testing::M1(), Booked("a", 30000001, "2025")}, Asking("2025")),
      "unused/fgk-2025");
  EXPECT_EQ(row.figure().ore(), -1);
  EXPECT_EQ(row.disposition(), view::v1::DISPOSITION_UNSPECIFIED);
  EXPECT_EQ(row.notes(1), "mer använt än beviljat");
}

TEST(OutcomeTable, SpecifiedInKindStandsBesideTheStatedAndCountsInSums) {
  std::vector<Event> events = MoneyOf2025();
  events.push_back(InKindHours("i-1", 300));
  events.push_back(InKindHours("i-2", 271));
  const BudgetView budget = Answer(events, Asking("2025"));
  EXPECT_EQ(
      Show(RowOf(budget, "in_kind_stated/mkb"), codec::Language::kSwedish),
      "Egen insats MKB (naturainsats): 342 840 kr (uppgivet) "
      "[uppgivet minus delposter: 240 kr]");
  EXPECT_EQ(
      Show(RowOf(budget, "in_kind_specified/mkb"), codec::Language::kSwedish),
      "Egen insats MKB, delposter (naturainsats): 342 600 kr (exakt)");
  EXPECT_EQ(RowOf(budget, "granted_plus_in_kind").figure().ore(), 64260000);
  // The report's total is not this sum any more.
  EXPECT_EQ(RowOf(budget, "granted_plus_in_kind").notes_size(), 1);
  EXPECT_EQ(RowOf(budget, "granted_plus_in_kind").figure().precision(),
            event::v1::PRECISION_EXACT);
}

TEST(OutcomeTable, RejectedContributionCountsNothing) {
  std::vector<Event> events = {
      InKindHours("i-1", 10), Text<Event>(R"pb(
        in_kind_reviewed { in_kind: "i-1" verdict: IN_KIND_VERDICT_REJECTED }
      )pb")};
  const auto row =
      RowOf(Answer(events, Asking("2025")), "in_kind_specified/mkb");
  EXPECT_EQ(row.figure().ore(), 0);
  EXPECT_EQ(row.figure().parts(), 1u);
}

TEST(OutcomeTable, SeveralGrantsAreToldApart) {
  Event second = testing::M1();
  second.mutable_grant_awarded()->set_grant("fgk-extra");
  second.mutable_grant_awarded()->set_registry_number("d");
  const BudgetView budget =
      Answer({testing::FgkRegistered(), testing::M1(), second}, Asking("2025"));
  EXPECT_EQ(RowOf(budget, "granted/fgk-extra").label(),
            "Beviljat samverkansstöd (FGK, fgk-extra)");
  EXPECT_EQ(RowOf(budget, "used_stated/fgk-extra").label(),
            "Använt av samverkansstödet (FGK, fgk-extra)");
}

TEST(OutcomeTable, SumWithAPartOfUnknownUseIsUnknown) {
  std::vector<Event> events = MoneyOf2025();
  Event second = testing::M1();
  second.mutable_grant_awarded()->set_grant("fgk-extra");
  events.push_back(second);
  const auto row = RowOf(Answer(events, Asking("2025")), "used_plus_in_kind");
  EXPECT_EQ(row.figure().precision(), event::v1::PRECISION_UNKNOWN);
  EXPECT_EQ(row.notes(1), "användningen är inte känd för alla bidrag");
}

TEST(OutcomeTable, OwnMoneyAndCostsOfOtherYearsGrantsAreNotLost) {
  Event old = testing::M1();
  old.mutable_grant_awarded()->set_grant("fgk-2024");
  old.mutable_grant_awarded()->mutable_period()->set_edtf("2024");
  const BudgetView budget =
      Answer({old, Booked("a", 700, "2025-01-15", "fgk-2024"),
              Booked("b", 50, "2025-01-15", "")},
             Asking("2025"));
  EXPECT_THAT(
      Table(budget),
      ElementsAre("Bokfört på fgk-2024: 7 kr (exakt) [bidraget är inte för "
                  "perioden]",
                  "Bokfört på egna medel: 0,50 kr (exakt) [0 av 1 "
                  "attesterade]"));
  EXPECT_EQ(budget.rows(1).key(), "used_booked");
}

TEST(OutcomeTable, ReversedEventsLeaveNoTrace) {
  std::vector<Event> events = MoneyOf2025();
  events.push_back(Booked("a", 100, "2025"));
  events.push_back(Reversal(7));
  EXPECT_EQ(Table(Answer(events, Asking("2025"))),
            Table(Answer(MoneyOf2025(), Asking("2025"))));
}

TEST(OutcomeTable, AnotherYearHasNoRows) {
  EXPECT_THAT(Keys(Answer(MoneyOf2025(), Asking("2024"))), IsEmpty());
}

TEST(OutcomeTable, StatementInJanuaryAboutLastYearsGrantIsAboutLastYear) {
  const std::vector<Event> events = {testing::M1(),
                                     WithTime("2026-01-15", testing::M2())};
  EXPECT_THAT(Keys(Answer(events, Asking("2025"))),
              ElementsAre("granted/fgk-2025", "used_stated/fgk-2025",
                          "unused/fgk-2025"));
  EXPECT_THAT(Keys(Answer(events, Asking("2026"))), IsEmpty());
}

}  // namespace
}  // namespace samverk::projections

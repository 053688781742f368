// Positions of grants, lines, contributors and years; costs in pages.
#include "projections/budget/budget_answer.h"

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/budget/booked.h"
#include "projections/budget/budget.h"
#include "projections/budget/figures.h"
#include "tests/budget/money_events.h"
#include "tests/testing/fold_harness.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using testing::Asking;
using testing::Booked;
using ::testing::ElementsAre;
using testing::FoldedFacts;
using testing::InKindHours;
using ::testing::IsEmpty;
using testing::Text;
using testing::WithTime;
using view::v1::BudgetEntry;
using view::v1::BudgetView;
using view::v1::GrantState;

FoldedFacts Given(const std::vector<Event>& events) {
  return testing::GivenFacts(BudgetProjection(), events);
}

BudgetView Answer(const std::vector<Event>& events, const Question& question) {
  return AnswerBudget(Given(events).views(), question);
}

Event Exact(std::string_view text) {
  Event event = Text<Event>(text);
  const auto fill = [](event::v1::Money& money) {
    money.set_currency("SEK");
    money.set_precision(event::v1::PRECISION_EXACT);
  };
  if (event.has_grant_disbursed()) {
    fill(*event.mutable_grant_disbursed()->mutable_amount());
  } else if (event.has_grant_settled()) {
    fill(*event.mutable_grant_settled()->mutable_used());
    fill(*event.mutable_grant_settled()->mutable_remainder());
  } else if (event.has_grant_repaid()) {
    fill(*event.mutable_grant_repaid()->mutable_amount());
  } else if (event.has_grant_reclaimed()) {
    fill(*event.mutable_grant_reclaimed()->mutable_amount());
  } else if (event.has_budget_line_set()) {
    fill(*event.mutable_budget_line_set()->mutable_amount());
  } else if (event.has_budget_reallocated()) {
    fill(*event.mutable_budget_reallocated()->mutable_amount());
  }
  return event;
}

Event Disbursed(int64_t ore) {
  Event event = Exact(R"pb(grant_disbursed { grant: "fgk-2025" })pb");
  event.mutable_grant_disbursed()->mutable_amount()->set_ore(ore);
  return event;
}

// State after each of the events.
std::vector<GrantState> StatesAfterEach(const std::vector<Event>& events) {
  std::vector<GrantState> states;
  for (size_t n = 1; n <= events.size(); ++n) {
    const BudgetView budget = Answer(
        {events.begin(), events.begin() + static_cast<int>(n)}, Asking("2025"));
    states.push_back(budget.grants_size() == 1
                         ? budget.grants(0).state()
                         : view::v1::GRANT_STATE_UNSPECIFIED);
  }
  return states;
}

TEST(GrantPosition, StateFollowsTheGrant) {
  EXPECT_THAT(
      StatesAfterEach(
          {Text<Event>(R"pb(grant_applied_for { grant: "fgk-2025" })pb"),
           testing::M1(), Disbursed(10000000), Disbursed(20000000),
           Booked("a", 27000000, "2025-09"),
           WithTime("2026-02-01", Text<Event>(R"pb(
                      report_submitted { report: "r" grant: "fgk-2025" })pb")),
           WithTime("2026-03-01", Text<Event>(R"pb(
                      report_returned { report: "r" questions: "?" })pb")),
           WithTime("2026-04-01", Text<Event>(R"pb(
                      report_approved { report: "r" })pb")),
           Exact(R"pb(grant_settled {
                        grant: "fgk-2025"
                        used { ore: 27000000 }
                        remainder { ore: 3000000 }
                      })pb"),
           Exact(R"pb(grant_repaid {
                        grant: "fgk-2025"
                        amount { ore: 3000000 }
                      })pb")}),
      ElementsAre(
          view::v1::GRANT_STATE_APPLIED_FOR, view::v1::GRANT_STATE_AWARDED,
          view::v1::GRANT_STATE_PARTLY_DISBURSED,
          view::v1::GRANT_STATE_DISBURSED, view::v1::GRANT_STATE_IN_USE,
          view::v1::GRANT_STATE_REPORTED, view::v1::GRANT_STATE_RETURNED,
          view::v1::GRANT_STATE_APPROVED, view::v1::GRANT_STATE_APPROVED,
          view::v1::GRANT_STATE_SETTLED));
}

TEST(GrantPosition, ReclaimedUntilRepaid) {
  EXPECT_THAT(
      StatesAfterEach({testing::M1(), testing::M2(),
                       Exact(R"pb(grant_reclaimed {
                                    grant: "fgk-2025"
                                    reason: "villkor"
                                    amount { ore: 30000000 }
                                  })pb"),
                       Exact(R"pb(grant_repaid {
                                    grant: "fgk-2025"
                                    amount { ore: 30000000 }
                                  })pb")}),
      ElementsAre(view::v1::GRANT_STATE_AWARDED, view::v1::GRANT_STATE_IN_USE,
                  view::v1::GRANT_STATE_RECLAIMED,
                  view::v1::GRANT_STATE_SETTLED));
}

TEST(GrantPosition, WhatTheFunderSettledIsTheRemainder) {
  const BudgetView budget = Answer(
      {testing::M1(), testing::M2(), Exact(R"pb(grant_settled {
                                                  grant: "fgk-2025"
                                                  used { ore: 26000000 }
                                                  remainder { ore: 4000000 }
                                                })pb")},
      Asking("2025"));
  EXPECT_EQ(budget.grants(0).remainder().ore(), 4000000);
  EXPECT_EQ(budget.grants(0).remainder().basis(), view::v1::BASIS_DECIDED);
}

TEST(GrantPosition, UseOfEarlierYearsIsOffTheRemainder) {
  Event award = testing::M1();
  award.mutable_grant_awarded()->mutable_period()->set_edtf("2025/2027");
  const std::vector<Event> events = {award, Booked("a", 10000000, "2025-03"),
                                     Booked("b", 5000000, "2026-03"),
                                     Booked("c", 1, "2027-03")};
  const auto in_2026 = Answer(events, Asking("2026")).grants(0);
  EXPECT_EQ(in_2026.used().ore(), 5000000);
  EXPECT_EQ(in_2026.remainder().ore(), 15000000);
  EXPECT_THAT(in_2026.remainder().positions(), ElementsAre(1, 2, 3));
  EXPECT_EQ(Answer(events, Asking("")).grants(0).remainder().ore(), 14999999);
}

TEST(BudgetAnswer, LinesWithReallocationsAgainstBooked) {
  Event cost = Booked("a", 70, "2025-03");
  cost.mutable_cost_booked()->set_budget_line("scen");
  const BudgetView budget = Answer({Exact(R"pb(budget_line_set {
                                                 line: "scen"
                                                 name: "Scen"
                                                 amount { ore: 100 }
                                               })pb"),
                                    Exact(R"pb(budget_reallocated {
                                                 from_line: "scen"
                                                 to_line: "mat"
                                                 amount { ore: 40 }
                                               })pb"),
                                    cost},
                                   Asking("2025"));
  ASSERT_EQ(budget.lines_size(), 1);  // "mat" was never set
  const auto& line = budget.lines(0);
  EXPECT_EQ(line.planned().ore(), 60);
  EXPECT_THAT(line.planned().positions(), ElementsAre(1, 2));
  EXPECT_EQ(line.booked().ore(), 70);
  EXPECT_EQ(line.remainder().ore(), -10);
  EXPECT_EQ(line.remainder().basis(), view::v1::BASIS_DERIVED);
}

TEST(BudgetAnswer, YearsContributorsStatementsAndVolunteers) {
  const BudgetView budget =
      Answer({Booked("a", 1, "2024-12-31"), Booked("b", 2, "2025-01-01"),
              Booked("c", 4, ""), testing::M3(), InKindHours("i", 500),
              WithTime("2025-05", Text<Event>(R"pb(
                         volunteer_time_reported {
                           report: "v"
                           association: "odling"
                           hours_hundredths: 1250
                         })pb")),
              WithTime("2024-05", Text<Event>(R"pb(
                         volunteer_time_reported {
                           report: "w"
                           association: "odling"
                           hours_hundredths: 99
                         })pb"))},
             Asking("2025"));
  // A cost of unknown time counts in every period.
  ASSERT_EQ(budget.years_size(), 2);
  EXPECT_EQ(budget.years(0).year(), 0);
  EXPECT_EQ(budget.years(0).booked().ore(), 4);
  EXPECT_EQ(budget.years(1).year(), 2025);
  EXPECT_EQ(budget.years(1).booked().ore(), 2);
  ASSERT_EQ(budget.in_kind_size(), 1);
  EXPECT_EQ(budget.in_kind(0).contributor(), "mkb");
  EXPECT_EQ(budget.in_kind(0).stated().ore(), 34284000);
  EXPECT_EQ(budget.in_kind(0).specified().ore(), 30000000);
  EXPECT_EQ(budget.in_kind(0).specified().basis(), view::v1::BASIS_SPECIFIED);
  EXPECT_EQ(budget.in_kind(0).difference().ore(), 4284000);
  ASSERT_EQ(budget.statements_size(), 1);
  EXPECT_EQ(budget.statements(0).statement(), "m3");
  EXPECT_EQ(budget.volunteer_hours_hundredths(), 1250);
}

TEST(BudgetAnswer, PeriodThatIsNoYearLooksAtEveryCost) {
  const std::vector<Event> events = {
      Booked("a", 1, "2025-06-30"), Booked("b", 2, "2025-07-01"),
      Booked("c", 4, "2025-09-30"), Booked("d", 8, "2025-10-01"),
      Booked("e", 16, "2025-06-30/2025-07-02")};  // first day before
  EXPECT_EQ(Answer(events, Asking("2025-07/2025-09")).years(0).booked().ore(),
            6);
  // December 2025 to February 2026.
  EXPECT_EQ(Answer({Booked("a", 1, "2025-12-01"), Booked("b", 2, "2026-02-28"),
                    Booked("c", 4, "2026-03-01")},
                   Asking("2025-24"))
                .years_size(),
            2);
}

TEST(BudgetAnswer, BothWaysOfSummingAgree) {
  std::vector<Event> events;
  for (int i = 0; i < 200; ++i) {
    Event cost =
        Booked("c" + std::to_string(i * 7919 % 200), 100 + i,
               std::to_string(2024 + i % 3) + "-0" + std::to_string(1 + i % 9),
               i % 2 == 0 ? "fgk-2025" : "");
    cost.mutable_cost_booked()->set_budget_line(i % 5 == 0 ? "l" : "");
    events.push_back(cost);
  }
  const FoldedFacts given = Given(events);
  const ViewReader& table = given.views().Of(ProjectionId::kBudget);
  const auto by_sums = CollectBooked(table, Asking("2025"));
  // The same costs, but a microsecond short of the whole year.
  Question almost = Asking("2025");
  almost.period->to_us -= 1;
  const auto by_costs = CollectBooked(table, almost);
  const auto same = [](const BookedTotals& a, const BookedTotals& b) {
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [key, total] : a) {
      const auto other = b.find(key);
      ASSERT_NE(other, b.end());
      EXPECT_TRUE(total.ore == other->second.ore);
      EXPECT_EQ(total.count, other->second.count);
      EXPECT_EQ(total.positions, other->second.positions);
    }
  };
  same(by_sums.in_period, by_costs.in_period);
  same(by_sums.before_period, by_costs.before_period);
  EXPECT_FALSE(by_sums.in_period.empty());
  EXPECT_FALSE(by_sums.before_period.empty());
}

TEST(BudgetAnswer, FigureNamesFiftyEventsAndSaysHowMany) {
  const auto figure = [](int count) {
    std::vector<Event> events;
    for (int i = 0; i < count; ++i) {
      events.push_back(Booked("c" + std::to_string(i), 1, "2025"));
    }
    return Answer(events, Asking("2025")).years(0).booked();
  };
  EXPECT_EQ(figure(50).positions_size(), 50);
  EXPECT_EQ(figure(50).parts(), 50u);
  EXPECT_EQ(figure(51).positions_size(), 50);
  EXPECT_EQ(figure(51).parts(), 51u);
}

TEST(BudgetAnswer, SumThatIsTooLargeIsShownAsUnknown) {
  std::vector<Event> events;
  for (int i = 0; i < 9'300; ++i) {
    events.push_back(
        Booked("c" + std::to_string(i), 1'000'000'000'000'000, "2025"));
  }
  const auto figure = Answer(events, Asking("2025")).years(0).booked();
  EXPECT_EQ(figure.ore(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(figure.precision(), event::v1::PRECISION_UNKNOWN);
  EXPECT_EQ(figure.parts(), 9'300u);
}

TEST(FigureSum, IsAsSureAsItsLeastSurePart) {
  const auto figure = [](event::v1::Precision precision) {
    event::v1::Money money;
    money.set_ore(100);
    money.set_precision(precision);
    return MakeFigure(money, view::v1::BASIS_STATED, 1);
  };
  const std::vector<event::v1::Precision> worst_last = {
      event::v1::PRECISION_EXACT, event::v1::PRECISION_STATED,
      event::v1::PRECISION_ESTIMATE, event::v1::PRECISION_UNKNOWN};
  for (size_t a = 0; a < worst_last.size(); ++a) {
    for (size_t b = 0; b < worst_last.size(); ++b) {
      FigureSum sum;
      sum.Add(figure(worst_last[a]));
      sum.Subtract(figure(worst_last[b]));
      EXPECT_EQ(sum.Result(view::v1::BASIS_DERIVED).precision(),
                worst_last[std::max(a, b)]);
    }
  }
  EXPECT_EQ(figure(event::v1::PRECISION_UNSPECIFIED).precision(),
            event::v1::PRECISION_UNKNOWN);
}

// Ids of all entries, page by page.
std::vector<std::string> Pages(const FoldedFacts& given,
                               const Question& question, std::string_view grant,
                               size_t page_size) {
  std::vector<std::string> ids;
  std::string token;
  for (int page = 0; page < 100; ++page) {
    std::string next;
    const auto entries =
        AnswerCosts(given.views(), question, grant, token, page_size, next);
    EXPECT_LE(entries.size(), page_size);
    for (const BudgetEntry& entry : entries) {
      ids.push_back(entry.has_cost() ? entry.cost().cost()
                                     : entry.in_kind().in_kind());
    }
    if (next.empty()) return ids;
    token = next;
  }
  ADD_FAILURE() << "the pages never end";
  return ids;
}

TEST(Costs, ComeInPagesOfAnySizeOnceEach) {
  std::vector<Event> events = {Booked("a", 1, "2025"),
                               Booked("a-1", 1, "2025"),
                               Booked("b", 1, "2025", "other"),
                               Booked("c", 1, "2024"),
                               InKindHours("i", 1),
                               InKindHours("j", 2),
                               InKindHours("k", 2, "2024")};
  events.push_back(
      Text<Event>(R"pb(cost_reversed { cost: "a" voucher_number: "9" })pb"));
  const FoldedFacts given = Given(events);
  for (const size_t size : {1u, 2u, 3u, 4u, 5u, 6u}) {
    EXPECT_THAT(Pages(given, Asking("2025"), "", size),
                ElementsAre("a", "a-1", "b", "i", "j"))
        << size;
  }
  EXPECT_THAT(Pages(given, Asking(""), "fgk-2025", 2),
              ElementsAre("a", "a-1", "c"));
  EXPECT_THAT(Pages(given, Asking("2023"), "", 2), IsEmpty());
}

}  // namespace
}  // namespace samverk::projections

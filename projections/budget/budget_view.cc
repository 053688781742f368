#include "projections/budget/budget_view.h"

#include <algorithm>
#include <string>

#include "absl/container/btree_map.h"
#include "projections/budget/booked.h"
#include "projections/budget/grant_position.h"
#include "projections/budget/outcome_rows.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::BudgetEntry;
using view::v1::BudgetLineView;
using view::v1::BudgetView;
using view::v1::ContributorPosition;
using view::v1::Figure;
using view::v1::GrantView;
using view::v1::LinePosition;

Figure PlannedOf(const BudgetLineView& line) {
  FigureSum planned;
  planned.Add(line.planned().ore(), line.planned().precision(),
              line.origin().position());
  for (const auto& fact : line.facts()) {
    if (!fact.has_reallocated()) continue;
    const auto& moved = fact.reallocated();
    const bool in = moved.to_line() == line.line();
    const auto figure = MakeFigure(moved.amount(), view::v1::BASIS_DECIDED,
                                   fact.origin().position());
    if (in) {
      planned.Add(figure);
    } else {
      planned.Subtract(figure);
    }
  }
  return planned.Result(view::v1::BASIS_DECIDED);
}

bool IsOfPeriod(const BudgetLineView& line, const MoneyFacts& facts) {
  return std::none_of(facts.other_grants.begin(), facts.other_grants.end(),
                      [&line](const GrantView& grant) {
                        return grant.grant() == line.grant();
                      });
}

// Lines that were set, and whose grant is of the period.
void AddLines(const ViewReader& table, const Question& question,
              const MoneyFacts& facts, BudgetView& budget) {
  table.Scan<BudgetEntry>(KeyPrefix(question.process, "line"), "",
                          [&](std::string_view, const BudgetEntry& entry) {
                            const BudgetLineView& line = entry.line();
                            if (!line.has_origin() || !IsOfPeriod(line, facts))
                              return true;
                            LinePosition& position = *budget.add_lines();
                            *position.mutable_line() = line;
                            *position.mutable_planned() = PlannedOf(line);
                            return true;
                          });
  for (LinePosition& position : *budget.mutable_lines()) {
    *position.mutable_booked() =
        BookedFigure(facts.booked.in_period, [&](const BookedKey& key) {
          return key.line == position.line().line();
        });
    *position.mutable_remainder() =
        Difference(position.planned(), position.booked());
  }
}

void AddContributors(const MoneyFacts& facts, BudgetView& budget) {
  for (const std::string& contributor : Contributors(facts)) {
    ContributorPosition& position = *budget.add_in_kind();
    position.set_contributor(contributor);
    const Claim claim = ClaimOfInKind(facts, contributor);
    if (!claim.empty()) *position.mutable_stated() = claim.Sum();
    const InKindTotal specified = SpecifiedBy(facts, contributor);
    if (!specified.counted.empty()) {
      *position.mutable_specified() =
          specified.counted.Result(view::v1::BASIS_SPECIFIED);
    }
    if (position.has_stated() && position.has_specified()) {
      *position.mutable_difference() =
          Difference(position.stated(), position.specified());
    }
  }
}

void AddYears(const MoneyFacts& facts, BudgetView& budget) {
  absl::btree_map<int, FigureSum> years;
  for (const auto& [key, total] : facts.booked.in_period) {
    years[key.year].Add(total.ore, event::v1::PRECISION_EXACT, total.count,
                        total.positions);
  }
  for (const auto& [year, sum] : years) {
    auto& position = *budget.add_years();
    position.set_year(year);
    *position.mutable_booked() = sum.Result(view::v1::BASIS_BOOKED);
  }
}

int64_t VolunteerHours(const ViewReader& table, const Question& question) {
  WideSum hundredths = 0;
  table.Scan<BudgetEntry>(
      KeyPrefix(question.process, "volunteer_time"), "",
      [&](std::string_view, const BudgetEntry& entry) {
        const auto& time = entry.volunteer_time();
        if (TimingOf(time.origin().occurred(), question) == Timing::kInPeriod) {
          hundredths += time.hours_hundredths();
        }
        return true;
      });
  return ClampToInt64(hundredths);
}

}  // namespace

BudgetView MakeBudgetView(const ViewSet& views, const Question& question,
                          const MoneyFacts& facts) {
  const ViewReader& table = views.Of(ProjectionId::kBudget);
  BudgetView budget;
  for (const GrantView& grant : facts.grants) {
    *budget.add_grants() = PositionOf(grant, facts, question);
  }
  AddLines(table, question, facts, budget);
  AddContributors(facts, budget);
  AddYears(facts, budget);
  budget.mutable_statements()->Add(facts.statements.begin(),
                                   facts.statements.end());
  budget.set_volunteer_hours_hundredths(VolunteerHours(table, question));
  AddOutcomeRows(views, question, facts, budget);
  return budget;
}

}  // namespace samverk::projections

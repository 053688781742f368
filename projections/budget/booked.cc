#include "projections/budget/booked.h"

#include <algorithm>
#include <optional>

#include "projections/fact.h"
#include "projections/kept_facts.h"
#include "proto/codec/edtf.h"

namespace samverk::projections {
namespace {

using view::v1::BookedSum;
using view::v1::BudgetEntry;
using view::v1::CostView;
using view::v1::GrantView;

// The years from first to last, both within.
struct Years {
  int first = 0;
  int last = 0;
};

// The year that begins at this instant in Europe/Stockholm, if one does.
std::optional<int> YearBeginningAt(int64_t time_us) {
  const codec::Date date = codec::StockholmDate(time_us);
  if (codec::StockholmMidnightUs(date.year, 1, 1) != time_us) {
    return std::nullopt;
  }
  return date.year;
}

// The years of a period that is made up of whole ones.
std::optional<Years> WholeYears(const codec::TimeSpan& period) {
  const std::optional<int> first = YearBeginningAt(period.from_us);
  const std::optional<int> after = YearBeginningAt(period.to_us);
  if (!first.has_value() || !after.has_value()) return std::nullopt;
  return Years{*first, *after - 1};
}

Timing TimingOf(int year, const std::optional<Years>& years) {
  if (!years.has_value() || year == 0) return Timing::kInPeriod;
  if (year < years->first) return Timing::kBefore;
  return year > years->last ? Timing::kAfter : Timing::kInPeriod;
}

BookedTotals* TotalsOf(Timing timing, Booked& booked) {
  if (timing == Timing::kInPeriod) return &booked.in_period;
  return timing == Timing::kBefore ? &booked.before_period : nullptr;
}

template <typename Visit>
void ForEachCountedCost(const ViewReader& budget, const Question& question,
                        Visit visit) {
  budget.Scan<BudgetEntry>(
      KeyPrefix(question.process, "cost"), "",
      [&visit](std::string_view, const BudgetEntry& entry) {
        const CostView& cost = entry.cost();
        if (!cost.has_origin() || cost.has_reversed()) return true;
        return visit(cost);
      });
}

BookedKey KeyOf(const CostView& cost) {
  return {cost.grant(), cost.budget_line(), YearOf(cost.origin().occurred())};
}

// Takes over the sums that grants keep. Returns how many positions are still
// to be found.
size_t TakeSums(const ViewReader& budget, const Question& question,
                const std::optional<Years>& years, Booked& booked) {
  size_t wanted = 0;
  budget.Scan<BudgetEntry>(
      KeyPrefix(question.process, "grant"), "",
      [&](std::string_view, const BudgetEntry& entry) {
        const GrantView& grant = entry.grant();
        for (const BookedSum& sum : grant.booked()) {
          BookedTotals* totals = TotalsOf(TimingOf(sum.year(), years), booked);
          if (totals == nullptr) continue;
          BookedTotal& total =
              (*totals)[{grant.grant(), sum.line(), sum.year()}];
          total.ore = Join(sum.ore(), sum.ore_high());
          total.count = sum.count();
          total.attested = sum.attested();
          wanted += std::min<size_t>(total.count, kPositionsShown);
        }
        return true;
      });
  return wanted;
}

void FindPositions(const ViewReader& budget, const Question& question,
                   const std::optional<Years>& years, size_t wanted,
                   Booked& booked) {
  if (wanted == 0) return;
  ForEachCountedCost(budget, question, [&](const CostView& cost) {
    const BookedKey key = KeyOf(cost);
    BookedTotals* totals = TotalsOf(TimingOf(key.year, years), booked);
    if (totals == nullptr) return true;
    BookedTotal& total = (*totals)[key];
    if (total.positions.size() < kPositionsShown) {
      total.positions.push_back(cost.origin().position());
      --wanted;
    }
    return wanted > 0;
  });
}

void SumCosts(const ViewReader& budget, const Question& question,
              Booked& booked) {
  ForEachCountedCost(budget, question, [&](const CostView& cost) {
    BookedTotals* totals =
        TotalsOf(TimingOf(cost.origin().occurred(), question), booked);
    if (totals == nullptr) return true;
    BookedTotal& total = (*totals)[KeyOf(cost)];
    total.ore += cost.amount().ore();
    ++total.count;
    if (cost.has_attested()) ++total.attested;
    if (total.positions.size() < kPositionsShown) {
      total.positions.push_back(cost.origin().position());
    }
    return true;
  });
}

}  // namespace

Timing TimingOf(const view::v1::When& when, const Question& question) {
  // A time without a first day is not known, as in the sums by year.
  if (!question.period.has_value() || YearOf(when) == 0) {
    return Timing::kInPeriod;
  }
  if (when.from_us() < question.period->from_us) return Timing::kBefore;
  return when.from_us() < question.period->to_us ? Timing::kInPeriod
                                                 : Timing::kAfter;
}

Booked CollectBooked(const ViewReader& budget, const Question& question) {
  Booked booked;
  std::optional<Years> years;
  if (question.period.has_value()) {
    years = WholeYears(*question.period);
    if (!years.has_value()) {
      SumCosts(budget, question, booked);
      return booked;
    }
  }
  const size_t wanted = TakeSums(budget, question, years, booked);
  FindPositions(budget, question, years, wanted, booked);
  return booked;
}

view::v1::Figure BookedOnGrant(const BookedTotals& totals,
                               std::string_view grant) {
  return BookedFigure(
      totals, [grant](const BookedKey& key) { return key.grant == grant; });
}

}  // namespace samverk::projections

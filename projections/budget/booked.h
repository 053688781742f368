// What is booked, by who pays, budget line and year.
#ifndef SAMVERK_PROJECTIONS_BUDGET_BOOKED_H_
#define SAMVERK_PROJECTIONS_BUDGET_BOOKED_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "projections/budget/figures.h"
#include "projections/question.h"
#include "projections/view_table.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// When a booked cost or a contribution counts: in the period that its first day
// lies in, so that no two periods count it both. What has no known time counts
// in every period.
enum class Timing { kBefore, kInPeriod, kAfter };
Timing TimingOf(const view::v1::When& when, const Question& question);

// A sum of booked costs. Reversed ones are not in it.
struct BookedKey {
  std::string grant;  // empty: own money
  std::string line;   // empty: none
  int year = 0;       // 0: not known
  auto operator<=>(const BookedKey&) const = default;
};
struct BookedTotal {
  WideSum ore = 0;
  uint64_t count = 0;
  uint64_t attested = 0;
  // Of the first costs by id, at most kPositionsShown.
  std::vector<uint64_t> positions;
};
using BookedTotals = absl::btree_map<BookedKey, BookedTotal>;

struct Booked {
  BookedTotals in_period;
  BookedTotals before_period;  // of known time before it
};

// Sums what is booked. A period of whole years (or none) is read off the sums
// that grants keep, and costs are looked at only until the positions to show
// are found; any other period takes a look at every cost.
Booked CollectBooked(const ViewReader& budget, const Question& question);

// The sum of those totals whose key satisfies `wanted`.
template <typename Wanted>
view::v1::Figure BookedFigure(const BookedTotals& totals, Wanted wanted) {
  FigureSum sum;
  for (const auto& [key, total] : totals) {
    if (!wanted(key)) continue;
    sum.Add(total.ore, event::v1::PRECISION_EXACT, total.count,
            total.positions);
  }
  return sum.Result(view::v1::BASIS_BOOKED);
}

// What is booked on one grant; empty: own money.
view::v1::Figure BookedOnGrant(const BookedTotals& totals,
                               std::string_view grant);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_BOOKED_H_

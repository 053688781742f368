// Figures and their sums: precision is contagious, nothing overflows, and every
// figure knows the events that it comes from.
#ifndef SAMVERK_PROJECTIONS_BUDGET_FIGURES_H_
#define SAMVERK_PROJECTIONS_BUDGET_FIGURES_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/btree_set.h"
#include "projections/budget/wide_sum.h"
#include "samverk/event/v1/types.pb.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::projections {

// A figure or a check names at most this many events, and says how many there
// are.
inline constexpr size_t kPositionsShown = 50;

// A figure from one event. Its basis is what the caller knows it rests on.
view::v1::Figure MakeFigure(const event::v1::Money& money,
                            view::v1::Basis basis, uint64_t position);

// A sum of figures. "ca" is contagious: the sum is as sure as its least sure
// part. Add and Subtract may come in any order.
class FigureSum {
 public:
  void Add(const view::v1::Figure& figure) { Take(figure, 1); }
  void Subtract(const view::v1::Figure& figure) { Take(figure, -1); }
  // Many events at once, exact or not; `positions` are some of them.
  template <typename Positions>
  void Add(WideSum ore, event::v1::Precision precision, uint64_t parts,
           const Positions& positions) {
    ore_ += ore;
    Worsen(precision);
    parts_ += parts;
    for (const uint64_t position : positions) AddPosition(position);
  }
  // One event.
  void Add(int64_t ore, event::v1::Precision precision, uint64_t position) {
    ore_ += ore;
    Worsen(precision);
    ++parts_;
    AddPosition(position);
  }
  // A part is missing: the sum is not known any more.
  void AddUnknown() { Worsen(event::v1::PRECISION_UNKNOWN); }

  // True when nothing was added.
  bool empty() const { return parts_ == 0; }
  uint64_t parts() const { return parts_; }

  // The sum so far. A sum that does not fit in 64 bits is cut to the greatest
  // (least) one that does, and of unknown precision: shown, but nobody can take
  // it for the right one. Without parts it is exactly 0.
  view::v1::Figure Result(view::v1::Basis basis) const;

 private:
  void Take(const view::v1::Figure& figure, int sign);
  void Worsen(event::v1::Precision precision);
  void AddPosition(uint64_t position);

  WideSum ore_ = 0;
  event::v1::Precision precision_ = event::v1::PRECISION_EXACT;
  uint64_t parts_ = 0;
  absl::btree_set<uint64_t> positions_;  // the least, at most kPositionsShown
};

// a - b, derived.
view::v1::Figure Difference(const view::v1::Figure& a,
                            const view::v1::Figure& b);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_FIGURES_H_

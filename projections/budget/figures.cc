#include "projections/budget/figures.h"

#include <iterator>

#include "proto/codec/text.h"

namespace samverk::projections {

using view::v1::Figure;

Figure MakeFigure(const event::v1::Money& money, view::v1::Basis basis,
                  uint64_t position) {
  Figure figure;
  figure.set_ore(money.ore());
  figure.set_currency(money.currency());
  // An unset precision counts as unknown, as in every sum.
  figure.set_precision(
      codec::WorsePrecision(money.precision(), money.precision()));
  figure.set_basis(basis);
  figure.set_verbatim(money.verbatim());
  figure.add_positions(position);
  figure.set_parts(1);
  return figure;
}

void FigureSum::Take(const Figure& figure, int sign) {
  ore_ += WideSum{figure.ore()} * sign;
  Worsen(figure.precision());
  parts_ += figure.parts();
  for (const uint64_t position : figure.positions()) AddPosition(position);
}

void FigureSum::Worsen(event::v1::Precision precision) {
  precision_ = codec::WorsePrecision(precision_, precision);
}

void FigureSum::AddPosition(uint64_t position) {
  if (positions_.size() == kPositionsShown) {
    if (position >= *positions_.rbegin()) return;
    if (!positions_.insert(position).second) return;
    positions_.erase(std::prev(positions_.end()));
    return;
  }
  positions_.insert(position);
}

Figure FigureSum::Result(view::v1::Basis basis) const {
  Figure figure;
  figure.set_ore(ClampToInt64(ore_));
  figure.set_currency("SEK");
  figure.set_precision(FitsInt64(ore_) ? precision_
                                       : event::v1::PRECISION_UNKNOWN);
  figure.set_basis(basis);
  figure.mutable_positions()->Add(positions_.begin(), positions_.end());
  figure.set_parts(parts_);
  return figure;
}

Figure Difference(const Figure& a, const Figure& b) {
  FigureSum sum;
  sum.Add(a);
  sum.Subtract(b);
  return sum.Result(view::v1::BASIS_DERIVED);
}

}  // namespace samverk::projections

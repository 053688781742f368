#include "projections/budget/derivations.h"

namespace samverk::projections {

using view::v1::ContributorPosition;
using view::v1::GrantPosition;

view::v1::Figure Derivations::Plus(const view::v1::Figure& cash) const {
  FigureSum sum;
  sum.Add(cash);
  sum.Add(in_kind);
  return sum.Result(view::v1::BASIS_DERIVED);
}

Derivations Derive(const view::v1::BudgetView& budget) {
  Derivations derived;
  FigureSum granted;
  FigureSum used;
  FigureSum in_kind;
  for (const GrantPosition& position : budget.grants()) {
    if (position.has_awarded()) granted.Add(position.awarded());
    if (position.has_used()) {
      used.Add(position.used());
    } else if (position.has_awarded()) {
      derived.use_is_known = false;
      used.AddUnknown();
    }
  }
  for (const ContributorPosition& position : budget.in_kind()) {
    in_kind.Add(position.has_specified() ? position.specified()
                                         : position.stated());
  }
  derived.granted = granted.Result(view::v1::BASIS_DERIVED);
  derived.used = used.Result(view::v1::BASIS_DERIVED);
  derived.in_kind = in_kind.Result(view::v1::BASIS_DERIVED);
  return derived;
}

}  // namespace samverk::projections

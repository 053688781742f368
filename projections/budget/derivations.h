// The two ways to count resources: what was available, and what was used up.
#ifndef SAMVERK_PROJECTIONS_BUDGET_DERIVATIONS_H_
#define SAMVERK_PROJECTIONS_BUDGET_DERIVATIONS_H_

#include "projections/budget/figures.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// Sums over grants and contributors. Of a contributor's in-kind the specified
// counts when there is any, else the stated. Stated totals are no part.
struct Derivations {
  view::v1::Figure granted;
  view::v1::Figure used;
  view::v1::Figure in_kind;
  bool use_is_known = true;  // of every grant that was awarded

  bool has_granted() const { return granted.parts() > 0; }
  bool has_used() const { return used.parts() > 0; }
  bool has_in_kind() const { return in_kind.parts() > 0; }

  // Cash and in-kind together, for reconciliation alone.
  view::v1::Figure GrantedPlusInKind() const { return Plus(granted); }
  view::v1::Figure UsedPlusInKind() const { return Plus(used); }

 private:
  view::v1::Figure Plus(const view::v1::Figure& cash) const;
};

// Of a budget whose grants and contributors are there.
Derivations Derive(const view::v1::BudgetView& budget);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_DERIVATIONS_H_

#include "projections/participation/headcount.h"

#include <cstdint>
#include <limits>

namespace samverk::projections {
namespace {

using event::v1::CategoryCount;
using event::v1::Headcount;

// Numbers of heads come from people; a sum beyond the type is held at its end.
uint32_t Sum(uint32_t a, uint32_t b) {
  constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();
  return a > kMost - b ? kMost : a + b;
}

CategoryCount& CategoryIn(Headcount& heads, const CategoryCount& wanted,
                          bool& added) {
  for (CategoryCount& kept : *heads.mutable_by_category()) {
    if (kept.category() == wanted.category()) return kept;
  }
  added = true;
  return *heads.add_by_category();
}

// From the surest on; how uncounted and unknown ones were counted is unknown.
int Doubt(event::v1::CountBasis basis) {
  if (basis == event::v1::COUNT_BASIS_COUNTED) return 0;
  if (basis == event::v1::COUNT_BASIS_ESTIMATED) return 1;
  return 2;
}

}  // namespace

Headcount Together(const Headcount& a, const Headcount& b) {
  Headcount result = a;
  if (a.has_total() && b.has_total()) {
    result.set_total(Sum(a.total(), b.total()));
  } else {
    result.clear_total();
  }
  for (const CategoryCount& category : b.by_category()) {
    bool added = false;
    CategoryCount& kept = CategoryIn(result, category, added);
    if (added) {
      kept = category;
    } else if (kept.has_count() && category.has_count()) {
      kept.set_count(Sum(kept.count(), category.count()));
    } else {
      kept.clear_count();
    }
  }
  if (Doubt(b.basis()) > Doubt(a.basis())) result.set_basis(b.basis());
  return result;
}

std::optional<Headcount> HeadsAt(const event::v1::Held& held) {
  if (held.has_headcount()) return held.headcount();
  std::optional<Headcount> together;
  bool all_counted = true;
  for (const event::v1::Participation& participant : held.participants()) {
    if (!participant.has_headcount()) {
      all_counted = false;
    } else if (together.has_value()) {
      together = Together(*together, participant.headcount());
    } else {
      together = participant.headcount();
    }
  }
  // Those who were not counted are missing in the total, not in a category.
  if (together.has_value() && !all_counted) together->clear_total();
  return together;
}

}  // namespace samverk::projections

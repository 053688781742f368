// The latest of the facts that an entry keeps.
#ifndef SAMVERK_PROJECTIONS_BUDGET_LAST_HAPPENED_H_
#define SAMVERK_PROJECTIONS_BUDGET_LAST_HAPPENED_H_

#include "google/protobuf/repeated_field.h"
#include "projections/fact.h"

namespace samverk::projections {

// The item that happened last of those that satisfy `wanted`, or null. Valid
// until the list changes.
template <typename Item, typename Wanted>
const Item* LastHappened(const google::protobuf::RepeatedPtrField<Item>& list,
                         Wanted wanted) {
  const Item* last = nullptr;
  for (const Item& item : list) {
    if (!wanted(item)) continue;
    if (last == nullptr || HappenedBefore(last->origin(), item.origin())) {
      last = &item;
    }
  }
  return last;
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_LAST_HAPPENED_H_

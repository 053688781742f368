// Lists of an entry that are kept in the order of their events' positions, so
// that a fact can be taken out again whatever came after it.
#ifndef SAMVERK_PROJECTIONS_BUDGET_BY_POSITION_H_
#define SAMVERK_PROJECTIONS_BUDGET_BY_POSITION_H_

#include <algorithm>
#include <cstdint>
#include <utility>

#include "google/protobuf/repeated_field.h"
#include "projections/fact.h"

namespace samverk::projections {

// What happens to a fact: it is put into the views, or taken out of them.
enum class Change { kApply, kRetract };

// Puts `item`, which has an origin, at its place by position. An item of the
// same position is replaced.
template <typename Item>
void PutByPosition(Item item, google::protobuf::RepeatedPtrField<Item>& list) {
  const uint64_t position = item.origin().position();
  int place = list.size();
  while (place > 0 && list[place - 1].origin().position() >= position) --place;
  if (place < list.size() && list[place].origin().position() == position) {
    list[place] = std::move(item);
    return;
  }
  *list.Add() = std::move(item);
  for (int at = list.size() - 1; at > place; --at)
    list.SwapElements(at, at - 1);
}

// Takes the item of this position away, if it is there.
template <typename Item>
void TakeByPosition(uint64_t position,
                    google::protobuf::RepeatedPtrField<Item>& list) {
  const auto at =
      std::find_if(list.begin(), list.end(), [position](const Item& item) {
        return item.origin().position() == position;
      });
  if (at != list.end()) list.erase(at);
}

// Puts the item in, or takes the one of its position away.
template <typename Item>
void Record(Change change, Item item,
            google::protobuf::RepeatedPtrField<Item>& list) {
  if (change == Change::kApply) {
    PutByPosition(std::move(item), list);
  } else {
    TakeByPosition(item.origin().position(), list);
  }
}

// The item that happened last and satisfies `wanted`, or null. Valid until the
// list changes.
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

#endif  // SAMVERK_PROJECTIONS_BUDGET_BY_POSITION_H_

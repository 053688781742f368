// How folds keep facts so that Retract undoes Apply exactly: an entry is a
// function of the set of facts that it keeps, never of the order in which they
// came. A fact goes either into a list, or into a slot, where an entity has
// room for one fact although several may be recorded; what follows from the
// facts is then settled again.
#ifndef SAMVERK_PROJECTIONS_KEPT_FACTS_H_
#define SAMVERK_PROJECTIONS_KEPT_FACTS_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_field.h"
#include "projections/fact.h"
#include "projections/view_table.h"

namespace samverk::projections {

// Whether a fact is put in or taken out. A fold handles both in one place, so
// that they cannot differ.
enum class Way { kApply, kRetract };

// "process/kind/": what the keys of a kind of entity begin with.
inline std::string KeyPrefix(std::string_view process, std::string_view kind) {
  std::string prefix(process);
  prefix.append("/").append(kind).append("/");
  return prefix;
}

// A position as 20 digits, which sort as the number does.
inline std::string PaddedPosition(uint64_t position) {
  const std::string digits = std::to_string(position);
  return std::string(20 - digits.size(), '0') + digits;
}

// Makes a field say `text`; cheap when it does so already.
inline void Assign(std::string_view text, std::string& field) {
  if (field != text) field.assign(text);
}

inline bool IsKnown(const view::v1::When& when) {
  return when.from_us() != 0 || when.to_us() != 0;
}

// Whether `after` lies wholly after `before`; false when a time is not known.
inline bool WhollyAfter(const view::v1::When& after,
                        const view::v1::When& before) {
  return IsKnown(after) && IsKnown(before) && after.from_us() >= before.to_us();
}

// Whether `later` comes after `earlier`: by their times where one lies wholly
// after the other, else in the order in which they were recorded. Compares two
// facts; it is no order of many, for which HappenedBefore is meant.
inline bool Follows(const view::v1::Origin& later,
                    const view::v1::Origin& earlier) {
  if (WhollyAfter(later.occurred(), earlier.occurred())) return true;
  if (WhollyAfter(earlier.occurred(), later.occurred())) return false;
  return later.position() > earlier.position();
}

// Order of a list of facts.
enum class Order { kByTime, kByPosition };

// Brings the last item of a list, which has an Origin named origin, to its
// place; the others are in theirs.
template <typename Item>
void PlaceLast(Order order, google::protobuf::RepeatedPtrField<Item>& list) {
  for (int i = list.size() - 1; i > 0; --i) {
    const view::v1::Origin& before = list.Get(i - 1).origin();
    const view::v1::Origin& added = list.Get(i).origin();
    const bool in_place = order == Order::kByTime
                              ? !HappenedBefore(added, before)
                              : before.position() <= added.position();
    if (in_place) return;
    list.SwapElements(i - 1, i);
  }
}

// Puts `item` in its place in `list`, or takes the one with its position away.
// An item that lies on the list's arena (ViewTable::New) is not copied.
template <typename Item>
void ChangeList(Way way, Order order, std::type_identity_t<Item>&& item,
                google::protobuf::RepeatedPtrField<Item>& list) {
  if (way == Way::kRetract) {
    const auto begin =
        std::remove_if(list.begin(), list.end(), [&item](const Item& kept) {
          return kept.origin().position() == item.origin().position();
        });
    list.DeleteSubrange(static_cast<int>(begin - list.begin()),
                        static_cast<int>(list.end() - begin));
    return;
  }
  *list.Add() = std::move(item);
  PlaceLast(order, list);
}

// A kind of entity of a projection: which arm of Entry its views are.
template <typename Entry, typename View>
struct EntityKind {
  // The kind in keys: "goal".
  std::string_view name;
  View* (Entry::*mutable_view)();
  const View& (Entry::*view)() const;
  // Puts the entity's id into a view; null when views of this kind have none.
  void (*set_id)(View& view, std::string_view id);
  // Makes what follows from the facts of a view follow from them again. Returns
  // false when no fact is left.
  bool (*settle)(View& view);
};

// Lets `change` change the view of an entity, settles it, and takes the entry
// away when no fact is left in it.
template <typename Entry, typename View, typename Change>
void ChangeEntity(const Fact& fact, const EntityKind<Entry, View>& kind,
                  std::string_view id, ViewTable& views, Change change) {
  const std::string key = EntryKey(fact.event, kind.name, id);
  View& view = *(views.Mutable<Entry>(key).*kind.mutable_view)();
  if (kind.set_id != nullptr) kind.set_id(view, id);
  change(view);
  if (!kind.settle(view)) views.Erase(key);
}

// The room for one fact in a view: the fields that it fills. If the same is
// recorded again, the one that happened last stands in the slot; the others
// wait in entries of their own, keyed "process/earlier/kind/id/slot/position",
// and come back when it is taken out.
struct Slot {
  // Tells the slots of a kind apart.
  std::string_view name;
  // Numbers of the fields in the view; the first is the fact's Origin.
  absl::Span<const int> fields;
};

namespace internal {

inline std::vector<const google::protobuf::FieldDescriptor*> FieldsOf(
    const google::protobuf::Message& view, const Slot& slot) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  for (const int number : slot.fields) {
    fields.push_back(view.GetDescriptor()->FindFieldByNumber(number));
  }
  return fields;
}

inline bool IsFilled(const google::protobuf::Message& view, const Slot& slot) {
  return view.GetReflection()->HasField(
      view, view.GetDescriptor()->FindFieldByNumber(slot.fields[0]));
}

inline const view::v1::Origin& OriginIn(const google::protobuf::Message& view,
                                        const Slot& slot) {
  return static_cast<const view::v1::Origin&>(view.GetReflection()->GetMessage(
      view, view.GetDescriptor()->FindFieldByNumber(slot.fields[0])));
}

inline void SwapSlots(google::protobuf::Message& a,
                      google::protobuf::Message& b, const Slot& slot) {
  a.GetReflection()->SwapFields(&a, &b, FieldsOf(a, slot));
}

inline std::string EarlierPrefix(const Fact& fact, std::string_view kind,
                                 std::string_view id, const Slot& slot) {
  std::string prefix = EntryKey(fact.event, "earlier", kind);
  prefix.append("/").append(id).append("/").append(slot.name).append("/");
  return prefix;
}

// Takes the latest of the facts that wait for a slot out of the table.
template <typename Entry, typename View>
std::optional<View> TakeLatestEarlier(const EntityKind<Entry, View>& kind,
                                      const std::string& prefix,
                                      const Slot& slot, ViewTable& views) {
  std::optional<View> latest;
  views.Scan<Entry>(prefix, "", [&](std::string_view, const Entry& entry) {
    const View& view = (entry.*kind.view)();
    if (!latest.has_value() ||
        HappenedBefore(OriginIn(*latest, slot), OriginIn(view, slot))) {
      latest = view;
    }
    return true;
  });
  if (latest.has_value()) {
    views.Erase(prefix + PaddedPosition(OriginIn(*latest, slot).position()));
  }
  return latest;
}

}  // namespace internal

// Puts a fact into a slot of an entity, or takes it out. `filled` is a view
// with the fields of the slot as the fact fills them, its origin among them; on
// the table's arena (ViewTable::New) it is not copied.
template <typename Entry, typename View>
void ChangeSlot(Way way, const Fact& fact, const EntityKind<Entry, View>& kind,
                std::string_view id, const Slot& slot,
                std::type_identity_t<View>&& filled, ViewTable& views) {
  if (way == Way::kApply) {
    bool waits = false;
    ChangeEntity(fact, kind, id, views, [&](View& view) {
      waits = internal::IsFilled(view, slot);
      if (!waits || HappenedBefore(internal::OriginIn(view, slot),
                                   internal::OriginIn(filled, slot))) {
        internal::SwapSlots(view, filled, slot);
      }
    });
    if (!waits) return;
    const uint64_t position = internal::OriginIn(filled, slot).position();
    Entry& entry = views.Mutable<Entry>(
        internal::EarlierPrefix(fact, kind.name, id, slot) +
        PaddedPosition(position));
    *(entry.*kind.mutable_view)() = std::move(filled);
    return;
  }
  const std::string earlier =
      internal::EarlierPrefix(fact, kind.name, id, slot);
  const auto* entry = views.Find<Entry>(EntryKey(fact.event, kind.name, id));
  const bool stands =
      entry != nullptr && internal::IsFilled((entry->*kind.view)(), slot) &&
      internal::OriginIn((entry->*kind.view)(), slot).position() ==
          fact.position.value();
  if (!stands) {
    views.Erase(earlier + PaddedPosition(fact.position.value()));
    return;
  }
  std::optional<View> next =
      internal::TakeLatestEarlier(kind, earlier, slot, views);
  ChangeEntity(fact, kind, id, views, [&](View& view) {
    if (!next.has_value()) next.emplace();
    internal::SwapSlots(view, *next, slot);
  });
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_KEPT_FACTS_H_

// Sorting entries by their keys.
#ifndef SAMVERK_EVENTSTORE_BASE_KEY_ORDER_H_
#define SAMVERK_EVENTSTORE_BASE_KEY_ORDER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "eventstore/base/coding.h"

namespace samverk {

namespace internal {

// What a key goes on with after `skip` bytes, as a number in the order of the
// keys.
inline absl::uint128 HeadOf(std::string_view key, size_t skip) {
  std::array<char, 16> head{};
  const std::string_view rest = key.substr(std::min(skip, key.size()));
  std::copy_n(rest.begin(), std::min(rest.size(), head.size()), head.begin());
  return absl::MakeUint128(GetBig64(head.data()), GetBig64(head.data() + 8));
}

// How many bytes all keys begin with.
template <typename Entry, typename KeyOf>
size_t CommonBytes(const std::vector<Entry>& entries, KeyOf key_of) {
  if (entries.empty()) return 0;
  const std::string_view first = key_of(entries.front());
  size_t common = first.size();
  for (const Entry& entry : entries) {
    const std::string_view key = key_of(entry);
    common = std::min(common, key.size());
    size_t same = 0;
    while (same < common && first[same] == key[same]) ++same;
    common = same;
  }
  return common;
}

}  // namespace internal

// Sorts pointers by the numbers that `group_of` gives, and within a group by
// the keys that `key_of` gives, byte by byte. Keys of a table begin alike and
// differ in few bytes, which are compared as a number.
template <typename Entry, typename KeyOf, typename GroupOf>
void SortByKey(std::vector<Entry>& entries, KeyOf key_of, GroupOf group_of) {
  struct Placed {
    absl::uint128 head;
    uint32_t group;
    Entry entry;
  };
  const size_t skip = internal::CommonBytes(entries, key_of);
  std::vector<Placed> placed;
  placed.reserve(entries.size());
  for (const Entry& entry : entries) {
    placed.push_back(
        {internal::HeadOf(key_of(entry), skip), group_of(entry), entry});
  }
  std::sort(placed.begin(), placed.end(),
            [&key_of](const Placed& a, const Placed& b) {
              if (a.group != b.group) return a.group < b.group;
              return a.head != b.head ? a.head < b.head
                                      : key_of(a.entry) < key_of(b.entry);
            });
  std::transform(placed.begin(), placed.end(), entries.begin(),
                 [](const Placed& each) { return each.entry; });
}

// The same with all keys in one group.
template <typename Entry, typename KeyOf>
void SortByKey(std::vector<Entry>& entries, KeyOf key_of) {
  SortByKey(entries, key_of, [](const Entry&) { return uint32_t{0}; });
}

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_KEY_ORDER_H_

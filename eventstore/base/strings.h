// Strings between std and Abseil, whose string_view is another type in Debian.
#ifndef SAMVERK_EVENTSTORE_BASE_STRINGS_H_
#define SAMVERK_EVENTSTORE_BASE_STRINGS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace samverk {

inline absl::string_view ToAbsl(std::string_view s) {
  return absl::string_view(s.data(), s.size());
}
inline std::string_view ToStd(absl::string_view s) {
  return std::string_view(s.data(), s.size());
}

// Hash for maps whose keys are strings and that are searched by view.
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const {
    return absl::Hash<absl::string_view>()(ToAbsl(s));
  }
};

// A hash map that finds a std::string_view without making a string of it.
template <typename Value>
using StringMap =
    absl::flat_hash_map<std::string, Value, StringHash, std::equal_to<>>;
using StringSet = absl::flat_hash_set<std::string, StringHash, std::equal_to<>>;

// True when `s` is well-formed UTF-8 (RFC 3629: shortest form, no surrogates,
// nothing beyond U+10FFFF).
bool IsValidUtf8(std::string_view s);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_STRINGS_H_

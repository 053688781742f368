// Telling whoever gives a right that there is none of its name.
#ifndef SAMVERK_SERVICES_ACCESS_UNKNOWN_RIGHT_H_
#define SAMVERK_SERVICES_ACCESS_UNKNOWN_RIGHT_H_

#include <optional>
#include <string>
#include <string_view>

namespace samverk::access {

// A sentence in both languages.
struct UnknownRight {
  std::string swedish;
  std::string english;
};

// Which right is unknown, and which there are: what CallerOf would pass over,
// or take for a machine's that may record nothing. nullopt: it is known.
std::optional<UnknownRight> WhyUnknown(std::string_view right);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_UNKNOWN_RIGHT_H_

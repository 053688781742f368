// Names of kinds and states as people call them, in Swedish and English.
#ifndef SAMVERK_CLIENTS_CLI_LABELS_H_
#define SAMVERK_CLIENTS_CLI_LABELS_H_

#include <string>
#include <string_view>

#include "clients/cli/style.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace samverk::cli {

// The words for the enum value of this name ("FINDING_STATE_LOGGED"). Empty
// when there are none, as for values that mean "not given".
std::string LabelOfName(std::string_view name, const Style& style);

// The words for a value of a proto enum. A value that a newer server knows and
// this program does not is shown as its number.
template <typename Enum>
std::string Label(Enum value, const Style& style) {
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  if (found == nullptr) return std::to_string(value);
  return LabelOfName(found->name(), style);
}

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_LABELS_H_

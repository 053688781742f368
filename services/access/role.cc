#include "services/access/role.h"

#include <cstddef>

namespace samverk::access {
namespace {

struct Names {
  std::string_view swedish;
  std::string_view english;
};

constexpr Names kNames[] = {
    {"projektledare", "project_leader"},
    {"partner", "partner"},
    {"handläggare", "officer"},
    {"ekonom", "finance"},
    {"polis", "police"},
    {"controller", "controller"},
    {"styrgrupp", "steering_group"},
    {"arkivarie", "archivist"},
    {"boende", "resident"},
    {"administratör", "administrator"},
};
static_assert(sizeof(kNames) / sizeof(kNames[0]) == kRoleCount);

}  // namespace

std::string_view RoleName(Role role, codec::Language language) {
  const Names& names = kNames[static_cast<size_t>(role)];
  return language == codec::Language::kSwedish ? names.swedish : names.english;
}

std::optional<Role> RoleOfName(std::string_view name) {
  for (int i = 0; i < kRoleCount; ++i) {
    if (kNames[i].swedish == name || kNames[i].english == name) {
      return static_cast<Role>(i);
    }
  }
  return std::nullopt;
}

}  // namespace samverk::access

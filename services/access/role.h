// The roles that people have in a process.
#ifndef SAMVERK_SERVICES_ACCESS_ROLE_H_
#define SAMVERK_SERVICES_ACCESS_ROLE_H_

#include <optional>
#include <string_view>

#include "proto/codec/text.h"

namespace samverk::access {

// In the order of the columns of the tables of rights.
enum class Role {
  kProjectLeader,
  kPartner,
  kOfficer,  // of the funder
  kFinance,
  kPolice,
  kController,
  kSteeringGroup,
  kArchivist,
  kResident,
  kAdministrator,  // gives rights, and does nothing else
};
inline constexpr int kRoleCount = static_cast<int>(Role::kAdministrator) + 1;

// As rights and `recorded_by.role` have it: "projektledare", or in English
// "project_leader".
std::string_view RoleName(Role role, codec::Language language);

// The role of either name; nullopt: there is none.
std::optional<Role> RoleOfName(std::string_view name);

// The role that words of people say, however they write its name: "Polis",
// "Project leader". nullopt: they say none of ours. For recognising somebody,
// never for giving a right.
std::optional<Role> RoleOfWords(std::string_view words);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_ROLE_H_

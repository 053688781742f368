// Local tokens of a register: what a first try logs in with. Also while a
// server serves it, which sees the change within a second.
#ifndef SAMVERK_SERVICES_MAINTENANCE_TOKENS_H_
#define SAMVERK_SERVICES_MAINTENANCE_TOKENS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk::maintenance {

struct Token {
  std::string name;          // what recorded_by.subject says
  std::string organisation;  // id of an actor
  std::vector<std::string> roles;
  int64_t expires_s = 0;  // seconds since 1970; 0: never
};

struct AddedToken {
  std::string text;  // is not kept, and cannot be had again
  // The first one: a server that runs has asked nobody who they are, and does
  // from its next start on.
  bool first = false;
};

// Why a role is refused that no server knows.
struct NoRole {
  std::string swedish;
  std::string english;
};
// nullopt: it is known.
std::optional<NoRole> WhyNoRole(const std::string& role);

// All: FAILED_PRECONDITION when `data` is no directory of a register, or its
// tokens cannot be read; errors of WriteFileDurably. After an error nothing is
// changed. Two programs at once wait for each other.
//   INVALID_ARGUMENT, ALREADY_EXISTS, RESOURCE_EXHAUSTED: LocalTokens::Issue.
absl::StatusOr<AddedToken> AddToken(const std::string& data,
                                    const Token& token);
//   NOT_FOUND: there is none of this name.
absl::Status RevokeToken(const std::string& data, const std::string& name);
// In the order in which they were added.
absl::StatusOr<std::vector<Token>> ListTokens(const std::string& data);

}  // namespace samverk::maintenance

#endif  // SAMVERK_SERVICES_MAINTENANCE_TOKENS_H_

// Who calls, as a token or a certificate says.
#ifndef SAMVERK_SERVICES_ACCESS_CREDENTIAL_H_
#define SAMVERK_SERVICES_ACCESS_CREDENTIAL_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/access/refusal.h"

namespace samverk::access {

inline constexpr size_t kSubjectBytes = 256;
// An organisation is the id of an actor.
inline constexpr size_t kOrganisationBytes = 64;
inline constexpr size_t kRoles = 64;
inline constexpr size_t kRoleBytes = 200;

// What was verified. Plain data.
struct Credential {
  // Pseudonym of a person, or name of a machine.
  std::string subject;
  // Id of the organisation.
  std::string organisation;
  // As they were given; see CallerOf (caller.h).
  std::vector<std::string> roles;
  // From when on it holds no longer, and what was allowed has to end.
  absl::Time expires = absl::InfiniteFuture();
};

// A credential, or why there is none.
struct Verdict {
  Refusal refusal = Refusal::kNone;
  Credential credential;  // empty when refused

  bool ok() const { return refusal == Refusal::kNone; }
};

// `[a-z0-9][a-z0-9._-]*`, at most kOrganisationBytes: what ids of actors are.
bool IsOrganisation(std::string_view text);
// 1 to `bytes_most` bytes of UTF-8 without control characters.
bool IsName(std::string_view text, size_t bytes_most);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_CREDENTIAL_H_

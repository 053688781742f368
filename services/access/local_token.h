// Local tokens: what a first try of the register logs in with, without an
// issuer of tokens.
//
// A token is "samverk_" and 48 characters of base64url: 32 random bytes, and
// four that check them, so that a mistyped token is told from an unknown one.
#ifndef SAMVERK_SERVICES_ACCESS_LOCAL_TOKEN_H_
#define SAMVERK_SERVICES_ACCESS_LOCAL_TOKEN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/sha256.h"
#include "services/access/credential.h"

namespace samverk::access {

inline constexpr std::string_view kLocalTokenPrefix = "samverk_";
inline constexpr size_t kLocalTokens = 1'000;

// What is kept of a token.
struct LocalTokenEntry {
  Hash hash = {};  // SHA-256 of its text
  // Who uses it: what `recorded_by.subject` says. An id, unique.
  std::string name;
  std::string organisation;
  std::vector<std::string> roles;
  // In whole seconds, or InfiniteFuture.
  absl::Time expires = absl::InfiniteFuture();

  bool operator==(const LocalTokenEntry&) const = default;
};

// The tokens of a register. A value: reading it from several threads is safe.
class LocalTokens {
 public:
  // Makes a token out of chance and keeps its hash. The text that is given is
  // not kept, and cannot be had again. A fraction of a second of `expires` is
  // left out.
  //   INVALID_ARGUMENT: a name, organisation or role is none, nobody knows a
  //     role, there are more than kRoles roles, or the end lies beyond the year
  //     9999; says which.
  //   ALREADY_EXISTS: there is a token of this name; revoke it first.
  //   RESOURCE_EXHAUSTED: there are kLocalTokens.
  // After an error nothing is changed.
  absl::StatusOr<std::string> Issue(std::string_view name,
                                    std::string_view organisation,
                                    std::vector<std::string> roles,
                                    absl::Time expires);

  // Takes a token of any age; its text is of no use any more.
  //   NOT_FOUND: there is none of this name.
  absl::Status Revoke(std::string_view name);

  // Whose the token is, at an instant. How long that takes does not depend on
  // which token it is, nor on how much of one is right.
  Verdict Verify(std::string_view token, absl::Time now) const;

  // In the order in which they were issued.
  const std::vector<LocalTokenEntry>& entries() const { return entries_; }

  // Takes an entry as a file has it: a role that nobody knows is taken too, for
  // the file may be of another version. Other errors as Issue; also
  // ALREADY_EXISTS for a hash that is there.
  absl::Status Add(LocalTokenEntry entry);

 private:
  std::vector<LocalTokenEntry> entries_;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_LOCAL_TOKEN_H_

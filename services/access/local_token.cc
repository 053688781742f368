#include "services/access/local_token.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/random.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "proto/codec/errors.h"
#include "services/access/base64url.h"
#include "services/access/unknown_right.h"

namespace samverk::access {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kCheckBytes = 4;
constexpr size_t kTextBytes = 48;
// The end of the year 9999.
constexpr int64_t kSecondsMost = 253'402'300'799;
static_assert((kSecretBytes + kCheckBytes) * 4 == kTextBytes * 3);

// The bytes that check a secret. Another hash than the one that is kept.
std::string CheckOf(std::string_view secret) {
  const Hash hash =
      Sha256(absl::StrCat("samverk local token check\n", ToAbsl(secret)));
  return std::string(AsBytes(hash).substr(0, kCheckBytes));
}

// kNone: it is written as a token is.
Refusal CheckForm(std::string_view token) {
  if (!token.starts_with(kLocalTokenPrefix) ||
      token.size() != kLocalTokenPrefix.size() + kTextBytes) {
    return Refusal::kLocalNotAToken;
  }
  const auto bytes = FromBase64Url(token.substr(kLocalTokenPrefix.size()));
  if (!bytes.has_value()) return Refusal::kLocalNotAToken;
  const std::string_view secret =
      std::string_view(*bytes).substr(0, kSecretBytes);
  const std::string_view check = std::string_view(*bytes).substr(kSecretBytes);
  return CheckOf(secret) == check ? Refusal::kNone : Refusal::kLocalMistyped;
}

absl::Status Invalid(std::string_view what, std::string_view value,
                     std::string_view rule) {
  return absl::InvalidArgumentError(absl::StrCat(
      ToAbsl(what), " ", codec::Quoted(value), " is refused: ", ToAbsl(rule)));
}

// Roles stand in a file with commas between them, "-" for none.
bool IsRole(std::string_view role) {
  return IsName(role, kRoleBytes) && role != "-" &&
         role.find_first_of(" ,") == std::string_view::npos;
}

absl::Status CheckEntry(const LocalTokenEntry& entry) {
  if (!IsOrganisation(entry.name)) {
    return Invalid("the token's name", entry.name,
                   "give an id of a–z, 0–9, full stop, hyphen and underscore");
  }
  if (!IsOrganisation(entry.organisation)) {
    return Invalid("the token's organisation", entry.organisation,
                   "give the id of an actor");
  }
  if (entry.expires != absl::InfiniteFuture() &&
      (entry.expires < absl::UnixEpoch() ||
       entry.expires > absl::FromUnixSeconds(kSecondsMost))) {
    return absl::InvalidArgumentError(
        "the token's end lies outside the years 1970 to 9999; give another, or "
        "none");
  }
  if (entry.roles.size() > kRoles) {
    return absl::InvalidArgumentError(
        absl::StrCat("the token has ", entry.roles.size(), " roles, and ",
                     kRoles, " are the most"));
  }
  for (const std::string& role : entry.roles) {
    if (IsRole(role)) continue;
    return Invalid("the token's role", role,
                   "give a name without spaces and commas");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> LocalTokens::Issue(std::string_view name,
                                               std::string_view organisation,
                                               std::vector<std::string> roles,
                                               absl::Time expires) {
  for (const std::string& role : roles) {
    if (!IsRole(role)) continue;  // told by Add
    const auto unknown = WhyUnknown(role);
    if (unknown.has_value()) {
      return absl::InvalidArgumentError(unknown->english);
    }
  }
  std::array<uint8_t, kSecretBytes> random;
  FillRandom(absl::MakeSpan(random));
  std::string secret(reinterpret_cast<const char*>(random.data()),
                     random.size());
  std::string token = absl::StrCat(ToAbsl(kLocalTokenPrefix),
                                   ToBase64Url(secret + CheckOf(secret)));
  OPENSSL_cleanse(random.data(), random.size());
  OPENSSL_cleanse(secret.data(), secret.size());
  LocalTokenEntry entry{Sha256(token), std::string(name),
                        std::string(organisation), std::move(roles),
                        absl::InfiniteFuture()};
  if (expires != absl::InfiniteFuture()) {
    entry.expires = absl::FromUnixSeconds(absl::ToUnixSeconds(expires));
  }
  RETURN_IF_ERROR(Add(std::move(entry)));
  return token;
}

absl::Status LocalTokens::Add(LocalTokenEntry entry) {
  RETURN_IF_ERROR(CheckEntry(entry));
  for (const LocalTokenEntry& other : entries_) {
    if (other.name != entry.name && other.hash != entry.hash) continue;
    return absl::AlreadyExistsError(
        absl::StrCat("there is a token named ", other.name,
                     "; revoke it first, or choose another name"));
  }
  if (entries_.size() >= kLocalTokens) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are ", entries_.size(), " local tokens, and ",
                     kLocalTokens, " are the most; revoke some"));
  }
  entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status LocalTokens::Revoke(std::string_view name) {
  const auto found = std::find_if(
      entries_.begin(), entries_.end(),
      [name](const LocalTokenEntry& entry) { return entry.name == name; });
  if (found == entries_.end()) {
    return absl::NotFoundError(absl::StrCat("there is no local token named ",
                                            codec::Quoted(name),
                                            "; check the name"));
  }
  entries_.erase(found);
  return absl::OkStatus();
}

Verdict LocalTokens::Verify(std::string_view token, absl::Time now) const {
  if (const Refusal form = CheckForm(token); form != Refusal::kNone) {
    return {form, {}};
  }
  const Hash hash = Sha256(token);
  const LocalTokenEntry* found = nullptr;
  for (const LocalTokenEntry& entry : entries_) {  // all of them, always
    if (CRYPTO_memcmp(entry.hash.data(), hash.data(), hash.size()) == 0) {
      found = &entry;
    }
  }
  if (found == nullptr) return {Refusal::kLocalUnknown, {}};
  if (now >= found->expires) return {Refusal::kLocalExpired, {}};
  return {Refusal::kNone,
          {found->name, found->organisation, found->roles, found->expires}};
}

}  // namespace samverk::access

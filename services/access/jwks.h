// JSON Web Key Sets (RFC 7517): the public keys that tokens are signed with.
#ifndef SAMVERK_SERVICES_ACCESS_JWKS_H_
#define SAMVERK_SERVICES_ACCESS_JWKS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "services/access/signature_key.h"

namespace samverk::access {

inline constexpr size_t kJwksBytes = 256 << 10;
// All of a set, those that are passed over too.
inline constexpr size_t kJwksKeys = 100;
// A key's name, and what a token may say of it.
inline constexpr size_t kKeyIdBytes = 256;

// Keys by their names. A value; thread-safe once made.
class KeySet {
 public:
  // Null: there is none of this name. Lives as long as the set.
  const SignatureKey* Find(std::string_view key_id) const;
  size_t size() const { return keys_.size(); }
  // Why keys of the set cannot be used, a sentence each, in their order: for
  // the log of whoever fetched it.
  const std::vector<std::string>& passed_over() const { return passed_over_; }

 private:
  friend class JwksReader;

  absl::btree_map<std::string, SignatureKey, std::less<>> keys_;
  std::vector<std::string> passed_over_;
};

// Reads a set. Taken are RSA keys of 2048 to 8192 bits and EC keys of P-256
// that have a `kid`. As RFC 7517, section 5, has it, others are passed over: of
// another kind, curve, size or algorithm, for another use than "sig", without a
// `kid`, malformed, private (it was given away). A set without any key to take
// is OK.
//   INVALID_ARGUMENT, saying what is wrong, with nothing of a key but its
//     `kid`: more than kJwksBytes or kJwksKeys, not strict JSON (a name given
//     twice), no list `keys` of objects, two keys to take with one `kid`.
absl::StatusOr<KeySet> ParseJwks(std::string_view text);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_JWKS_H_

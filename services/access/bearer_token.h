// Bearer tokens: JSON Web Tokens (RFC 7519) of one issuer, verified as RFC 8725
// advises.
//
// T1 Only the compact form of at most kBearerTokenBytes is read, its base64url
//    and JSON in one form each: a name given twice is refused.
// T2 The key is one of the issuer's set, found by `kid`; what a token brings of
//    keys (jwk, jku, x5c) is never looked at.
// T3 The algorithm is the key's, RS256 or ES256; a token that says another is
//    refused before its signature is looked at.
// T4 Claims are not read before the signature holds.
// T5 Nothing of a token comes into a sentence or a log.
#ifndef SAMVERK_SERVICES_ACCESS_BEARER_TOKEN_H_
#define SAMVERK_SERVICES_ACCESS_BEARER_TOKEN_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "services/access/credential.h"
#include "services/access/jwks.h"

namespace samverk::access {

inline constexpr size_t kBearerTokenBytes = 8 << 10;
inline constexpr absl::Duration kClockSkewMost = absl::Minutes(10);

// Verifies tokens of one issuer. Thread-safe.
class BearerTokenVerifier {
 public:
  struct Options {
    // What `iss` must be, byte for byte. Required.
    std::string issuer;
    // What `aud` must be, or have in its list. Required.
    std::string audience;
    // The claims that say organisation and roles. Required.
    std::string organisation_claim = "organisation";
    std::string roles_claim = "roles";
    // By how much the issuer's clock may differ from ours; 0 to kClockSkewMost.
    absl::Duration clock_skew = absl::Seconds(60);
  };

  // INVALID_ARGUMENT: an option is missing or out of its range; says which.
  static absl::StatusOr<std::unique_ptr<BearerTokenVerifier>> Create(
      Options options, KeySet keys);

  BearerTokenVerifier(const BearerTokenVerifier&) = delete;
  BearerTokenVerifier& operator=(const BearerTokenVerifier&) = delete;

  // The keys from now on: those of a set that was fetched anew.
  void SetKeys(KeySet keys);
  std::shared_ptr<const KeySet> keys() const;

  // Whom a token is for, at an instant. A token holds from nbf and iat, less
  // the skew, and until exp, plus the skew. `exp`, `sub` and the organisation
  // are required; a token without roles has none. The first reason to refuse
  // it is given.
  Verdict Verify(std::string_view token, absl::Time now) const;

 private:
  BearerTokenVerifier(Options options, KeySet keys);

  Refusal CheckSignature(std::string_view token,
                         std::string_view& claims) const;
  Verdict ReadClaims(std::string_view text, absl::Time now) const;

  const Options options_;
  mutable Mutex mu_;
  // Shared with verifications that go on while it is replaced.
  std::shared_ptr<const KeySet> keys_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_BEARER_TOKEN_H_

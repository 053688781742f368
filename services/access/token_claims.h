// Reading the claims of a token whose signature holds. Pure.
#ifndef SAMVERK_SERVICES_ACCESS_TOKEN_CLAIMS_H_
#define SAMVERK_SERVICES_ACCESS_TOKEN_CLAIMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "proto/codec/json.h"
#include "services/access/refusal.h"

namespace samverk::access {

// NumericDate (RFC 7519, section 2): seconds since 1970, fractions too. nullopt
// of what is no number, negative, or beyond the year 9999. A number of any
// length or exponent is fine.
std::optional<absl::Time> ReadNumericDate(const codec::JsonValue& value);

// kExpiryMissing, kTimeInvalid, kExpired, kNotYetValid, kIssuedInFuture, or
// kNone; then `expires` is set.
Refusal CheckTimes(const codec::JsonValue& claims, absl::Time now,
                   absl::Duration skew, absl::Time& expires);

// Whether `aud` is this text, or a list of texts with it (RFC 7519, section
// 4.1.3).
bool IsForAudience(const codec::JsonValue& claims, std::string_view audience);

// The roles of a claim: a list of texts, or one text with spaces between them.
// Empty when the claim is not there. nullopt: it is anything else, there are
// more than kRoles, or one is no name.
std::optional<std::vector<std::string>> ReadRoles(
    const codec::JsonValue& claims, std::string_view claim);

// A claim that is a text; null otherwise. Lives as long as `claims`.
const std::string* TextClaim(const codec::JsonValue& claims,
                             std::string_view claim);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_TOKEN_CLAIMS_H_

#include "services/access/bearer_token.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "proto/codec/json.h"
#include "services/access/base64url.h"
#include "services/access/json_member.h"
#include "services/access/token_claims.h"

namespace samverk::access {
namespace {

using codec::JsonValue;
using Kind = JsonValue::Kind;

// A token's three parts, and what is signed: the first two with the full stop
// between them.
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;
};

std::optional<Parts> Split(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first),
               token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// Parsed, when it is an object; the parser's sentence would show parts of it.
std::optional<JsonValue> ParseObject(std::string_view text) {
  auto parsed = codec::ParseJson(text);
  if (!parsed.ok() || parsed->kind != Kind::kObject) return std::nullopt;
  return *std::move(parsed);
}

// What a header says, beside its key.
Refusal CheckHeader(const JsonValue& header) {
  const std::string* algorithm = TextClaim(header, "alg");
  if (algorithm == nullptr ||
      (*algorithm != AlgorithmName(SignatureAlgorithm::kRs256) &&
       *algorithm != AlgorithmName(SignatureAlgorithm::kEs256))) {
    return Refusal::kAlgorithmRefused;
  }
  if (Member(header, "crit") != nullptr) return Refusal::kCriticalExtension;
  if (Member(header, "typ") == nullptr) return Refusal::kNone;
  const std::string* type = TextClaim(header, "typ");
  return type != nullptr && (*type == "JWT" || *type == "at+jwt")
             ? Refusal::kNone
             : Refusal::kTypeRefused;
}

Verdict Refused(Refusal refusal) { return {refusal, {}}; }

}  // namespace

absl::StatusOr<std::unique_ptr<BearerTokenVerifier>>
BearerTokenVerifier::Create(Options options, KeySet keys) {
  const std::pair<const char*, const std::string*> required[] = {
      {"issuer", &options.issuer},
      {"audience", &options.audience},
      {"organisation_claim", &options.organisation_claim},
      {"roles_claim", &options.roles_claim}};
  for (const auto& [name, value] : required) {
    if (!value->empty()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        name, " is empty; say what bearer tokens must have there"));
  }
  if (options.clock_skew < absl::ZeroDuration() ||
      options.clock_skew > kClockSkewMost) {
    return absl::InvalidArgumentError(
        absl::StrCat("clock_skew is ", absl::FormatDuration(options.clock_skew),
                     "; give 0 to ", absl::FormatDuration(kClockSkewMost)));
  }
  return std::unique_ptr<BearerTokenVerifier>(
      new BearerTokenVerifier(std::move(options), std::move(keys)));
}

BearerTokenVerifier::BearerTokenVerifier(Options options, KeySet keys)
    : options_(std::move(options)),
      keys_(std::make_shared<const KeySet>(std::move(keys))) {}

void BearerTokenVerifier::SetKeys(KeySet keys) {
  auto replaced = std::make_shared<const KeySet>(std::move(keys));
  MutexLock lock(mu_);
  keys_.swap(replaced);
}

std::shared_ptr<const KeySet> BearerTokenVerifier::keys() const {
  MutexLock lock(mu_);
  return keys_;
}

Verdict BearerTokenVerifier::Verify(std::string_view token,
                                    absl::Time now) const {
  std::string_view claims;
  const Refusal refusal = CheckSignature(token, claims);
  if (refusal != Refusal::kNone) return Refused(refusal);
  return ReadClaims(claims, now);  // T4
}

Refusal BearerTokenVerifier::CheckSignature(std::string_view token,
                                            std::string_view& claims) const {
  if (token.size() > kBearerTokenBytes) return Refusal::kTooLong;  // T1
  const auto parts = Split(token);
  if (!parts.has_value()) return Refusal::kNotCompact;
  const auto header_text = FromBase64Url(parts->header);
  const auto signature = FromBase64Url(parts->signature);
  if (!header_text.has_value() || !signature.has_value()) {
    return Refusal::kNotBase64Url;
  }
  const auto header = ParseObject(*header_text);
  if (!header.has_value()) return Refusal::kHeaderNotJson;
  if (const Refusal refusal = CheckHeader(*header); refusal != Refusal::kNone) {
    return refusal;
  }
  const std::string* key_id = TextClaim(*header, "kid");
  if (key_id == nullptr || key_id->empty() || key_id->size() > kKeyIdBytes) {
    return Refusal::kKeyNotNamed;
  }
  const auto known = keys();
  const SignatureKey* key = known->Find(*key_id);  // T2
  if (key == nullptr) return Refusal::kKeyUnknown;
  if (*TextClaim(*header, "alg") != AlgorithmName(key->algorithm())) {  // T3
    return Refusal::kAlgorithmNotOfKey;
  }
  if (!key->Verify(parts->signed_text, *signature)) {
    return Refusal::kSignatureWrong;
  }
  claims = parts->claims;
  return Refusal::kNone;
}

Verdict BearerTokenVerifier::ReadClaims(std::string_view text,
                                        absl::Time now) const {
  const auto decoded = FromBase64Url(text);
  if (!decoded.has_value()) return Refused(Refusal::kNotBase64Url);
  const auto claims = ParseObject(*decoded);
  if (!claims.has_value()) return Refused(Refusal::kClaimsNotJson);
  const std::string* issuer = TextClaim(*claims, "iss");
  if (issuer == nullptr || *issuer != options_.issuer) {
    return Refused(Refusal::kIssuerWrong);
  }
  if (!IsForAudience(*claims, options_.audience)) {
    return Refused(Refusal::kAudienceWrong);
  }
  Credential credential;
  const Refusal times =
      CheckTimes(*claims, now, options_.clock_skew, credential.expires);
  if (times != Refusal::kNone) return Refused(times);
  const std::string* subject = TextClaim(*claims, "sub");
  if (subject == nullptr || !IsName(*subject, kSubjectBytes)) {
    return Refused(Refusal::kSubjectMissing);
  }
  const std::string* organisation =
      TextClaim(*claims, options_.organisation_claim);
  if (organisation == nullptr || !IsOrganisation(*organisation)) {
    return Refused(Refusal::kOrganisationMissing);
  }
  auto roles = ReadRoles(*claims, options_.roles_claim);
  if (!roles.has_value()) return Refused(Refusal::kRolesInvalid);
  credential.subject = *subject;
  credential.organisation = *organisation;
  credential.roles = *std::move(roles);
  return {Refusal::kNone, std::move(credential)};
}

}  // namespace samverk::access

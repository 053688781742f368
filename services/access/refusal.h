// Why somebody is not let in: every reason, with its words.
#ifndef SAMVERK_SERVICES_ACCESS_REFUSAL_H_
#define SAMVERK_SERVICES_ACCESS_REFUSAL_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "proto/codec/text.h"

namespace samverk::access {

// In the order of the catalogue.
enum class Refusal {
  kNone,  // let in
  kNothingShown,
  kNotBearer,
  // A bearer token's form and header.
  kTooLong,
  kNotCompact,
  kNotBase64Url,
  kHeaderNotJson,
  kAlgorithmRefused,
  kCriticalExtension,
  kTypeRefused,
  kKeyNotNamed,
  kKeyUnknown,
  kAlgorithmNotOfKey,
  kSignatureWrong,
  // Its claims.
  kClaimsNotJson,
  kIssuerWrong,
  kAudienceWrong,
  kExpiryMissing,
  kTimeInvalid,
  kExpired,
  kNotYetValid,
  kIssuedInFuture,
  kSubjectMissing,
  kOrganisationMissing,
  kRolesInvalid,
  // A local token.
  kLocalNotAToken,
  kLocalMistyped,
  kLocalUnknown,
  kLocalExpired,
  // A certificate.
  kCertificateUnreadable,
  kCertificateWithoutName,
  kCertificateNameInvalid,
  kCertificateUnknown,
  kCertificateAmbiguous,
  kCertificateExpired,
};
inline constexpr int kRefusals =
    static_cast<int>(Refusal::kCertificateExpired) + 1;

// A reason's words. They say nothing of the token or certificate itself, so
// that they may be logged and sent.
struct RefusalEntry {
  Refusal refusal;
  std::string_view name;     // for metrics and logs: "token_expired"
  std::string_view swedish;  // what happened and what to do
  std::string_view english;
};

// Every reason, in the order of the enumeration.
absl::Span<const RefusalEntry> RefusalCatalogue();

std::string_view RefusalName(Refusal refusal);
std::string_view RefusalText(Refusal refusal, codec::Language language);

// UNAUTHENTICATED with the sentence; OK for kNone.
absl::Status RefusalStatus(Refusal refusal, codec::Language language);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_REFUSAL_H_

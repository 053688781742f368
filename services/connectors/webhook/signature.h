// Signatures by the Standard Webhooks convention (v1, HMAC-SHA-256). Pure.
#ifndef SAMVERK_SERVICES_CONNECTORS_WEBHOOK_SIGNATURE_H_
#define SAMVERK_SERVICES_CONNECTORS_WEBHOOK_SIGNATURE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace samverk::connectors {

// The key that a secret stands for: "whsec_" and 24 to 64 bytes in base64.
// INVALID_ARGUMENT (INVALID_FIELD) about `field`; the secret is not in the
// sentence.
absl::StatusOr<std::string> KeyOfSecret(std::string_view field,
                                        std::string_view secret);

// The value of the header webhook-signature, "v1,…", over id, seconds since
// 1970 and body.
std::string Signature(std::string_view key, std::string_view id,
                      int64_t timestamp, std::string_view body);

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_WEBHOOK_SIGNATURE_H_

// The file that says who may log in, and how much each caller may ask.
//
//   [oidc]                          an issuer of tokens (OpenID Connect)
//   issuer = "https://login.malmo.example"
//   audience = "samverk"
//   keys = "https://login.malmo.example/jwks"    or the path of a file
//   organisation_claim = "organisation"          these three may be left out
//   roles_claim = "roles"
//   clock_skew_seconds = 60
//
//   [[certificate]]                 a program that has a client certificate
//   name = "dns:ekonomi.mkb.example"             uri:, dns: or email:
//   organisation = "mkb"
//   roles = ["samverk.cost_booked@augustenborg"]
//
//   [limits]                        of each caller; all may be left out
//   requests_per_second = 2000
//   megabytes_per_second = 32
//   streams = 64
#ifndef SAMVERK_SERVICES_ACCESS_ACCESS_FILE_H_
#define SAMVERK_SERVICES_ACCESS_ACCESS_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/access/bearer_token.h"
#include "services/access/certificate_identity.h"

namespace samverk::access {

// How much one caller may ask.
struct CallerAllowance {
  uint32_t requests_per_second = 2'000;
  uint64_t bytes_per_second = uint64_t{32} << 20;
  uint32_t streams = 64;

  bool operator==(const CallerAllowance&) const = default;
};

struct AccessSettings {
  std::optional<BearerTokenVerifier::Options> oidc;
  // With oidc: an https (or loopback http) URL, or the path of a file, as
  // written.
  std::string keys;
  std::vector<CertificateRule> certificates;
  CallerAllowance allowance;
};

// INVALID_ARGUMENT (INVALID_FIELD) names the file, the line and what is wrong.
absl::StatusOr<AccessSettings> ReadAccessFile(const std::string& path);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_ACCESS_FILE_H_

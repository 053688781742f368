// Which organisation a client's certificate stands for.
#ifndef SAMVERK_SERVICES_ACCESS_CERTIFICATE_IDENTITY_H_
#define SAMVERK_SERVICES_ACCESS_CERTIFICATE_IDENTITY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/access/credential.h"

namespace samverk::access {

inline constexpr size_t kCertificateBytes = 64 << 10;
inline constexpr size_t kCertificateNames = 100;

// The kinds of subject alternative names (RFC 5280, section 4.2.1.6) that are
// read. Others (addresses, directory names) are passed over.
enum class NameKind { kUri, kDns, kEmail };

struct CertificateName {
  NameKind kind = NameKind::kUri;
  std::string value;

  bool operator==(const CertificateName&) const = default;
};

// "uri:…", "dns:…", "email:…".
std::string FormatCertificateName(const CertificateName& name);

// What a setting says: whoever has this name acts for this organisation.
struct CertificateRule {
  CertificateName name;
  std::string organisation;
  std::vector<std::string> roles;
};

// Names and whom they stand for. Thread-safe once made.
class CertificateMapping {
 public:
  // INVALID_ARGUMENT, saying which rule: a name that is empty, has other than
  // visible ASCII or a "*" (a rule names one client), two rules of one name,
  // an organisation that is no id, a role that is no name.
  static absl::StatusOr<CertificateMapping> Create(
      std::vector<CertificateRule> rules);

  // Whom a certificate stands for: DER, or one PEM block. Whether it is to be
  // trusted, and holds today, was looked at by TLS before. DNS names and the
  // domain of e-mail addresses are compared without regard to case, everything
  // else byte for byte. The subject is the first name that has a rule, as
  // FormatCertificateName writes it. Several may have one if all agree on
  // organisation and roles; names without a rule do not count. One name that is
  // invalid spoils all. `expires` is the certificate's.
  Verdict Identify(std::string_view certificate) const;

 private:
  explicit CertificateMapping(std::vector<CertificateRule> rules)
      : rules_(std::move(rules)) {}

  Verdict Match(const std::vector<CertificateName>& names) const;

  std::vector<CertificateRule> rules_;  // their names as they are compared
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_CERTIFICATE_IDENTITY_H_

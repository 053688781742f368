#include "services/access/certificate_identity.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "proto/codec/errors.h"
#include "services/access/openssl_error_mark.h"

namespace samverk::access {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kPemSpace = " \t\r\n";

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* what) const {
    free(what);
  }
};
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Input = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

// Null: it is not one block and nothing else. A second block could be another
// client's.
Certificate ReadPem(std::string_view text) {
  const Input input(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (input == nullptr) return nullptr;
  // Given, so that no terminal is asked for one.
  char no_password[] = "";
  Certificate certificate(
      PEM_read_bio_X509(input.get(), nullptr, nullptr, no_password));
  char* rest = nullptr;
  const long rest_bytes = BIO_get_mem_data(input.get(), &rest);
  const bool whole =
      rest_bytes <= 0 ||
      std::string_view(rest, static_cast<size_t>(rest_bytes))
              .find_first_not_of(kPemSpace) == std::string_view::npos;
  return whole ? std::move(certificate) : nullptr;
}

Certificate ReadDer(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* end = at + bytes.size();
  Certificate certificate(
      d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
  return at == end ? std::move(certificate) : nullptr;
}

Certificate Read(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > kCertificateBytes) return nullptr;
  return bytes.starts_with(kPemBegin) ? ReadPem(bytes) : ReadDer(bytes);
}

// Nothing that could end the text for one reader and not for another, or look
// like another text.
bool IsVisibleAscii(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
}

// As names are compared.
CertificateName Folded(CertificateName name) {
  size_t from = name.value.size();
  if (name.kind == NameKind::kDns) from = 0;
  if (name.kind == NameKind::kEmail) {
    const size_t at = name.value.rfind('@');
    if (at != std::string::npos) from = at;
  }
  for (size_t i = from; i < name.value.size(); ++i) {
    name.value[i] =
        absl::ascii_tolower(static_cast<unsigned char>(name.value[i]));
  }
  return name;
}

// kNone: `names` has those of the kinds that are read.
Refusal ReadNames(X509* certificate, std::vector<CertificateName>& names) {
  int critical = 0;
  const Names found(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  if (found == nullptr) {
    // -1: there is no such extension; otherwise it is malformed, or there are
    // two.
    return critical == -1 ? Refusal::kCertificateWithoutName
                          : Refusal::kCertificateNameInvalid;
  }
  const int count = sk_GENERAL_NAME_num(found.get());
  if (count > static_cast<int>(kCertificateNames)) {
    return Refusal::kCertificateNameInvalid;
  }
  for (int i = 0; i < count; ++i) {
    int type = 0;
    const void* value =
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(found.get(), i), &type);
    if (type != GEN_URI && type != GEN_DNS && type != GEN_EMAIL) continue;
    const auto* text = static_cast<const ASN1_IA5STRING*>(value);
    // With its length: the bytes may have a NUL among them.
    CertificateName name{
        type == GEN_URI   ? NameKind::kUri
        : type == GEN_DNS ? NameKind::kDns
                          : NameKind::kEmail,
        std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                    static_cast<size_t>(ASN1_STRING_length(text)))};
    if (!IsVisibleAscii(name.value)) return Refusal::kCertificateNameInvalid;
    names.push_back(Folded(std::move(name)));
  }
  return names.empty() ? Refusal::kCertificateWithoutName : Refusal::kNone;
}

// The end of validity. False: it has none that can be read.
bool ReadExpiry(X509* certificate, absl::Time& expires) {
  tm ends = {};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &ends) != 1) {
    return false;
  }
  expires = absl::FromTM(ends, absl::UTCTimeZone());
  return true;
}

absl::Status CheckRule(const CertificateRule& rule, size_t number) {
  const std::string which =
      absl::StrCat("rule ", number, " of the certificates' names, ",
                   codec::Quoted(FormatCertificateName(rule.name)), ", ");
  if (!IsVisibleAscii(rule.name.value) ||
      rule.name.value.size() + 6 > kSubjectBytes ||
      rule.name.value.find('*') != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        which,
        "has a name that is empty, too long, or has other than visible "
        "ASCII, or a \"*\"; name one client"));
  }
  if (!IsOrganisation(rule.organisation)) {
    return absl::InvalidArgumentError(absl::StrCat(
        which, "names the organisation ", codec::Quoted(rule.organisation),
        ", which is no id; give that of an actor"));
  }
  const bool roles_ok = rule.roles.size() <= kRoles &&
                        std::all_of(rule.roles.begin(), rule.roles.end(),
                                    [](const std::string& role) {
                                      return IsName(role, kRoleBytes);
                                    });
  return roles_ok ? absl::OkStatus()
                  : absl::InvalidArgumentError(absl::StrCat(
                        which, "has a role that is no name, or more than ",
                        kRoles, " roles"));
}

}  // namespace

std::string FormatCertificateName(const CertificateName& name) {
  const char* kind = name.kind == NameKind::kUri   ? "uri:"
                     : name.kind == NameKind::kDns ? "dns:"
                                                   : "email:";
  return absl::StrCat(kind, name.value);
}

absl::StatusOr<CertificateMapping> CertificateMapping::Create(
    std::vector<CertificateRule> rules) {
  for (size_t i = 0; i < rules.size(); ++i) {
    RETURN_IF_ERROR(CheckRule(rules[i], i + 1));
    rules[i].name = Folded(std::move(rules[i].name));
    for (size_t j = 0; j < i; ++j) {
      if (rules[j].name != rules[i].name) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("rules ", j + 1, " and ", i + 1,
                       " of the certificates' names are "
                       "about the same name, ",
                       codec::Quoted(FormatCertificateName(rules[i].name)),
                       "; take one of them out"));
    }
  }
  return CertificateMapping(std::move(rules));
}

Verdict CertificateMapping::Identify(std::string_view certificate) const {
  const OpenSslErrorMark mark;
  const Certificate read = Read(certificate);
  if (read == nullptr) return {Refusal::kCertificateUnreadable, {}};
  std::vector<CertificateName> names;
  const Refusal refusal = ReadNames(read.get(), names);
  if (refusal != Refusal::kNone) return {refusal, {}};
  absl::Time expires;
  if (!ReadExpiry(read.get(), expires)) {
    return {Refusal::kCertificateUnreadable, {}};
  }
  Verdict verdict = Match(names);
  if (verdict.ok()) verdict.credential.expires = expires;
  return verdict;
}

Verdict CertificateMapping::Match(
    const std::vector<CertificateName>& names) const {
  const CertificateRule* matched = nullptr;
  for (const CertificateName& name : names) {
    const auto rule = std::find_if(
        rules_.begin(), rules_.end(),
        [&name](const CertificateRule& each) { return each.name == name; });
    if (rule == rules_.end()) continue;
    if (matched == nullptr) {
      matched = &*rule;
    } else if (rule->organisation != matched->organisation ||
               rule->roles != matched->roles) {
      return {Refusal::kCertificateAmbiguous, {}};
    }
  }
  if (matched == nullptr) return {Refusal::kCertificateUnknown, {}};
  return {Refusal::kNone,
          {FormatCertificateName(matched->name), matched->organisation,
           matched->roles, absl::InfiniteFuture()}};
}

}  // namespace samverk::access

#include "tests/access/test_certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "eventstore/base/check.h"
#include "tests/access/test_keys.h"

namespace samverk::access {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void AddName(GENERAL_NAMES* names, int type, const std::string& bytes) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_STRING* text = ASN1_STRING_type_new(
      type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
  SAMVERK_CHECK(
      ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size())) == 1)
      << "no memory";
  GENERAL_NAME_set0_value(name, type, text);
  sk_GENERAL_NAME_push(names, name);
}

void AddRawExtension(X509* certificate, const std::string& bytes) {
  ASN1_OCTET_STRING* data = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(data,
                        reinterpret_cast<const unsigned char*>(bytes.data()),
                        static_cast<int>(bytes.size()));
  X509_EXTENSION* extension =
      X509_EXTENSION_create_by_NID(nullptr, NID_subject_alt_name, 0, data);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(data);
}

void AddCommonName(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(common_name.data()),
      static_cast<int>(common_name.size()), -1, 0);
}

void SetIssuer(const TestCertificate& wanted, X509* certificate) {
  X509_NAME* name = X509_NAME_new();
  AddCommonName(name,
                wanted.issuer.empty() ? wanted.common_name : wanted.issuer);
  X509_set_issuer_name(certificate, name);
  X509_NAME_free(name);
}

void AddAuthority(X509* certificate) {
  BASIC_CONSTRAINTS* constraints = BASIC_CONSTRAINTS_new();
  constraints->ca = 1;
  SAMVERK_CHECK(X509_add1_ext_i2d(certificate, NID_basic_constraints,
                                  constraints, 1, X509V3_ADD_DEFAULT) == 1)
      << "no extension";
  BASIC_CONSTRAINTS_free(constraints);
}

Certificate Make(const TestCertificate& wanted) {
  Certificate made(X509_new(), X509_free);
  X509* certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate), 1'600'000'000);
  ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(wanted.ends));
  AddCommonName(X509_get_subject_name(certificate), wanted.common_name);
  SetIssuer(wanted, certificate);
  const TestKey& key = wanted.key == nullptr ? EcKey() : *wanted.key;
  X509_set_pubkey(certificate, key.get());
  if (wanted.authority) AddAuthority(certificate);
  if (!wanted.names.empty()) {
    GENERAL_NAMES* names = GENERAL_NAMES_new();
    for (const auto& [type, bytes] : wanted.names) AddName(names, type, bytes);
    for (int i = 0; i < (wanted.names_twice ? 2 : 1); ++i) {
      SAMVERK_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names,
                                      0, X509V3_ADD_APPEND) == 1)
          << "no extension";
    }
    GENERAL_NAMES_free(names);
  }
  if (!wanted.raw_names.empty()) {
    AddRawExtension(certificate, wanted.raw_names);
  }
  const TestKey& signer =
      wanted.issuer_key == nullptr ? key : *wanted.issuer_key;
  SAMVERK_CHECK(X509_sign(certificate, signer.get(), EVP_sha256()) > 0)
      << "no signature";
  return made;
}

}  // namespace

std::string TestCertificate::Der() const {
  const Certificate certificate = Make(*this);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  SAMVERK_CHECK(size > 0) << "no DER";
  std::string bytes(reinterpret_cast<const char*>(der),
                    static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

std::string TestCertificate::Pem() const {
  const Certificate certificate = Make(*this);
  BIO* out = BIO_new(BIO_s_mem());
  SAMVERK_CHECK(PEM_write_bio_X509(out, certificate.get()) == 1) << "no PEM";
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(out);
  return pem;
}

}  // namespace samverk::access

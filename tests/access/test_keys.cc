#include "tests/access/test_keys.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "services/access/base64url.h"

namespace samverk::access {
namespace {

unsigned char* Bytes(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}
const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

// A number of a key, big-endian; of as many bytes as are wanted, 0: no more
// than it needs.
std::string NumberOf(EVP_PKEY* key, const char* name, int bytes) {
  BIGNUM* number = nullptr;
  SAMVERK_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1) << name;
  if (bytes == 0) bytes = BN_num_bytes(number);
  std::string text(static_cast<size_t>(bytes), '\0');
  SAMVERK_CHECK(BN_bn2binpad(number, Bytes(text), bytes) == bytes) << name;
  BN_free(number);
  return text;
}

std::string RawOfDer(std::string_view der) {
  const unsigned char* at = Bytes(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  SAMVERK_CHECK(pair != nullptr) << "no signature";
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), Bytes(raw), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), Bytes(raw) + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

}  // namespace

TestKey::TestKey(EVP_PKEY* key, bool rsa)
    : key_(key, EVP_PKEY_free), rsa_(rsa) {
  SAMVERK_CHECK(key != nullptr) << "OpenSSL makes no key";
}

TestKey TestKey::Rsa(int bits) {
  return TestKey(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<size_t>(bits)),
      true);
}

TestKey TestKey::EcP256() {
  return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), false);
}

std::string TestKey::Jwk(std::string_view key_id, std::string_view more) const {
  const std::string numbers =
      rsa_
          ? absl::StrCat(R"("kty":"RSA","n":")",
                         ToBase64Url(NumberOf(get(), OSSL_PKEY_PARAM_RSA_N, 0)),
                         R"(","e":")",
                         ToBase64Url(NumberOf(get(), OSSL_PKEY_PARAM_RSA_E, 0)))
          : absl::StrCat(
                R"("kty":"EC","crv":"P-256","x":")",
                ToBase64Url(NumberOf(get(), OSSL_PKEY_PARAM_EC_PUB_X, 32)),
                R"(","y":")",
                ToBase64Url(NumberOf(get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32)));
  return absl::StrCat("{", numbers, R"(","kid":")", ToAbsl(key_id), "\"",
                      ToAbsl(more), "}");
}

std::string TestKey::PrivatePem() const {
  BIO* out = BIO_new(BIO_s_mem());
  SAMVERK_CHECK(PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0,
                                         nullptr, nullptr) == 1)
      << "no PEM";
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(out);
  return pem;
}

std::string TestKey::Pem() const {
  BIO* out = BIO_new(BIO_s_mem());
  SAMVERK_CHECK(PEM_write_bio_PUBKEY(out, get()) == 1) << "no PEM";
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(out);
  return pem;
}

std::string TestKey::Sign(std::string_view message) const {
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(get()));
  std::string signature(size, '\0');
  SAMVERK_CHECK(
      EVP_DigestSignInit(digest, nullptr, EVP_sha256(), nullptr, get()) == 1 &&
      EVP_DigestSign(digest, Bytes(signature), &size, Bytes(message),
                     message.size()) == 1)
      << "OpenSSL does not sign";
  EVP_MD_CTX_free(digest);
  signature.resize(size);
  return rsa_ ? signature : RawOfDer(signature);
}

std::string TestKey::Token(std::string_view header,
                           std::string_view claims) const {
  const std::string text =
      absl::StrCat(ToBase64Url(header), ".", ToBase64Url(claims));
  return absl::StrCat(text, ".", ToBase64Url(Sign(text)));
}

const TestKey& RsaKey() {
  static const TestKey key = TestKey::Rsa();
  return key;
}

const TestKey& EcKey() {
  static const TestKey key = TestKey::EcP256();
  return key;
}

std::string TestJwks() {
  return absl::StrCat(R"({"keys":[)", RsaKey().Jwk("rsa"), ",",
                      EcKey().Jwk("ec"), "]}");
}

}  // namespace samverk::access

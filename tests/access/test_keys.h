// Keys that tests sign tokens with.
#ifndef SAMVERK_TESTS_ACCESS_TEST_KEYS_H_
#define SAMVERK_TESTS_ACCESS_TEST_KEYS_H_

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace samverk::access {

// A private key, made anew. Thread-safe.
class TestKey {
 public:
  static TestKey Rsa(int bits = 2'048);
  static TestKey EcP256();

  // The public key as a member of a set, with `more` after its own members:
  // R"(,"use":"sig")".
  std::string Jwk(std::string_view key_id, std::string_view more = "") const;
  // The public key in PEM, as some would use it for a secret of HS256.
  std::string Pem() const;
  // The private key in PEM.
  std::string PrivatePem() const;
  // A signature as tokens have it.
  std::string Sign(std::string_view message) const;
  // Both parts in base64url, and the signature.
  std::string Token(std::string_view header, std::string_view claims) const;

  EVP_PKEY* get() const { return key_.get(); }

 private:
  TestKey(EVP_PKEY* key, bool rsa);

  std::shared_ptr<EVP_PKEY> key_;
  bool rsa_;
};

// Keys that are made once: making RSA keys takes long.
const TestKey& RsaKey();
const TestKey& EcKey();

// {"keys":[RsaKey() as "rsa", EcKey() as "ec"]}.
std::string TestJwks();

}  // namespace samverk::access

#endif  // SAMVERK_TESTS_ACCESS_TEST_KEYS_H_

// Public keys that tokens are signed with, and their signatures, by OpenSSL.
#ifndef SAMVERK_SERVICES_ACCESS_SIGNATURE_KEY_H_
#define SAMVERK_SERVICES_ACCESS_SIGNATURE_KEY_H_

#include <openssl/types.h>

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"

namespace samverk::access {

// The algorithms of RFC 7518 that are accepted. A key has one, whatever a token
// says.
enum class SignatureAlgorithm {
  kRs256,  // RSASSA-PKCS1-v1_5 with SHA-256
  kEs256,  // ECDSA with P-256 and SHA-256
};

// "RS256", "ES256".
std::string_view AlgorithmName(SignatureAlgorithm algorithm);

inline constexpr int kRsaBitsLeast = 2'048;
inline constexpr int kRsaBitsMost = 8'192;
// A public exponent of more bytes makes verifying slow and has no use.
inline constexpr int kRsaExponentBytesMost = 4;

// A public key. Thread-safe; cheap to copy (copies share the key).
class SignatureKey {
 public:
  // Of an RSA key's modulus and public exponent, big-endian without leading
  // zeros.
  //   INVALID_ARGUMENT, saying what is wrong: not 2048 to 8192 bits, an even
  //     modulus, an exponent that is 1, even, or of more than four bytes.
  static absl::StatusOr<SignatureKey> Rsa(std::string_view modulus,
                                          std::string_view exponent);
  // Of a point of P-256, 32 bytes a coordinate.
  //   INVALID_ARGUMENT: other lengths, or no point of the curve.
  static absl::StatusOr<SignatureKey> EcP256(std::string_view x,
                                             std::string_view y);

  SignatureAlgorithm algorithm() const { return algorithm_; }
  // Whether `signature` is one of `message` by this key: of RS256 as many bytes
  // as the modulus has, of ES256 r and s with 32 bytes each.
  bool Verify(std::string_view message, std::string_view signature) const;

 private:
  SignatureKey(SignatureAlgorithm algorithm, std::shared_ptr<EVP_PKEY> key);

  SignatureAlgorithm algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_SIGNATURE_KEY_H_

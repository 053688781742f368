// Ed25519 signatures (RFC 8032), by OpenSSL.
#ifndef SAMVERK_EVENTSTORE_AUDIT_ED25519_H_
#define SAMVERK_EVENTSTORE_AUDIT_ED25519_H_

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace samverk {

using Ed25519PublicKey = std::array<uint8_t, 32>;
inline constexpr size_t kEd25519SeedBytes = 32;
inline constexpr size_t kEd25519SignatureBytes = 64;

// A private key. Thread-safe; cheap to copy (copies share the key).
class Ed25519PrivateKey {
 public:
  // A new one from the operating system's randomness.
  static Ed25519PrivateKey Generate();
  // The key that RFC 8032 derives from a seed of kEd25519SeedBytes bytes.
  static Ed25519PrivateKey FromSeed(std::string_view seed);

  const Ed25519PublicKey& public_key() const { return public_key_; }
  // What FromSeed makes the same key of. A secret.
  std::string Seed() const;
  // kEd25519SignatureBytes bytes.
  std::string Sign(std::string_view message) const;

 private:
  explicit Ed25519PrivateKey(EVP_PKEY* key);

  std::shared_ptr<EVP_PKEY> key_;
  Ed25519PublicKey public_key_;
};

// Whether the signature is one of the message by the key. Thread-safe.
bool Ed25519Verify(const Ed25519PublicKey& key, std::string_view message,
                   std::string_view signature);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_ED25519_H_

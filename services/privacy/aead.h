// The two primitives that everything here is made of.
#ifndef SAMVERK_SERVICES_PRIVACY_AEAD_H_
#define SAMVERK_SERVICES_PRIVACY_AEAD_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "services/privacy/secret_bytes.h"

namespace samverk::privacy {

inline constexpr size_t kKeyBytes = 32;
inline constexpr size_t kNonceBytes = 24;
inline constexpr size_t kTagBytes = 16;

// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): as many bytes as `clear` has
// and a tag of kTagBytes, which also covers `bound`. One nonce must not serve
// one key for two texts. The sizes of key and nonce are as above.
std::string AeadSeal(const SecretBytes& key, std::string_view nonce,
                     std::string_view bound, std::string_view clear);

// Opens it into `clear`, which has kTagBytes fewer bytes than `sealed`. False,
// with `clear` all zeros: `sealed` was not made with this key, nonce and
// `bound`.
[[nodiscard]] bool AeadOpen(const SecretBytes& key, std::string_view nonce,
                            std::string_view bound, std::string_view sealed,
                            absl::Span<uint8_t> clear);

// A nonce that chance gives: of 24 bytes, so that none comes twice.
std::string RandomNonce();

// BLAKE2b keyed with `key`, of 16 to 64 bytes, over the parts, each with its
// length. What is made for one purpose (of 16 bytes at most) says nothing of
// what is made for another, nor of the key.
void KeyedHash(const SecretBytes& key, std::string_view purpose,
               std::initializer_list<std::string_view> parts,
               absl::Span<uint8_t> hash);
// As a string, of `size` bytes (1 to 64).
std::string KeyedHash(const SecretBytes& key, std::string_view purpose,
                      std::initializer_list<std::string_view> parts,
                      size_t size);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_AEAD_H_

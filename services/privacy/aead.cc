#include "services/privacy/aead.h"

#include <sodium.h>

#include <array>
#include <cstring>

#include "eventstore/base/check.h"
#include "eventstore/base/coding.h"

namespace samverk::privacy {
namespace {

static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

void CheckSizes(const SecretBytes& key, std::string_view nonce) {
  SAMVERK_CHECK(key.size() == kKeyBytes) << key.size();
  SAMVERK_CHECK(nonce.size() == kNonceBytes) << nonce.size();
}

}  // namespace

std::string AeadSeal(const SecretBytes& key, std::string_view nonce,
                     std::string_view bound, std::string_view clear) {
  CheckSizes(key, nonce);
  std::string sealed(clear.size() + kTagBytes, '\0');
  const int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(
      reinterpret_cast<uint8_t*>(sealed.data()), nullptr, Bytes(clear),
      clear.size(), Bytes(bound), bound.size(), nullptr, Bytes(nonce),
      key.data());
  SAMVERK_CHECK(failed == 0) << clear.size();
  return sealed;
}

bool AeadOpen(const SecretBytes& key, std::string_view nonce,
              std::string_view bound, std::string_view sealed,
              absl::Span<uint8_t> clear) {
  CheckSizes(key, nonce);
  SAMVERK_CHECK(sealed.size() == clear.size() + kTagBytes) << sealed.size();
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          clear.data(), nullptr, nullptr, Bytes(sealed), sealed.size(),
          Bytes(bound), bound.size(), Bytes(nonce), key.data()) == 0) {
    return true;
  }
  sodium_memzero(clear.data(), clear.size());
  return false;
}

std::string RandomNonce() {
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  return nonce;
}

void KeyedHash(const SecretBytes& key, std::string_view purpose,
               std::initializer_list<std::string_view> parts,
               absl::Span<uint8_t> hash) {
  std::array<uint8_t, crypto_generichash_blake2b_PERSONALBYTES> personal = {};
  SAMVERK_CHECK(purpose.size() <= personal.size()) << purpose;
  std::memcpy(personal.data(), purpose.data(), purpose.size());
  crypto_generichash_blake2b_state state;
  int failed = crypto_generichash_blake2b_init_salt_personal(
      &state, key.data(), key.size(), hash.size(), nullptr, personal.data());
  for (const std::string_view part : parts) {
    std::string length;
    PutVarint(part.size(), length);
    failed |=
        crypto_generichash_blake2b_update(&state, Bytes(length), length.size());
    failed |=
        crypto_generichash_blake2b_update(&state, Bytes(part), part.size());
  }
  failed |= crypto_generichash_blake2b_final(&state, hash.data(), hash.size());
  sodium_memzero(&state, sizeof(state));
  SAMVERK_CHECK(failed == 0) << hash.size();
}

std::string KeyedHash(const SecretBytes& key, std::string_view purpose,
                      std::initializer_list<std::string_view> parts,
                      size_t size) {
  std::string hash(size, '\0');
  KeyedHash(key, purpose, parts,
            absl::MakeSpan(reinterpret_cast<uint8_t*>(hash.data()), size));
  return hash;
}

}  // namespace samverk::privacy

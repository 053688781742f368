#include "eventstore/audit/ed25519.h"

#include "eventstore/base/check.h"

namespace samverk {
namespace {

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* Bytes(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

}  // namespace

Ed25519PrivateKey::Ed25519PrivateKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {
  size_t size = public_key_.size();
  SAMVERK_CHECK(key != nullptr && EVP_PKEY_get_raw_public_key(
                                      key, public_key_.data(), &size) == 1)
      << "OpenSSL makes no Ed25519 key";
}

Ed25519PrivateKey Ed25519PrivateKey::Generate() {
  return Ed25519PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

Ed25519PrivateKey Ed25519PrivateKey::FromSeed(std::string_view seed) {
  SAMVERK_CHECK(seed.size() == kEd25519SeedBytes) << seed.size();
  return Ed25519PrivateKey(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()));
}

std::string Ed25519PrivateKey::Seed() const {
  std::string seed(kEd25519SeedBytes, '\0');
  size_t size = seed.size();
  SAMVERK_CHECK(EVP_PKEY_get_raw_private_key(key_.get(), Bytes(seed), &size) ==
                1)
      << "OpenSSL does not give a key that it made";
  return seed;
}

std::string Ed25519PrivateKey::Sign(std::string_view message) const {
  const Digest context(EVP_MD_CTX_new());
  std::string signature(kEd25519SignatureBytes, '\0');
  size_t size = signature.size();
  SAMVERK_CHECK(context != nullptr &&
                EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                                   key_.get()) == 1 &&
                EVP_DigestSign(context.get(), Bytes(signature), &size,
                               Bytes(message), message.size()) == 1)
      << "OpenSSL does not sign " << message.size() << " bytes";
  return signature;
}

bool Ed25519Verify(const Ed25519PublicKey& key, std::string_view message,
                   std::string_view signature) {
  if (signature.size() != kEd25519SignatureBytes) return false;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> opened(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(),
                                  key.size()),
      EVP_PKEY_free);
  const Digest context(EVP_MD_CTX_new());
  return opened != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                              opened.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                          Bytes(message), message.size()) == 1;
}

}  // namespace samverk

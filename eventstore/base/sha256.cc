// OpenSSL calls these functions deprecated in favour of EVP, whose set-up costs
// several times the hash of a Merkle node; they remain supported in OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "eventstore/base/sha256.h"

namespace samverk {

Sha256Stream::Sha256Stream() { SHA256_Init(&context_); }

Sha256Stream& Sha256Stream::Update(std::string_view bytes) {
  SHA256_Update(&context_, bytes.data(), bytes.size());
  return *this;
}

Hash Sha256Stream::Finish() {
  Hash hash;
  SHA256_Final(hash.data(), &context_);
  return hash;
}

Hash Sha256(std::string_view bytes) {
  return Sha256Stream().Update(bytes).Finish();
}

}  // namespace samverk

// SHA-256 (FIPS 180-4).
#ifndef SAMVERK_EVENTSTORE_BASE_SHA256_H_
#define SAMVERK_EVENTSTORE_BASE_SHA256_H_

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace samverk {

using Hash = std::array<uint8_t, 32>;

// The bytes of a hash, for keys and files.
inline std::string_view AsBytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Hashes what it is given piece by piece. One use; one thread.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream& Update(std::string_view bytes);
  Hash Finish();

 private:
  SHA256_CTX context_;
};

// The hash of all of `bytes`.
Hash Sha256(std::string_view bytes);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_SHA256_H_

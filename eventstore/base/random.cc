#include "eventstore/base/random.h"

#include <openssl/rand.h>

#include "eventstore/base/check.h"

namespace samverk {

void FillRandom(absl::Span<uint8_t> bytes) {
  SAMVERK_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1)
      << "the system gives no random bytes";
}

}  // namespace samverk

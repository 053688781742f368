// Secret bytes, wrapped with a master key.
//
//   1 byte    format, 1
//   8 bytes   id of the master key
//   24 bytes  nonce
//   the rest  XChaCha20-Poly1305 of the bytes, with its tag of 16 bytes
//
// The tag also covers what stands before the nonce, and the place that the
// bytes are for.
#ifndef SAMVERK_SERVICES_PRIVACY_WRAPPED_BYTES_H_
#define SAMVERK_SERVICES_PRIVACY_WRAPPED_BYTES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/privacy/aead.h"
#include "services/privacy/master_key.h"
#include "services/privacy/secret_bytes.h"
#include "services/privacy/secret_key.h"

namespace samverk::privacy {

// Bytes more than what is wrapped.
inline constexpr size_t kWrapBytes =
    1 + sizeof(KeyId) + kNonceBytes + kTagBytes;

// Wraps `bytes`, for `place`.
std::string Wrap(const MasterKey& key, std::string_view place,
                 const SecretBytes& bytes);

// What was wrapped for `place`, of `size` bytes. Errors name `path`, where
// `wrapped` was read, and say what to do.
//   FAILED_PRECONDITION: its master key is not among `keys`; or its format is
//     of a newer release (FORMAT_NEWER).
//   DATA_LOSS (DAMAGED): it was changed, or is for another place.
absl::StatusOr<SecretBytes> Unwrap(const MasterKeys& keys,
                                   std::string_view place,
                                   std::string_view wrapped, size_t size,
                                   const std::string& path);

// The master key that it says it is wrapped with. Only Unwrap tells whether it
// is. DATA_LOSS (DAMAGED): it is too short to say.
absl::StatusOr<KeyId> WrappedWith(std::string_view wrapped,
                                  const std::string& path);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_WRAPPED_BYTES_H_

// One value, sealed with the key of the subject that it is about.
//
// A sealed value is
//
//   1 byte    format, 1
//   8 bytes   id of the key
//   24 bytes  nonce
//   the rest  XChaCha20-Poly1305 of the padded value, with its tag of 16 bytes
//
// The tag also covers the bytes before the nonce and the place where the value
// stands, so that it cannot be moved elsewhere. The format is never changed:
// values lie in the log for good.
//
// Padding hides lengths. The byte 0x80 and zeros are put after the value until
// there are 64, 128, 256, 512 or 1,024 bytes, or the next multiple of 1,024. So
// every value of up to 63 bytes looks the same: names, numbers, addresses.
#ifndef SAMVERK_SERVICES_PRIVACY_SEALED_VALUE_H_
#define SAMVERK_SERVICES_PRIVACY_SEALED_VALUE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "eventstore/limits.h"
#include "services/privacy/secret_key.h"

namespace samverk::privacy {

// The longest value, in clear.
inline constexpr size_t kClearBytes = limits::kTextBytes;
// The longest place.
inline constexpr size_t kPlaceBytes = 2'048;

// The place of a value as one string. Two places that differ give two strings,
// whatever the parts hold. `field` is the path from the event's root.
std::string PlaceOf(std::string_view subject, std::string_view register_name,
                    std::string_view event_id, std::string_view field);

// Bytes that a value of `clear_bytes` bytes is padded to.
size_t PaddedBytes(size_t clear_bytes);

// Seals `clear`, which stands at `place`. No two results are alike. Any thread.
//   INVALID_ARGUMENT (LIMIT_EXCEEDED): the value or its place is too long.
absl::StatusOr<std::string> Seal(const DataKey& key, std::string_view place,
                                 std::string_view clear);

// Likewise, but the same key, place and value give the same bytes: the nonce is
// a keyed hash of the three. So a recording that is sent again compares equal
// to the first. It tells that a value was put in the same place twice, no more.
absl::StatusOr<std::string> SealRepeatably(const DataKey& key,
                                           std::string_view place,
                                           std::string_view clear);

// The value that was sealed for `place`. Any thread.
//   INVALID_ARGUMENT (INVALID_FIELD): this is no sealed value.
//   FAILED_PRECONDITION: it was sealed with another key, or in a format of a
//     newer release (FORMAT_NEWER).
//   DATA_LOSS (DAMAGED): it was changed, or sealed for another place.
absl::StatusOr<std::string> Open(const DataKey& key, std::string_view place,
                                 std::string_view sealed);

// The key that a value says it is sealed with. Only Open tells whether it is.
// Errors of Open, but for DATA_LOSS.
absl::StatusOr<KeyId> SealedWith(std::string_view sealed);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_SEALED_VALUE_H_

// Event ids as text, and new ones.
#ifndef SAMVERK_EVENTSTORE_BASE_UUID_H_
#define SAMVERK_EVENTSTORE_BASE_UUID_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/types.h"

namespace samverk {

// Reads the canonical text of 36 characters, hexadecimal digits in either case:
// "018bcfe5-6800-7000-8000-00000000002a". Any version and variant is accepted.
// INVALID_ARGUMENT (INVALID_FIELD) for anything else.
absl::StatusOr<EventId> ParseUuid(std::string_view text);

// The canonical text, in lower case.
std::string FormatUuid(const EventId& id);

// A UUID of version 7: milliseconds of `now`, then random bits. Ids made later
// sort after ids made in an earlier millisecond.
EventId NewUuidV7(absl::Time now, const std::array<uint8_t, 10>& random);

// The same with bytes from the operating system's generator.
EventId NewUuidV7(absl::Time now);

// The first 16 bytes of SHA-256(text) as a UUID of version 8: the same text
// always gives the same id, so that an import can be repeated.
EventId UuidV8FromText(std::string_view text);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_UUID_H_

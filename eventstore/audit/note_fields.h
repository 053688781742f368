// The pieces that signed notes and proofs are written in: numbers and base64,
// each in the one form that is allowed. Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_NOTE_FIELDS_H_
#define SAMVERK_EVENTSTORE_AUDIT_NOTE_FIELDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/base/sha256.h"

namespace samverk {

// A decimal number without sign and leading zeros, of at most 2^63 - 1; nullopt
// of anything else.
std::optional<uint64_t> ParseDecimal(std::string_view text);

// Standard base64 with padding (RFC 4648, section 4).
std::string ToBase64(std::string_view bytes);
// nullopt of what ToBase64 would not have written: spaces, missing padding,
// bits that are set after the last byte.
std::optional<std::string> FromBase64(std::string_view text);

// The same of 32 bytes.
std::string HashToBase64(const Hash& hash);
std::optional<Hash> HashFromBase64(std::string_view text);

// Hashes of a proof, a line each.
std::string FormatHashes(const std::vector<Hash>& hashes);
// Takes such lines and the empty one after them off `rest`. nullopt: they are
// not that, or more than the 63 that a proof of RFC 6962 may have.
std::optional<std::vector<Hash>> TakeHashes(std::string_view& rest);
inline constexpr std::string_view kHashesWanted =
    "at most 63 lines of 32 bytes in base64 must follow, and an empty line";

// Takes the text up to the next newline off `rest`, the newline too; nullopt
// when there is none, and `rest` is as it was.
std::optional<std::string_view> TakeLine(std::string_view& rest);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_NOTE_FIELDS_H_

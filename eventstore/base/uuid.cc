#include "eventstore/base/uuid.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/random.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr char kHex[] = "0123456789abcdef";

bool IsDash(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void SetVersion(EventId& id, uint8_t version) {
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0f) | (version << 4));
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);
}

absl::Status NotAUuid(std::string_view text) {
  const std::string shown = absl::CHexEscape(
      ToAbsl(text.substr(0, std::min<size_t>(64, text.size()))));
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat("\"", shown,
                   "\" is not a UUID; write it as 36 characters, like "
                   "018bcfe5-6800-7000-8000-00000000002a"),
      {{"value", shown}});
}

}  // namespace

absl::StatusOr<EventId> ParseUuid(std::string_view text) {
  if (text.size() != 36) return NotAUuid(text);
  EventId id;
  size_t nibble = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDash(i)) {
      if (text[i] != '-') return NotAUuid(text);
      continue;
    }
    const int value = HexValue(text[i]);
    if (value < 0) return NotAUuid(text);
    uint8_t& byte = id.bytes[nibble / 2];
    byte = static_cast<uint8_t>((byte << 4) | value);
    ++nibble;
  }
  return id;
}

std::string FormatUuid(const EventId& id) {
  std::string text(36, '-');
  size_t at = 0;
  for (const uint8_t byte : id.bytes) {
    if (IsDash(at)) ++at;
    text[at++] = kHex[byte >> 4];
    text[at++] = kHex[byte & 0x0f];
  }
  return text;
}

EventId NewUuidV7(absl::Time now, const std::array<uint8_t, 10>& random) {
  EventId id;
  const auto ms = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<uint8_t>(ms >> (40 - 8 * i));
  }
  std::copy(random.begin(), random.end(), id.bytes.begin() + 6);
  SetVersion(id, 7);
  return id;
}

EventId NewUuidV7(absl::Time now) {
  std::array<uint8_t, 10> random;
  FillRandom(absl::MakeSpan(random));
  return NewUuidV7(now, random);
}

EventId UuidV8FromText(std::string_view text) {
  const Hash hash = Sha256(text);
  EventId id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  SetVersion(id, 8);
  return id;
}

}  // namespace samverk

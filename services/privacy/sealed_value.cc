#include "services/privacy/sealed_value.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"

namespace samverk::privacy {
namespace {

constexpr char kFormat = 1;
constexpr size_t kHeaderBytes = 1 + sizeof(KeyId);
constexpr size_t kOverheadBytes = kHeaderBytes + kNonceBytes + kTagBytes;
constexpr size_t kLeastPadded = 64;
constexpr size_t kStep = 1'024;
constexpr char kEndOfValue = '\x80';

std::string HeaderOf(const DataKey& key) {
  std::string header(1, kFormat);
  header.append(AsBytes(key.id()));
  return header;
}

// What the tag covers beside the value.
std::string BoundTo(std::string_view header, std::string_view place) {
  std::string bound;
  PutBytes("samverk sealed value", bound);
  PutBytes(header, bound);
  PutBytes(place, bound);
  return bound;
}

absl::Status CheckLength(std::string_view what, size_t bytes, size_t most) {
  if (bytes <= most) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_LIMIT_EXCEEDED,
                   absl::StrCat(ToAbsl(what), " has ", bytes,
                                " bytes and may have ", most, "; shorten it"),
                   {{"limit", absl::StrCat(most)},
                    {"value", absl::StrCat(bytes)},
                    {"what", std::string(what)}});
}

absl::Status CheckLengths(std::string_view place, std::string_view clear) {
  RETURN_IF_ERROR(
      CheckLength("a value that is to be sealed", clear.size(), kClearBytes));
  return CheckLength("the place of a value that is to be sealed", place.size(),
                     kPlaceBytes);
}

absl::Status NotSealed() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_INVALID_FIELD,
                   "this is no sealed value; send what the register gave out");
}

absl::Status Changed() {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      "a sealed value was changed, or was sealed for another place; compare "
      "the log with a kept checkpoint, and restore a backup if it differs");
}

absl::Status CheckForm(std::string_view sealed) {
  if (sealed.empty() || sealed.front() == 0) return NotSealed();
  if (sealed.front() != kFormat) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
        absl::StrCat("a sealed value has format ",
                     static_cast<uint8_t>(sealed.front()),
                     ", and this program knows 1; use a newer release"));
  }
  if (sealed.size() < kOverheadBytes + kLeastPadded) return NotSealed();
  const size_t padded = sealed.size() - kOverheadBytes;
  if (padded > PaddedBytes(kClearBytes) || PaddedBytes(padded - 1) != padded) {
    return NotSealed();
  }
  return absl::OkStatus();
}

std::string SealWith(const DataKey& key, std::string_view nonce,
                     std::string_view place, std::string_view clear) {
  std::string padded(PaddedBytes(clear.size()), '\0');
  std::copy(clear.begin(), clear.end(), padded.begin());
  padded[clear.size()] = kEndOfValue;
  std::string sealed = HeaderOf(key);
  const std::string ciphertext =
      AeadSeal(key.bytes(), nonce, BoundTo(sealed, place), padded);
  sodium_memzero(padded.data(), padded.size());
  sealed.append(nonce);
  sealed.append(ciphertext);
  return sealed;
}

}  // namespace

std::string PlaceOf(std::string_view subject, std::string_view register_name,
                    std::string_view event_id, std::string_view field) {
  std::string place;
  for (const std::string_view part :
       {subject, register_name, event_id, field}) {
    PutBytes(part, place);
  }
  return place;
}

size_t PaddedBytes(size_t clear_bytes) {
  const size_t least = clear_bytes + 1;
  if (least > kStep) return (least + kStep - 1) / kStep * kStep;
  return std::max(kLeastPadded, std::bit_ceil(least));
}

absl::StatusOr<std::string> Seal(const DataKey& key, std::string_view place,
                                 std::string_view clear) {
  RETURN_IF_ERROR(CheckLengths(place, clear));
  return SealWith(key, RandomNonce(), place, clear);
}

absl::StatusOr<std::string> SealRepeatably(const DataKey& key,
                                           std::string_view place,
                                           std::string_view clear) {
  RETURN_IF_ERROR(CheckLengths(place, clear));
  const std::string nonce =
      KeyedHash(key.bytes(), "samverk nonce", {place, clear}, kNonceBytes);
  return SealWith(key, nonce, place, clear);
}

absl::StatusOr<std::string> Open(const DataKey& key, std::string_view place,
                                 std::string_view sealed) {
  ASSIGN_OR_RETURN(const KeyId id, SealedWith(sealed));
  if (id != key.id()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a value is sealed with the key ", KeyIdText(id), ", not with ",
        KeyIdText(key.id()), "; restore the keys of the subject"));
  }
  const std::string_view header = sealed.substr(0, kHeaderBytes);
  const std::string_view nonce = sealed.substr(kHeaderBytes, kNonceBytes);
  std::string clear(sealed.size() - kOverheadBytes, '\0');
  if (!AeadOpen(key.bytes(), nonce, BoundTo(header, place),
                sealed.substr(kHeaderBytes + kNonceBytes),
                absl::MakeSpan(reinterpret_cast<uint8_t*>(clear.data()),
                               clear.size()))) {
    return Changed();
  }
  const size_t padded = clear.size();
  const size_t end = clear.find_last_not_of('\0');
  if (end == std::string::npos || clear[end] != kEndOfValue ||
      PaddedBytes(end) != padded) {
    sodium_memzero(clear.data(), clear.size());
    return Changed();
  }
  clear.resize(end);
  return clear;
}

absl::StatusOr<KeyId> SealedWith(std::string_view sealed) {
  RETURN_IF_ERROR(CheckForm(sealed));
  return KeyIdFromBytes(sealed.substr(1, sizeof(KeyId)));
}

}  // namespace samverk::privacy

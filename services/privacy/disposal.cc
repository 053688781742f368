#include "services/privacy/disposal.h"

#include <sodium.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"
#include "services/privacy/file_error.h"

namespace samverk::privacy {
namespace {

constexpr std::string_view kBegin = "samverk disposal 1\n";
constexpr size_t kHashBytes = 32;

absl::Status Invalid(std::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_INVALID_FIELD, why);
}

absl::Status CheckText(std::string_view what, std::string_view text,
                       size_t most) {
  if (text.size() > most) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_LIMIT_EXCEEDED,
        absl::StrCat("the ", ToAbsl(what), " of a disposal has ", text.size(),
                     " bytes and may have ", most, "; shorten it"),
        {{"limit", absl::StrCat(most)},
         {"value", absl::StrCat(text.size())},
         {"what", std::string(what)}});
  }
  if (!IsValidUtf8(text)) {
    return Invalid(absl::StrCat("the ", ToAbsl(what),
                                " of a disposal is no UTF-8; encode it so"));
  }
  return absl::OkStatus();
}

std::string HashOf(std::string_view bytes, std::string_view name,
                   const SecretBytes& key) {
  return KeyedHash(key, "samverk disposal", {name, bytes}, kHashBytes);
}

}  // namespace

absl::Status CheckDisposal(const Disposal& disposal) {
  if (disposal.date.year() < 1 || disposal.date.year() > 9'999) {
    return Invalid(absl::StrCat("a disposal is dated in the year ",
                                disposal.date.year(),
                                "; give one from 1 to 9999"));
  }
  if (disposal.decision.empty()) {
    return Invalid(
        "a disposal has no decision; give the registry number of the one that "
        "it rests on");
  }
  RETURN_IF_ERROR(CheckText("decision", disposal.decision, kDecisionBytes));
  return CheckText("text", disposal.text, kDisposalTextBytes);
}

std::string FormatTombstone(const Disposal& disposal, std::string_view name,
                            const SecretBytes& key) {
  std::string bytes(kBegin);
  PutBytes(absl::FormatCivilTime(disposal.date), bytes);
  PutBytes(disposal.decision, bytes);
  PutBytes(disposal.text, bytes);
  bytes.append(HashOf(bytes, name, key));
  return bytes;
}

absl::StatusOr<Disposal> ParseTombstone(std::string_view bytes,
                                        std::string_view name,
                                        const SecretBytes& key,
                                        const std::string& path) {
  const auto damaged = [&] {
    return DamagedFile(path,
                       "was changed, or is another file put in its place; "
                       "remove it and dispose of the subject again, as was "
                       "decided");
  };
  if (bytes.size() < kBegin.size() + kHashBytes) return damaged();
  std::string_view rest = bytes.substr(0, bytes.size() - kHashBytes);
  const std::string hash = HashOf(rest, name, key);
  if (sodium_memcmp(hash.data(), bytes.data() + rest.size(), kHashBytes) != 0 ||
      !rest.starts_with(kBegin)) {
    return damaged();
  }
  rest.remove_prefix(kBegin.size());
  std::string_view date, decision, text;
  Disposal disposal;
  if (!TakeBytes(rest, date) || !TakeBytes(rest, decision) ||
      !TakeBytes(rest, text) || !rest.empty() ||
      !absl::ParseCivilTime(ToAbsl(date), &disposal.date)) {
    return damaged();
  }
  disposal.decision = decision;
  disposal.text = text;
  return disposal;
}

}  // namespace samverk::privacy

#include "eventstore/audit/note_key.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr std::string_view kPrivate = "PRIVATE+KEY+";

// The white space of Unicode beyond ASCII, in UTF-8.
constexpr std::string_view kSpaces[] = {
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
    "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

absl::Status NotAKey(std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "this is no key of signed notes (NAME+ID+KEY): ", ToAbsl(why)));
}

// What stands behind the name: the id, and the bytes of kind and key.
std::string KeyBytes(NoteSignatureKind kind, std::string_view key) {
  std::string bytes(1, static_cast<char>(kind));
  bytes.append(key);
  return bytes;
}

std::string IdText(uint32_t id) { return absl::StrFormat("%08x", id); }

// NAME+ID+KEY in its parts; the id is compared by whoever knows the public key.
struct Parts {
  std::string name;
  std::string id;
  NoteSignatureKind kind;
  std::string key;  // 32 bytes
};

absl::StatusOr<Parts> Split(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second =
      first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return NotAKey("it has fewer than two \"+\"");
  Parts parts;
  parts.name = std::string(text.substr(0, first));
  parts.id = std::string(text.substr(first + 1, second - first - 1));
  if (!IsNoteKeyName(parts.name)) {
    return NotAKey("the name is empty, has a space, or is not UTF-8");
  }
  const auto bytes = FromBase64(text.substr(second + 1));
  if (!bytes.has_value()) return NotAKey("what follows the id is not base64");
  if (bytes->size() != 1 + kEd25519SeedBytes) {
    return NotAKey(absl::StrCat("it has ", bytes->size(),
                                " bytes of kind and key, not 33"));
  }
  parts.kind = static_cast<NoteSignatureKind>((*bytes)[0]);
  if (parts.kind != NoteSignatureKind::kEd25519 &&
      parts.kind != NoteSignatureKind::kCosignature) {
    return NotAKey(absl::StrCat("signatures of kind ",
                                static_cast<int>(parts.kind),
                                " are not known here; 1 and 4 are"));
  }
  parts.key = bytes->substr(1);
  return parts;
}

absl::Status CheckId(const Parts& parts, const NoteVerifier& verifier) {
  if (parts.id == IdText(verifier.Id())) return absl::OkStatus();
  return NotAKey(absl::StrCat("its id is that of another key or name (it is ",
                              IdText(verifier.Id()), ")"));
}

}  // namespace

bool IsNoteKeyName(std::string_view name) {
  const auto not_allowed = [](char c) {
    return (c >= '\0' && c <= ' ') || c == '+' || c == '\x7f';
  };
  return !name.empty() && IsValidUtf8(name) &&
         std::none_of(name.begin(), name.end(), not_allowed) &&
         std::none_of(std::begin(kSpaces), std::end(kSpaces),
                      [name](std::string_view space) {
                        return name.find(space) != name.npos;
                      });
}

uint32_t NoteVerifier::Id() const {
  const Hash hash =
      Sha256Stream()
          .Update(name)
          .Update("\n")
          .Update(KeyBytes(
              kind, {reinterpret_cast<const char*>(key.data()), key.size()}))
          .Finish();
  return uint32_t{hash[0]} << 24 | uint32_t{hash[1]} << 16 |
         uint32_t{hash[2]} << 8 | uint32_t{hash[3]};
}

std::string FormatVerifier(const NoteVerifier& verifier) {
  const std::string_view key(reinterpret_cast<const char*>(verifier.key.data()),
                             verifier.key.size());
  return absl::StrCat(verifier.name, "+", IdText(verifier.Id()), "+",
                      ToBase64(KeyBytes(verifier.kind, key)));
}

absl::StatusOr<NoteVerifier> ParseVerifier(std::string_view text) {
  ASSIGN_OR_RETURN(Parts parts, Split(text));
  NoteVerifier verifier{std::move(parts.name), parts.kind, {}};
  std::copy(parts.key.begin(), parts.key.end(), verifier.key.begin());
  RETURN_IF_ERROR(CheckId(parts, verifier));
  return verifier;
}

std::string FormatSigner(const NoteSigner& signer) {
  return absl::StrCat(ToAbsl(kPrivate), signer.name, "+",
                      IdText(signer.Verifier().Id()), "+",
                      ToBase64(KeyBytes(signer.kind, signer.key.Seed())));
}

absl::StatusOr<NoteSigner> ParseSigner(std::string_view text) {
  if (text.substr(0, kPrivate.size()) != kPrivate) {
    return NotAKey("a private one begins with PRIVATE+KEY+");
  }
  ASSIGN_OR_RETURN(Parts parts, Split(text.substr(kPrivate.size())));
  NoteSigner signer{std::move(parts.name), parts.kind,
                    Ed25519PrivateKey::FromSeed(parts.key)};
  RETURN_IF_ERROR(CheckId(parts, signer.Verifier()));
  return signer;
}

}  // namespace samverk

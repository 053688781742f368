#include "eventstore/audit/signed_note.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/check.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr std::string_view kDash = "\u2014 ";
constexpr size_t kIdBytes = 4;
constexpr size_t kTimeBytes = 8;

absl::Status NotANote(std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is no signed note: ", ToAbsl(why)));
}

absl::StatusOr<NoteSignature> ParseSignature(std::string_view line) {
  if (line.substr(0, kDash.size()) != kDash) {
    return NotANote("a signature begins with a dash (U+2014) and a space");
  }
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == line.npos || !IsNoteKeyName(line.substr(0, space))) {
    return NotANote("a signature is without a key's name");
  }
  const auto bytes = FromBase64(line.substr(space + 1));
  if (!bytes.has_value() || bytes->size() <= kIdBytes) {
    return NotANote("a signature is not base64 of more than four bytes");
  }
  NoteSignature signature;
  signature.name = std::string(line.substr(0, space));
  signature.key_id = GetBig32(bytes->data());
  signature.bytes = bytes->substr(kIdBytes);
  return signature;
}

// What a cosignature is the signature of (c2sp.org/tlog-cosignature).
std::string CosignedMessage(std::string_view text, uint64_t seconds) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", ToAbsl(text));
}

// The time that a signature of the text by this key says; nullopt when it does
// not hold.
std::optional<absl::Time> TimeOf(std::string_view signature,
                                 std::string_view text,
                                 const NoteVerifier& verifier) {
  if (verifier.kind == NoteSignatureKind::kEd25519) {
    if (!Ed25519Verify(verifier.key, text, signature)) return std::nullopt;
    return absl::InfinitePast();
  }
  if (signature.size() != kTimeBytes + kEd25519SignatureBytes) {
    return std::nullopt;
  }
  const uint64_t seconds = GetBig64(signature.data());
  if (seconds > uint64_t{std::numeric_limits<int64_t>::max()} ||
      !Ed25519Verify(verifier.key, CosignedMessage(text, seconds),
                     signature.substr(kTimeBytes))) {
    return std::nullopt;
  }
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

}  // namespace

absl::StatusOr<std::vector<NoteSignature>> ParseSignatures(
    std::string_view lines) {
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    const auto line = TakeLine(lines);
    if (!line.has_value()) return NotANote("it does not end with a newline");
    if (signatures.size() == kNoteSignatures) {
      return NotANote(
          absl::StrCat("it has more than ", kNoteSignatures, " signatures"));
    }
    ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(*line));
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

absl::StatusOr<SignedNote> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytes) {
    return NotANote(absl::StrCat("it has ", bytes.size(), " bytes; at most ",
                                 kNoteBytes, " are read"));
  }
  const auto control = [](char c) { return c >= '\0' && c < ' ' && c != '\n'; };
  if (!IsValidUtf8(bytes)) return NotANote("it is not UTF-8");
  if (std::any_of(bytes.begin(), bytes.end(), control)) {
    return NotANote("it has control characters");
  }
  // The last empty line ends the text.
  const size_t end = bytes.rfind("\n\n");
  if (end == bytes.npos) {
    return NotANote("it has no empty line between text and signatures");
  }
  SignedNote note;
  note.text = std::string(bytes.substr(0, end + 1));
  ASSIGN_OR_RETURN(note.signatures, ParseSignatures(bytes.substr(end + 2)));
  if (note.signatures.empty()) return NotANote("nobody signed it");
  return note;
}

std::string SignatureLine(const NoteSignature& signature) {
  std::string bytes;
  PutBig32(signature.key_id, bytes);
  bytes += signature.bytes;
  return absl::StrCat(ToAbsl(kDash), signature.name, " ", ToBase64(bytes),
                      "\n");
}

std::string FormatNote(const SignedNote& note) {
  std::string bytes = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    bytes += SignatureLine(signature);
  }
  return bytes;
}

NoteSignature SignText(std::string_view text, const NoteSigner& signer,
                       absl::Time now) {
  SAMVERK_CHECK(!text.empty() && text.back() == '\n') << "no line to sign";
  NoteSignature signature{signer.name, signer.Verifier().Id(), {}};
  if (signer.kind == NoteSignatureKind::kEd25519) {
    signature.bytes = signer.key.Sign(text);
    return signature;
  }
  const int64_t seconds = absl::ToUnixSeconds(now);
  SAMVERK_CHECK(seconds >= 0) << "signed before 1970";
  PutBig64(static_cast<uint64_t>(seconds), signature.bytes);
  signature.bytes +=
      signer.key.Sign(CosignedMessage(text, static_cast<uint64_t>(seconds)));
  return signature;
}

absl::StatusOr<NoteVerification> VerifyNote(const SignedNote& note,
                                            const NoteVerifier& verifier) {
  NoteVerification verification;
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != verifier.name || signature.key_id != verifier.Id()) {
      continue;
    }
    const auto time = TimeOf(signature.bytes, note.text, verifier);
    if (!time.has_value()) {
      return absl::DataLossError(
          absl::StrCat("the signature of ", verifier.name,
                       " does not hold: the text was changed, or somebody "
                       "else signed it in that name"));
    }
    verification.is_signed = true;
    verification.time = std::max(verification.time, *time);
  }
  return verification;
}

}  // namespace samverk

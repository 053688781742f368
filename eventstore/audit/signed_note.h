// Signed notes (c2sp.org/signed-note): a text and signatures of it, and
// cosignatures with a time (c2sp.org/tlog-cosignature). Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_SIGNED_NOTE_H_
#define SAMVERK_EVENTSTORE_AUDIT_SIGNED_NOTE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/audit/note_key.h"

namespace samverk {

inline constexpr size_t kNoteBytes = 1 << 20;
inline constexpr size_t kNoteSignatures = 100;

struct NoteSignature {
  std::string name;     // of the key
  uint32_t key_id = 0;  // NoteVerifier::Id
  std::string bytes;    // of the kind that the key says
  bool operator==(const NoteSignature&) const = default;
};

struct SignedNote {
  std::string text;  // ends with a newline
  std::vector<NoteSignature> signatures;
  bool operator==(const SignedNote&) const = default;
};

// INVALID_ARGUMENT, saying what is wrong: no such form, not UTF-8, control
// characters, no signature or more than kNoteSignatures, more than kNoteBytes.
// The signatures are not verified.
absl::StatusOr<SignedNote> ParseNote(std::string_view bytes);
// The same of signature lines alone, each with its newline; none is allowed.
absl::StatusOr<std::vector<NoteSignature>> ParseSignatures(
    std::string_view lines);

std::string FormatNote(const SignedNote& note);
// "— NAME BASE64\n".
std::string SignatureLine(const NoteSignature& signature);

// Signs a text that ends with a newline. Of the time, which only cosignatures
// have, whole seconds since 1970 count.
NoteSignature SignText(std::string_view text, const NoteSigner& signer,
                       absl::Time now);

// Whether the verifier's key signed the note, and for a cosignature the time
// that it says.
struct NoteVerification {
  bool is_signed = false;
  absl::Time time = absl::InfinitePast();
};
// DATA_LOSS when there is a signature with its name and id that does not hold:
// such a note is not to be trusted whatever else signed it.
absl::StatusOr<NoteVerification> VerifyNote(const SignedNote& note,
                                            const NoteVerifier& verifier);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_SIGNED_NOTE_H_

// Keys of signed notes (c2sp.org/signed-note): a name, what kind of signature,
// and an Ed25519 key. Written as Go's sumdb/note writes them, so that tools
// made by others take them.
#ifndef SAMVERK_EVENTSTORE_AUDIT_NOTE_KEY_H_
#define SAMVERK_EVENTSTORE_AUDIT_NOTE_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "eventstore/audit/ed25519.h"

namespace samverk {

// The values are those of c2sp.org/signed-note, "Signature types".
enum class NoteSignatureKind : uint8_t {
  kEd25519 = 0x01,      // of the text; a log's
  kCosignature = 0x04,  // with a time (c2sp.org/tlog-cosignature); a witness's
};

// Not empty, valid UTF-8, without spaces, control characters and "+".
bool IsNoteKeyName(std::string_view name);

// Whose signatures are trusted.
struct NoteVerifier {
  std::string name;
  NoteSignatureKind kind = NoteSignatureKind::kEd25519;
  Ed25519PublicKey key = {};

  // The first four bytes of SHA-256(name ‖ "\n" ‖ kind ‖ key), which signatures
  // carry beside the name.
  uint32_t Id() const;

  bool operator==(const NoteVerifier&) const = default;
};

// "NAME+ID+KEY": ID in eight hexadecimal digits, KEY base64 of kind and key.
std::string FormatVerifier(const NoteVerifier& verifier);
// INVALID_ARGUMENT, saying what is wrong: not that form, a kind that is not
// known, an id that is another key's.
absl::StatusOr<NoteVerifier> ParseVerifier(std::string_view text);

// Who signs.
struct NoteSigner {
  std::string name;
  NoteSignatureKind kind = NoteSignatureKind::kEd25519;
  Ed25519PrivateKey key;

  NoteVerifier Verifier() const { return {name, kind, key.public_key()}; }
};

// "PRIVATE+KEY+NAME+ID+SEED", as above. A secret.
std::string FormatSigner(const NoteSigner& signer);
// INVALID_ARGUMENT as ParseVerifier. The message says nothing of the key.
absl::StatusOr<NoteSigner> ParseSigner(std::string_view text);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_NOTE_KEY_H_

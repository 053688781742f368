// Private keys of signed notes in files.
#ifndef SAMVERK_SERVICES_AUDIT_NOTE_KEY_FILE_H_
#define SAMVERK_SERVICES_AUDIT_NOTE_KEY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/audit/note_key.h"

namespace samverk {

// Where a key lies, what it must be, and how a sentence speaks of it.
struct NoteKeyFile {
  std::string path;
  std::string name;  // of the key
  NoteSignatureKind kind = NoteSignatureKind::kEd25519;
  // "the key that checkpoints are signed with"
  std::string what;
  // What to do when nobody has a copy: "start with …".
  std::string otherwise;
};

// Reads a key from a file that only its owner may read.
//   NOT_FOUND: there is no such file.
//   FAILED_PRECONDITION: it cannot be read, others may read it, it holds no
//     key, or another's; the sentence names the file and says what to do, and
//     nothing of the key.
absl::StatusOr<NoteSigner> ReadNoteKey(const NoteKeyFile& file);

// Makes a new key and writes it, durably; the directory is made if need be.
// Errors of WriteFileDurably and MakeSecretDirectory.
absl::StatusOr<NoteSigner> MakeNoteKey(const NoteKeyFile& file);

// Makes a directory for its owner alone, if there is none.
// FAILED_PRECONDITION: it cannot be made.
absl::Status MakeSecretDirectory(const std::string& directory);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_NOTE_KEY_FILE_H_

// Verifies files and says what each of them proves.
#ifndef SAMVERK_CLIENTS_VERIFY_VERIFY_FILES_H_
#define SAMVERK_CLIENTS_VERIFY_VERIFY_FILES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/audit/note_key.h"

namespace samverk::verify {

// The largest file that is read.
inline constexpr size_t kFileBytes = 4 << 20;

struct Options {
  // The register's public key, or a file that holds it; several when it has
  // had several, one after the other. At least one.
  std::vector<std::string> keys;
  // Witnesses' public keys, or files that hold them. As many of them as
  // `needed`, or all, must have signed each checkpoint.
  std::vector<std::string> witnesses;
  std::optional<size_t> needed;
  // Proofs and checkpoints; "-" is standard input. A proof of growth comes
  // after the checkpoint that it begins at.
  std::vector<std::string> files;
  bool swedish = true;
};

// INVALID_ARGUMENT: it is no public key of this kind, and no file with one;
// nothing of a private key is said.
absl::StatusOr<NoteVerifier> ReadKey(
    const std::string& key_or_file,
    NoteSignatureKind kind = NoteSignatureKind::kEd25519);

// The checkpoint in a file; its signature is not verified.
// INVALID_ARGUMENT: it cannot be read, or holds none.
absl::StatusOr<Checkpoint> ReadCheckpoint(const std::string& file);

// What the files prove, in words, a paragraph for each.
struct Outcome {
  std::string text;
  bool all_hold = true;
};
// INVALID_ARGUMENT: the key is none.
absl::StatusOr<Outcome> VerifyFiles(const Options& options);

}  // namespace samverk::verify

#endif  // SAMVERK_CLIENTS_VERIFY_VERIFY_FILES_H_

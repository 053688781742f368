// Checkpoints (c2sp.org/tlog-checkpoint): the head of a log's tree as the text
// of a signed note. Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_CHECKPOINT_H_
#define SAMVERK_EVENTSTORE_AUDIT_CHECKPOINT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/audit/signed_note.h"

namespace samverk {

struct Checkpoint {
  std::string origin;  // which log: a register's name
  TreeHead tree;
  std::vector<std::string> extensions;  // lines that others may add
  bool operator==(const Checkpoint&) const = default;
};

std::string CheckpointText(const Checkpoint& checkpoint);
// INVALID_ARGUMENT, saying what is wrong.
absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text);

// A checkpoint whose log's signature holds, and the note that it came in.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  SignedNote note;
};

// Reads a note and verifies that the log signed it.
//   INVALID_ARGUMENT: it is no note, or its text no checkpoint.
//   FAILED_PRECONDITION: it is another log's: its origin is not the key's name,
//     or the key did not sign it.
//   DATA_LOSS: the signature does not hold.
absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view bytes,
                                                const NoteVerifier& log);

// Signs the tree's head as the log whose name and key the signer has.
SignedCheckpoint SignCheckpoint(const TreeHead& tree, const NoteSigner& log);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_CHECKPOINT_H_

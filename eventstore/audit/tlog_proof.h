// Proofs that can be kept in a file (c2sp.org/tlog-proof): that a log holds an
// entry, verifiable with the log's public key alone. Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_TLOG_PROOF_H_
#define SAMVERK_EVENTSTORE_AUDIT_TLOG_PROOF_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/base/sha256.h"

namespace samverk {

struct TlogProof {
  std::string extra;  // not authenticated; our proofs have the record here
  uint64_t index = 0;
  std::vector<Hash> hashes;  // from the leaf up
  std::string checkpoint;    // the signed note, as it is
  bool operator==(const TlogProof&) const = default;
};

std::string FormatTlogProof(const TlogProof& proof);
// INVALID_ARGUMENT, saying what is wrong. Nothing is verified, and the
// checkpoint is not looked at.
absl::StatusOr<TlogProof> ParseTlogProof(std::string_view bytes);

// Verifies that the entry is where the proof says, in the tree that its
// checkpoint says, which the log signed; gives the checkpoint. Errors as
// OpenCheckpoint and VerifyInclusion.
absl::StatusOr<SignedCheckpoint> VerifyTlogProof(const TlogProof& proof,
                                                 std::string_view entry,
                                                 const NoteVerifier& log);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_TLOG_PROOF_H_

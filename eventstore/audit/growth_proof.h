// That a log has only grown since an earlier checkpoint, as it is sent to
// witnesses (the request of c2sp.org/tlog-witness, add-checkpoint) and kept in
// files. Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_GROWTH_PROOF_H_
#define SAMVERK_EVENTSTORE_AUDIT_GROWTH_PROOF_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/checkpoint.h"
#include "eventstore/base/sha256.h"

namespace samverk {

struct GrowthProof {
  uint64_t old_size = 0;
  std::vector<Hash> hashes;  // RFC 6962, 2.1.2
  std::string checkpoint;    // the later one: the signed note, as it is
  bool operator==(const GrowthProof&) const = default;
};

std::string FormatGrowthProof(const GrowthProof& proof);
// INVALID_ARGUMENT, saying what is wrong. Nothing is verified, and the
// checkpoint is not looked at.
absl::StatusOr<GrowthProof> ParseGrowthProof(std::string_view bytes);

// Verifies that the log of `before`, a checkpoint whose signature was verified,
// is the beginning of that of the proof's checkpoint, which the log signed;
// gives that checkpoint. Errors as OpenCheckpoint and VerifyConsistency, and
// FAILED_PRECONDITION: the proof begins at another size than `before`.
absl::StatusOr<SignedCheckpoint> VerifyGrowthProof(const GrowthProof& proof,
                                                   const Checkpoint& before,
                                                   const NoteVerifier& log);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_GROWTH_PROOF_H_

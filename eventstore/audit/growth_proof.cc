#include "eventstore/audit/growth_proof.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr std::string_view kOld = "old ";

absl::Status NotAProof(std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "this is no proof of growth (old SIZE, hashes, checkpoint): ",
      ToAbsl(why)));
}

}  // namespace

std::string FormatGrowthProof(const GrowthProof& proof) {
  return absl::StrCat(ToAbsl(kOld), proof.old_size, "\n",
                      FormatHashes(proof.hashes), "\n", proof.checkpoint);
}

absl::StatusOr<GrowthProof> ParseGrowthProof(std::string_view bytes) {
  GrowthProof proof;
  const auto old = TakeLine(bytes);
  if (!old.has_value() || old->substr(0, kOld.size()) != kOld) {
    return NotAProof("its first line is not \"old SIZE\"");
  }
  const auto size = ParseDecimal(old->substr(kOld.size()));
  if (!size.has_value()) return NotAProof("the old size is no number");
  proof.old_size = *size;
  const auto hashes = TakeHashes(bytes);
  if (!hashes.has_value()) return NotAProof(kHashesWanted);
  proof.hashes = *hashes;
  proof.checkpoint = std::string(bytes);
  return proof;
}

absl::StatusOr<SignedCheckpoint> VerifyGrowthProof(const GrowthProof& proof,
                                                   const Checkpoint& before,
                                                   const NoteVerifier& log) {
  ASSIGN_OR_RETURN(SignedCheckpoint after,
                   OpenCheckpoint(proof.checkpoint, log));
  if (proof.old_size != before.tree.size) {
    return absl::FailedPreconditionError(
        absl::StrCat("the proof begins at ", proof.old_size,
                     " events, and the checkpoint is of ", before.tree.size));
  }
  RETURN_IF_ERROR(
      VerifyConsistency(before.tree, after.checkpoint.tree, proof.hashes));
  return after;
}

}  // namespace samverk

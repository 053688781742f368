#include "services/audit/prover.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/store_errors.h"

namespace samverk {

absl::StatusOr<TlogProof> Prover::Inclusion(Position position) {
  if (position == Position() || position > store_.Head()) {
    return absl::OutOfRangeError(
        absl::StrCat("there is no event at position ", position.value()));
  }
  ReadOptions options;
  options.after = Position(position.value() - 1);
  options.limit = 1;
  ASSIGN_OR_RETURN(const EventPage page, store_.Read(options));
  ASSIGN_OR_RETURN(const SignedCheckpoint signed_head,
                   signer_.CoveringCosigned(position));
  const std::string where = absl::StrCat("event ", position.value());
  if (page.events.size() != 1 || page.events[0].position() != position) {
    return DataDamaged(where, "it cannot be read");
  }
  const LeafIndex leaf(position.value() - 1);
  TlogProof proof;
  proof.extra = page.events[0].record();
  proof.index = leaf.value();
  ASSIGN_OR_RETURN(proof.hashes,
                   InclusionProof(leaf, signed_head.checkpoint.tree.size,
                                  [this](uint32_t level, uint64_t index) {
                                    return tree_.ReadNode(level, index);
                                  }));
  const absl::Status holds = VerifyInclusion(
      LeafHash(proof.extra), leaf, signed_head.checkpoint.tree, proof.hashes);
  if (!holds.ok()) return DataDamaged(where, ToStd(holds.message()));
  proof.checkpoint = FormatNote(signed_head.note);
  return proof;
}

absl::StatusOr<std::vector<Hash>> Prover::Consistency(uint64_t first,
                                                      uint64_t second) {
  if (first > second || second > store_.Head().value()) {
    return absl::OutOfRangeError(absl::StrCat(
        "the first ", first, " events are not the beginning of the first ",
        second, " of ", store_.Head().value()));
  }
  const auto read = [this](uint32_t level, uint64_t index) {
    return tree_.ReadNode(level, index);
  };
  ASSIGN_OR_RETURN(std::vector<Hash> proof,
                   ConsistencyProof(first, second, read));
  ASSIGN_OR_RETURN(const Hash before, RootAt(first, read));
  ASSIGN_OR_RETURN(const Hash after, RootAt(second, read));
  const absl::Status holds =
      VerifyConsistency({first, before}, {second, after}, proof);
  if (!holds.ok()) {
    return DataDamaged(
        absl::StrCat("the tree of ", first, " to ", second, " events"),
        ToStd(holds.message()));
  }
  return proof;
}

}  // namespace samverk

// Proofs of what is on record.
#ifndef SAMVERK_SERVICES_AUDIT_PROVER_H_
#define SAMVERK_SERVICES_AUDIT_PROVER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/audit/tlog_proof.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/event_store.h"
#include "services/audit/checkpoint_signer.h"

namespace samverk {

// Gives no proof that it has not verified itself. Any thread.
class Prover {
 public:
  // All must outlive it.
  Prover(EventStore& store, TreeReader& tree, CheckpointSigner& signer)
      : store_(store), tree_(tree), signer_(signer) {}

  // That the event at this position is on record; its record is the extra.
  //   OUT_OF_RANGE: there is no such event.
  //   DATA_LOSS (DAMAGED): record and tree do not agree.
  //   Errors of CheckpointSigner::Covering.
  absl::StatusOr<TlogProof> Inclusion(Position position);

  // That the first so many events are the beginning of the first `second`.
  //   OUT_OF_RANGE: the sizes are not in order, or beyond the head.
  //   DATA_LOSS (DAMAGED): stored hashes cannot be read, or do not agree.
  absl::StatusOr<std::vector<Hash>> Consistency(uint64_t first,
                                                uint64_t second);

 private:
  EventStore& store_;
  TreeReader& tree_;
  CheckpointSigner& signer_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_PROVER_H_

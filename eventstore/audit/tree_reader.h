// What a store shows of its Merkle tree: enough for checkpoints and proofs.
#ifndef SAMVERK_EVENTSTORE_AUDIT_TREE_READER_H_
#define SAMVERK_EVENTSTORE_AUDIT_TREE_READER_H_

#include "absl/status/statusor.h"
#include "eventstore/audit/merkle_tree.h"

namespace samverk {

// Thread-safe. For proofs: InclusionProof(leaf, size, [&](auto level, auto i) {
// return reader.ReadNode(level, i); }) with size <= CurrentTree().size.
class TreeReader {
 public:
  virtual ~TreeReader() = default;

  // The tree of all events committed and visible.
  virtual TreeHead CurrentTree() = 0;

  // The hash of the complete subtree over the leaves
  // [index << level, (index + 1) << level).
  //   OUT_OF_RANGE: the tree has no such complete subtree.
  //   DATA_LOSS (DAMAGED): its stored hashes cannot be read.
  virtual absl::StatusOr<Hash> ReadNode(uint32_t level, uint64_t index) = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_TREE_READER_H_

// The Merkle tree of RFC 6962 (section 2.1) over the records of a register.
// Pure: hashes in, hashes out. Leaf n is the record at position n + 1.
#ifndef SAMVERK_EVENTSTORE_AUDIT_MERKLE_TREE_H_
#define SAMVERK_EVENTSTORE_AUDIT_MERKLE_TREE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/base/sha256.h"
#include "eventstore/types.h"

namespace samverk {

// SHA-256(0x00 ‖ record).
Hash LeafHash(std::string_view record);
// SHA-256(0x01 ‖ left ‖ right).
Hash NodeHash(const Hash& left, const Hash& right);
// The root of the tree without leaves: SHA-256 of nothing.
Hash EmptyRoot();

// A tree's size and root: what a signed checkpoint says.
struct TreeHead {
  uint64_t size = 0;
  Hash root = EmptyRoot();
  bool operator==(const TreeHead&) const = default;
};

// The right edge of a growing tree: one hash for each bit set in its size. A
// value; cheap to copy.
class TreeFrontier {
 public:
  TreeFrontier() = default;
  // The frontier of a tree of `size` leaves whose complete subtrees are, from
  // the highest to the lowest, `subtrees` (as many as bits set in `size`).
  TreeFrontier(uint64_t size, std::vector<Hash> subtrees);

  // Called for each subtree that has become complete: level 0 is the leaf.
  using OnNode =
      absl::FunctionRef<void(uint32_t level, uint64_t index, const Hash& hash)>;
  void Append(const Hash& leaf, OnNode on_node);
  void Append(const Hash& leaf);

  uint64_t size() const { return size_; }
  Hash Root() const;
  TreeHead Head() const { return {size_, Root()}; }

 private:
  uint64_t size_ = 0;
  std::vector<Hash> subtrees_;  // from the highest to the lowest
};

// Gives the hash of the complete subtree over the leaves
// [index << level, (index + 1) << level).
using NodeReader =
    absl::FunctionRef<absl::StatusOr<Hash>(uint32_t level, uint64_t index)>;

// The root of the first `size` leaves. Errors are the reader's.
absl::StatusOr<Hash> RootAt(uint64_t size, NodeReader read);

// The frontier of the first `size` leaves. Errors are the reader's.
absl::StatusOr<TreeFrontier> FrontierAt(uint64_t size, NodeReader read);

// The audit path of a leaf in the tree of the first `size` leaves (RFC 6962,
// 2.1.1). OUT_OF_RANGE when the tree has no such leaf.
absl::StatusOr<std::vector<Hash>> InclusionProof(LeafIndex leaf, uint64_t size,
                                                 NodeReader read);

// The proof that the tree of `first` leaves is a prefix of the one of `second`
// leaves (RFC 6962, 2.1.2). Empty when first is 0 or equals second.
// OUT_OF_RANGE when first > second.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first,
                                                   uint64_t second,
                                                   NodeReader read);

// OK when `proof` shows that the leaf with this hash is at `index` in the tree;
// otherwise DATA_LOSS, saying what does not fit.
absl::Status VerifyInclusion(const Hash& leaf_hash, LeafIndex index,
                             const TreeHead& tree,
                             absl::Span<const Hash> proof);

// OK when `proof` shows that the tree `first` is a prefix of `second`;
// otherwise DATA_LOSS, saying what does not fit.
absl::Status VerifyConsistency(const TreeHead& first, const TreeHead& second,
                               absl::Span<const Hash> proof);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_MERKLE_TREE_H_

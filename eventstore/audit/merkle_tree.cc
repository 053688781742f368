#include "eventstore/audit/merkle_tree.h"

#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"

namespace samverk {
namespace {

// Leaves of the left subtree of a tree with n > 1 leaves: the largest power of
// two smaller than n.
uint64_t LeftSize(uint64_t n) { return std::bit_floor(n - 1); }

// The root of the leaves [begin, end), where begin is a multiple of the
// smallest power of two >= end - begin.
absl::StatusOr<Hash> RangeRoot(uint64_t begin, uint64_t end, NodeReader read) {
  const uint64_t n = end - begin;
  if (std::has_single_bit(n)) {
    const auto level = static_cast<uint32_t>(std::countr_zero(n));
    return read(level, begin >> level);
  }
  const uint64_t middle = begin + LeftSize(n);
  ASSIGN_OR_RETURN(const Hash left, RangeRoot(begin, middle, read));
  ASSIGN_OR_RETURN(const Hash right, RangeRoot(middle, end, read));
  return NodeHash(left, right);
}

// SUBPROOF(m, D[begin:end], complete) of RFC 6962, 2.1.2; m counts from begin.
absl::Status SubProof(uint64_t m, uint64_t begin, uint64_t end, bool complete,
                      NodeReader read, std::vector<Hash>& proof) {
  const uint64_t n = end - begin;
  if (m == n) {
    if (complete) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Hash root, RangeRoot(begin, end, read));
    proof.push_back(root);
    return absl::OkStatus();
  }
  const uint64_t middle = begin + LeftSize(n);
  if (m <= middle - begin) {
    RETURN_IF_ERROR(SubProof(m, begin, middle, complete, read, proof));
    ASSIGN_OR_RETURN(const Hash right, RangeRoot(middle, end, read));
    proof.push_back(right);
  } else {
    RETURN_IF_ERROR(
        SubProof(m - (middle - begin), middle, end, false, read, proof));
    ASSIGN_OR_RETURN(const Hash left, RangeRoot(begin, middle, read));
    proof.push_back(left);
  }
  return absl::OkStatus();
}

absl::Status DoesNotFit(const char* why) {
  return absl::DataLossError(absl::StrCat("the proof does not hold: ", why));
}

}  // namespace

Hash LeafHash(std::string_view record) {
  return Sha256Stream()
      .Update(std::string_view("\0", 1))
      .Update(record)
      .Finish();
}

Hash NodeHash(const Hash& left, const Hash& right) {
  char bytes[1 + 2 * sizeof(Hash)];
  bytes[0] = 1;
  std::copy(left.begin(), left.end(), bytes + 1);
  std::copy(right.begin(), right.end(), bytes + 1 + sizeof(Hash));
  return Sha256({bytes, sizeof(bytes)});
}

Hash EmptyRoot() {
  static const Hash root = Sha256("");
  return root;
}

TreeFrontier::TreeFrontier(uint64_t size, std::vector<Hash> subtrees)
    : size_(size), subtrees_(std::move(subtrees)) {
  SAMVERK_CHECK(subtrees_.size() == static_cast<size_t>(std::popcount(size_)))
      << "a tree of " << size_ << " leaves";
}

void TreeFrontier::Append(const Hash& leaf, OnNode on_node) {
  Hash node = leaf;
  on_node(0, size_, node);
  uint32_t level = 0;
  for (uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    node = NodeHash(subtrees_.back(), node);
    subtrees_.pop_back();
    ++level;
    on_node(level, size_ >> level, node);
  }
  subtrees_.push_back(node);
  ++size_;
}

void TreeFrontier::Append(const Hash& leaf) {
  Append(leaf, [](uint32_t, uint64_t, const Hash&) {});
}

Hash TreeFrontier::Root() const {
  if (size_ == 0) return EmptyRoot();
  Hash root = subtrees_.back();
  for (size_t i = subtrees_.size() - 1; i > 0; --i) {
    root = NodeHash(subtrees_[i - 1], root);
  }
  return root;
}

absl::StatusOr<Hash> RootAt(uint64_t size, NodeReader read) {
  if (size == 0) return EmptyRoot();
  return RangeRoot(0, size, read);
}

absl::StatusOr<TreeFrontier> FrontierAt(uint64_t size, NodeReader read) {
  std::vector<Hash> subtrees;
  for (uint32_t level = 64; level-- > 0;) {
    if ((size >> level & 1) == 0) continue;
    // The subtree is the last complete one of its level.
    ASSIGN_OR_RETURN(const Hash hash, read(level, (size >> level) - 1));
    subtrees.push_back(hash);
  }
  return TreeFrontier(size, std::move(subtrees));
}

absl::StatusOr<std::vector<Hash>> InclusionProof(LeafIndex leaf, uint64_t size,
                                                 NodeReader read) {
  if (leaf.value() >= size) {
    return absl::OutOfRangeError(absl::StrCat(
        "leaf ", leaf.value(), " is not in a tree of ", size, " leaves"));
  }
  // From the root down; the path is given from the leaf up.
  std::vector<Hash> path;
  uint64_t begin = 0;
  uint64_t end = size;
  while (end - begin > 1) {
    const uint64_t middle = begin + LeftSize(end - begin);
    const bool left = leaf.value() < middle;
    ASSIGN_OR_RETURN(const Hash sibling, left ? RangeRoot(middle, end, read)
                                              : RangeRoot(begin, middle, read));
    path.push_back(sibling);
    (left ? end : begin) = middle;
  }
  return std::vector<Hash>(path.rbegin(), path.rend());
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t first,
                                                   uint64_t second,
                                                   NodeReader read) {
  if (first > second) {
    return absl::OutOfRangeError(
        absl::StrCat("a tree of ", first, " leaves cannot be a prefix of one ",
                     "of ", second));
  }
  std::vector<Hash> proof;
  if (first == 0 || first == second) return proof;
  RETURN_IF_ERROR(SubProof(first, 0, second, true, read, proof));
  return proof;
}

// The algorithm of RFC 9162, 2.1.3.2.
absl::Status VerifyInclusion(const Hash& leaf_hash, LeafIndex index,
                             const TreeHead& tree,
                             absl::Span<const Hash> proof) {
  if (index.value() >= tree.size) return DoesNotFit("no such leaf");
  uint64_t fn = index.value();
  uint64_t sn = tree.size - 1;
  Hash root = leaf_hash;
  for (const Hash& sibling : proof) {
    if (sn == 0) return DoesNotFit("it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      root = NodeHash(sibling, root);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      root = NodeHash(root, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return DoesNotFit("it is too short");
  if (root != tree.root) return DoesNotFit("it leads to another root");
  return absl::OkStatus();
}

// The algorithm of RFC 9162, 2.1.4.2.
absl::Status VerifyConsistency(const TreeHead& first, const TreeHead& second,
                               absl::Span<const Hash> proof) {
  if (first.size > second.size) return DoesNotFit("the first tree is larger");
  if (first.size == 0 || first.size == second.size) {
    if (!proof.empty()) return DoesNotFit("it is too long");
    if (first.size == 0 && first.root != EmptyRoot()) {
      return DoesNotFit("the empty tree has another root");
    }
    if (first.size == second.size && first.root != second.root) {
      return DoesNotFit("trees of one size have different roots");
    }
    return absl::OkStatus();
  }
  std::vector<Hash> path;
  if (std::has_single_bit(first.size)) path.push_back(first.root);
  path.insert(path.end(), proof.begin(), proof.end());
  if (proof.empty()) return DoesNotFit("it is too short");
  uint64_t fn = first.size - 1;
  uint64_t sn = second.size - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  Hash fr = path[0];
  Hash sr = path[0];
  for (size_t i = 1; i < path.size(); ++i) {
    if (sn == 0) return DoesNotFit("it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      fr = NodeHash(path[i], fr);
      sr = NodeHash(path[i], sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = NodeHash(sr, path[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return DoesNotFit("it is too short");
  if (fr != first.root) return DoesNotFit("the first root is another");
  if (sr != second.root) return DoesNotFit("the second root is another");
  return absl::OkStatus();
}

}  // namespace samverk

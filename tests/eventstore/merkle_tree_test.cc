// The tree against the recursive definitions of RFC 6962, section 2.1.
#include "eventstore/audit/merkle_tree.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/audit/tile.h"
#include "eventstore/base/strings.h"
#include "gtest/gtest.h"

namespace samverk {
namespace {

using Leaves = std::vector<Hash>;

size_t Split(size_t n) {
  size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

Leaves Part(const Leaves& d, size_t begin, size_t end) {
  return Leaves(d.begin() + begin, d.begin() + end);
}

// MTH(D[n])
Hash Mth(const Leaves& d) {
  if (d.empty()) return Sha256("");
  if (d.size() == 1) return d[0];
  const size_t k = Split(d.size());
  return NodeHash(Mth(Part(d, 0, k)), Mth(Part(d, k, d.size())));
}

// PATH(m, D[n])
Leaves Path(size_t m, const Leaves& d) {
  if (d.size() == 1) return {};
  const size_t k = Split(d.size());
  Leaves path =
      m < k ? Path(m, Part(d, 0, k)) : Path(m - k, Part(d, k, d.size()));
  path.push_back(m < k ? Mth(Part(d, k, d.size())) : Mth(Part(d, 0, k)));
  return path;
}

// SUBPROOF(m, D[n], b)
Leaves SubProof(size_t m, const Leaves& d, bool b) {
  if (m == d.size()) return b ? Leaves() : Leaves{Mth(d)};
  const size_t k = Split(d.size());
  if (m <= k) {
    Leaves proof = SubProof(m, Part(d, 0, k), b);
    proof.push_back(Mth(Part(d, k, d.size())));
    return proof;
  }
  Leaves proof = SubProof(m - k, Part(d, k, d.size()), false);
  proof.push_back(Mth(Part(d, 0, k)));
  return proof;
}

Leaves MakeLeaves(size_t n) {
  Leaves leaves;
  for (size_t i = 0; i < n; ++i) leaves.push_back(LeafHash(absl::StrCat(i)));
  return leaves;
}

// Reads nodes straight from the leaves.
class Nodes {
 public:
  explicit Nodes(const Leaves& leaves) : leaves_(leaves) {}
  absl::StatusOr<Hash> operator()(uint32_t level, uint64_t index) const {
    const uint64_t begin = index << level;
    const uint64_t end = (index + 1) << level;
    if (end > leaves_.size()) return absl::OutOfRangeError("no such node");
    return Mth(Part(leaves_, begin, end));
  }

 private:
  const Leaves& leaves_;
};

constexpr size_t kLargest = 70;

TEST(MerkleTree, HasTheRootsOfPublishedExamples) {
  EXPECT_EQ(absl::BytesToHexString(ToAbsl(AsBytes(EmptyRoot()))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // The tree of one empty leaf, and of the first eight of the test vectors that
  // Certificate Transparency implementations share.
  TreeFrontier tree;
  tree.Append(LeafHash(""));
  EXPECT_EQ(absl::BytesToHexString(ToAbsl(AsBytes(tree.Root()))),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  for (const char* leaf :
       {"00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f"}) {
    tree.Append(LeafHash(absl::HexStringToBytes(leaf)));
  }
  EXPECT_EQ(absl::BytesToHexString(ToAbsl(AsBytes(tree.Root()))),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(TreeFrontier, HasTheRootOfTheDefinition) {
  const Leaves leaves = MakeLeaves(600);
  TreeFrontier tree;
  for (size_t n = 0; n <= leaves.size(); ++n) {
    if (n < 80 || n % 37 == 0) {
      EXPECT_EQ(tree.Root(), Mth(Part(leaves, 0, n))) << n;
      const Leaves prefix = Part(leaves, 0, n);
      EXPECT_EQ(*RootAt(n, Nodes(prefix)), tree.Root()) << n;
      EXPECT_EQ(FrontierAt(n, Nodes(prefix))->Root(), tree.Root()) << n;
    }
    if (n < leaves.size()) tree.Append(leaves[n]);
  }
}

TEST(InclusionProof, IsThePathOfTheDefinitionAndVerifies) {
  const Leaves all = MakeLeaves(kLargest);
  for (size_t n = 1; n <= kLargest; ++n) {
    const Leaves leaves = Part(all, 0, n);
    const TreeHead tree{n, Mth(leaves)};
    for (size_t m = 0; m < n; ++m) {
      const auto proof = InclusionProof(LeafIndex(m), n, Nodes(leaves));
      ASSERT_TRUE(proof.ok());
      EXPECT_EQ(*proof, Path(m, leaves));
      EXPECT_TRUE(VerifyInclusion(leaves[m], LeafIndex(m), tree, *proof).ok())
          << m << " of " << n;
    }
    EXPECT_FALSE(InclusionProof(LeafIndex(n), n, Nodes(leaves)).ok());
  }
}

TEST(InclusionProof, DoesNotVerifyAnythingElse) {
  const Leaves leaves = MakeLeaves(kLargest);
  const TreeHead tree{kLargest, Mth(leaves)};
  for (size_t m = 0; m < kLargest; ++m) {
    const Leaves proof = *InclusionProof(LeafIndex(m), kLargest, Nodes(leaves));
    for (size_t other = 0; other < kLargest; ++other) {
      if (other == m) continue;
      EXPECT_FALSE(
          VerifyInclusion(leaves[m], LeafIndex(other), tree, proof).ok());
      EXPECT_FALSE(
          VerifyInclusion(leaves[other], LeafIndex(m), tree, proof).ok());
    }
    Leaves longer = proof;
    longer.push_back(proof[0]);
    EXPECT_FALSE(VerifyInclusion(leaves[m], LeafIndex(m), tree, longer).ok());
    EXPECT_FALSE(VerifyInclusion(leaves[m], LeafIndex(m), tree,
                                 Part(proof, 0, proof.size() - 1))
                     .ok());
    for (size_t i = 0; i < proof.size(); ++i) {
      Leaves changed = proof;
      changed[i][31] ^= 1;
      EXPECT_FALSE(
          VerifyInclusion(leaves[m], LeafIndex(m), tree, changed).ok());
    }
  }
  EXPECT_FALSE(VerifyInclusion(leaves[0], LeafIndex(0), TreeHead{}, {}).ok());
}

TEST(ConsistencyProof, IsTheProofOfTheDefinitionAndVerifies) {
  const Leaves all = MakeLeaves(kLargest);
  for (size_t n = 0; n <= kLargest; ++n) {
    const Leaves leaves = Part(all, 0, n);
    const TreeHead second{n, Mth(leaves)};
    for (size_t m = 0; m <= n; ++m) {
      const TreeHead first{m, Mth(Part(leaves, 0, m))};
      const auto proof = ConsistencyProof(m, n, Nodes(leaves));
      ASSERT_TRUE(proof.ok());
      if (m > 0) {
        EXPECT_EQ(*proof, SubProof(m, leaves, true));
      }
      EXPECT_TRUE(VerifyConsistency(first, second, *proof).ok())
          << m << " of " << n;
    }
  }
  EXPECT_FALSE(ConsistencyProof(2, 1, Nodes(all)).ok());
}

TEST(ConsistencyProof, DoesNotVerifyAnythingElse) {
  const Leaves leaves = MakeLeaves(kLargest);
  const TreeHead second{kLargest, Mth(leaves)};
  for (size_t m = 1; m < kLargest; ++m) {
    const TreeHead first{m, Mth(Part(leaves, 0, m))};
    const Leaves proof = *ConsistencyProof(m, kLargest, Nodes(leaves));
    TreeHead other = first;
    other.root[0] ^= 1;
    EXPECT_FALSE(VerifyConsistency(other, second, proof).ok());
    other = second;
    other.root[0] ^= 1;
    EXPECT_FALSE(VerifyConsistency(first, other, proof).ok());
    for (size_t i = 0; i < proof.size(); ++i) {
      Leaves changed = proof;
      changed[i][0] ^= 1;
      EXPECT_FALSE(VerifyConsistency(first, second, changed).ok());
    }
    Leaves longer = proof;
    longer.push_back(proof[0]);
    EXPECT_FALSE(VerifyConsistency(first, second, longer).ok());
    EXPECT_FALSE(
        VerifyConsistency(first, second, Part(proof, 0, proof.size() - 1))
            .ok());
    EXPECT_FALSE(VerifyConsistency(second, first, proof).ok());
  }
  EXPECT_FALSE(VerifyConsistency({0, leaves[0]}, second, {}).ok());
  EXPECT_FALSE(VerifyConsistency({kLargest, leaves[0]}, second, {}).ok());
}

// A tree whose complete tiles go to a map, as a store keeps them.
class TiledTree {
 public:
  void Append(const Hash& leaf) {
    frontier_.Append(leaf, [&](uint32_t level, uint64_t i, const Hash& hash) {
      tail_.Add(level, i, hash);
    });
  }
  void Store(uint64_t size) {
    for (Tile& tile : tail_.CompleteTiles(size)) {
      EXPECT_TRUE(stored_.emplace(tile.id, std::move(tile.bytes)).second);
    }
    tail_.DropComplete(size);
  }
  absl::StatusOr<std::string> ReadTile(TileId id) const {
    const auto it = stored_.find(id);
    if (it == stored_.end()) return absl::NotFoundError("no such tile");
    return it->second;
  }
  absl::StatusOr<Hash> ReadNode(uint32_t level, uint64_t index) const {
    if (auto hash = tail_.Find(level, index)) return *hash;
    const uint32_t height = level % kTileHeight;
    const uint64_t first = index << height;
    if (auto tile = ReadTile({level / kTileHeight, first / kTileWidth});
        tile.ok()) {
      return RootWithinTile(*tile, first % kTileWidth, height);
    }
    if (height == 0) return absl::NotFoundError("no such node");
    const auto left = ReadNode(level - 1, 2 * index);
    const auto right = ReadNode(level - 1, 2 * index + 1);
    if (!left.ok() || !right.ok()) return left.status();
    return NodeHash(*left, *right);
  }
  const TreeFrontier& frontier() const { return frontier_; }
  TileTail& tail() { return tail_; }

 private:
  TreeFrontier frontier_;
  TileTail tail_;
  std::map<TileId, std::string> stored_;
};

TEST(TileTail, TilesAndTailGiveTheSameRootsAsTheLeaves) {
  TiledTree tree;
  Leaves leaves;
  std::vector<std::pair<size_t, Hash>> roots;
  for (size_t i = 0; i < 66'000; ++i) {
    leaves.push_back(LeafHash(absl::StrCat(i)));
    tree.Append(leaves.back());
    if (i % 9'000 == 8'999) tree.Store(i - 300);
    if (i % 7'777 == 0) roots.emplace_back(i + 1, tree.frontier().Root());
  }
  tree.Store(leaves.size());
  const auto read = [&](uint32_t level, uint64_t index) {
    return tree.ReadNode(level, index);
  };
  for (const auto& [size, root] : roots) {
    const auto again = RootAt(size, read);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(*again, root) << size;
  }
  // After a restart the tail is made from the stored tiles and a few leaves.
  const size_t rest = leaves.size() % kTileWidth;
  auto tail = TileTail::AfterStored(
      leaves.size(), Part(leaves, leaves.size() - rest, leaves.size()),
      [&](TileId id) { return tree.ReadTile(id); });
  ASSERT_TRUE(tail.ok()) << tail.status();
  tree.tail() = *std::move(tail);
  const auto root = RootAt(leaves.size(), read);
  ASSERT_TRUE(root.ok()) << root.status();
  EXPECT_EQ(*root, tree.frontier().Root());
}

}  // namespace
}  // namespace samverk

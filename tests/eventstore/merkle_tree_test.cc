// The tree against the recursive definitions of RFC 6962, section 2.1.
#include "eventstore/audit/merkle_tree.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/audit/tile.h"
#include "eventstore/base/strings.h"
#include "gtest/gtest.h"

namespace samverk {
namespace {

using Leaves = std::vector<Hash>;

// The largest power of two that is less than n.
size_t Split(size_t n) {
  size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

Leaves Part(const Leaves& d, size_t begin, size_t end) {
  return Leaves(d.begin() + begin, d.begin() + end);
}

// The definitions, over parts D[begin:end] of some leaves. Remembers roots.
class Definition {
 public:
  explicit Definition(size_t leaves) {
    for (size_t i = 0; i < leaves; ++i) {
      leaves_.push_back(LeafHash(absl::StrCat(i)));
    }
  }
  const Leaves& leaves() const { return leaves_; }

  // MTH(D[begin:end])
  Hash Mth(size_t begin, size_t end) {
    if (begin == end) return Sha256("");
    if (end - begin == 1) return leaves_[begin];
    const auto known = roots_.find({begin, end});
    if (known != roots_.end()) return known->second;
    const size_t middle = begin + Split(end - begin);
    const Hash root = NodeHash(Mth(begin, middle), Mth(middle, end));
    roots_[{begin, end}] = root;
    return root;
  }
  Hash Mth(size_t n) { return Mth(0, n); }
  TreeHead Head(size_t n) { return {n, Mth(n)}; }

  // PATH(m, D[n])
  Leaves Path(size_t m, size_t n) { return Path(m, 0, n); }
  // PROOF(m, D[n])
  Leaves Proof(size_t m, size_t n) { return SubProof(m, 0, n, true); }

  // Reads nodes of the tree of the first n leaves.
  auto Nodes(size_t n) {
    return [this, n](uint32_t level, uint64_t index) -> absl::StatusOr<Hash> {
      const uint64_t end = (index + 1) << level;
      if (end > n) return absl::OutOfRangeError("no such node");
      return Mth(index << level, end);
    };
  }

 private:
  Leaves Path(size_t m, size_t begin, size_t end) {
    if (end - begin == 1) return {};
    const size_t k = Split(end - begin);
    const size_t middle = begin + k;
    Leaves path = m < k ? Path(m, begin, middle) : Path(m - k, middle, end);
    path.push_back(m < k ? Mth(middle, end) : Mth(begin, middle));
    return path;
  }
  Leaves SubProof(size_t m, size_t begin, size_t end, bool b) {
    if (m == end - begin) return b ? Leaves() : Leaves{Mth(begin, end)};
    const size_t k = Split(end - begin);
    const size_t middle = begin + k;
    Leaves proof = m <= k ? SubProof(m, begin, middle, b)
                          : SubProof(m - k, middle, end, false);
    proof.push_back(m <= k ? Mth(middle, end) : Mth(begin, middle));
    return proof;
  }

  Leaves leaves_;
  absl::flat_hash_map<std::pair<size_t, size_t>, Hash> roots_;
};

// Every size up to here, and some larger ones, at random.
constexpr size_t kLargest = 1'025;
constexpr size_t kLargestAtRandom = 100'000;
constexpr int kSizesAtRandom = 200;

// Calls `check` with sizes n, and with every m up to n, or some at random.
void ForSizes(const std::function<void(size_t m, size_t n)>& check) {
  for (size_t n = 0; n <= kLargest; ++n) {
    for (size_t m = 0; m <= n; ++m) check(m, n);
  }
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int i = 0; i < kSizesAtRandom; ++i) {
    const size_t n = kLargest + random() % (kLargestAtRandom - kLargest) + 1;
    for (const size_t m : {size_t{0}, size_t{1}, n - 1, n}) check(m, n);
    for (int j = 0; j < 20; ++j) check(random() % (n + 1), n);
  }
}

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
  Definition definition(2 * kLargest);
  TreeFrontier tree;
  for (size_t n = 0; n <= 2 * kLargest; ++n) {
    EXPECT_EQ(tree.Root(), definition.Mth(n)) << n;
    EXPECT_EQ(*RootAt(n, definition.Nodes(n)), tree.Root()) << n;
    EXPECT_EQ(FrontierAt(n, definition.Nodes(n))->Root(), tree.Root()) << n;
    if (n < definition.leaves().size()) tree.Append(definition.leaves()[n]);
  }
}

TEST(InclusionProof, IsThePathOfTheDefinitionAndVerifies) {
  Definition definition(kLargestAtRandom);
  ForSizes([&definition](size_t m, size_t n) {
    const auto proof = InclusionProof(LeafIndex(m), n, definition.Nodes(n));
    ASSERT_EQ(proof.ok(), m < n) << m << " of " << n;
    if (m == n) return;
    ASSERT_EQ(*proof, definition.Path(m, n)) << m << " of " << n;
    ASSERT_TRUE(VerifyInclusion(definition.leaves()[m], LeafIndex(m),
                                definition.Head(n), *proof)
                    .ok())
        << m << " of " << n;
  });
}

// Sizes at which something is different.
const std::vector<size_t> kPeculiar = {1,   2,   3,   7,   8,    9,    70,
                                       255, 256, 257, 511, 1023, 1024, 1025};

TEST(InclusionProof, DoesNotVerifyAnythingElse) {
  Definition definition(kLargest + 1);
  const Leaves& leaves = definition.leaves();
  for (const size_t n : kPeculiar) {
    const TreeHead tree = definition.Head(n);
    for (size_t m = 0; m < n; ++m) {
      const Leaves proof =
          *InclusionProof(LeafIndex(m), n, definition.Nodes(n));
      const auto verifies = [&](size_t leaf, size_t index, const TreeHead& head,
                                const Leaves& with) {
        return VerifyInclusion(leaves[leaf], LeafIndex(index), head, with).ok();
      };
      for (size_t other = n > 70 ? m - std::min<size_t>(m, 3) : 0;
           other < (n > 70 ? m + 3 : n + 1); ++other) {
        if (other == m) continue;
        EXPECT_FALSE(verifies(m, other, tree, proof));
        EXPECT_FALSE(verifies(other, m, tree, proof));
      }
      Leaves longer = proof;
      longer.push_back(leaves[0]);
      EXPECT_FALSE(verifies(m, m, tree, longer));
      if (proof.empty()) continue;
      EXPECT_FALSE(verifies(m, m, tree, Part(proof, 0, proof.size() - 1)));
      EXPECT_FALSE(verifies(m, m, tree, Part(proof, 1, proof.size())));
      for (size_t i = 0; i < proof.size(); ++i) {
        Leaves changed = proof;
        changed[i][31] ^= 1;
        EXPECT_FALSE(verifies(m, m, tree, changed));
        if (i == 0) continue;
        changed = proof;
        std::swap(changed[i - 1], changed[i]);
        EXPECT_FALSE(verifies(m, m, tree, changed));
      }
    }
  }
  EXPECT_FALSE(VerifyInclusion(leaves[0], LeafIndex(0), TreeHead{}, {}).ok());
}

TEST(ConsistencyProof, IsTheProofOfTheDefinitionAndVerifies) {
  Definition definition(kLargestAtRandom);
  ForSizes([&definition](size_t m, size_t n) {
    const auto proof = ConsistencyProof(m, n, definition.Nodes(n));
    ASSERT_TRUE(proof.ok()) << proof.status();
    ASSERT_EQ(*proof, m > 0 ? definition.Proof(m, n) : Leaves())
        << m << " of " << n;
    ASSERT_TRUE(
        VerifyConsistency(definition.Head(m), definition.Head(n), *proof).ok())
        << m << " of " << n;
  });
  EXPECT_FALSE(ConsistencyProof(2, 1, definition.Nodes(2)).ok());
}

TEST(ConsistencyProof, DoesNotVerifyAnythingElse) {
  Definition definition(kLargest + 1);
  const Leaves& leaves = definition.leaves();
  for (const size_t n : kPeculiar) {
    const TreeHead second = definition.Head(n);
    for (size_t m = 1; m < n; ++m) {
      const TreeHead first = definition.Head(m);
      const Leaves proof = *ConsistencyProof(m, n, definition.Nodes(n));
      const auto verifies = [](const TreeHead& from, const TreeHead& to,
                               const Leaves& with) {
        return VerifyConsistency(from, to, with).ok();
      };
      TreeHead other = first;
      other.root[0] ^= 1;
      EXPECT_FALSE(verifies(other, second, proof));
      other = second;
      other.root[0] ^= 1;
      EXPECT_FALSE(verifies(first, other, proof));
      EXPECT_FALSE(verifies({m + 1, first.root}, second, proof));
      for (size_t i = 0; i < proof.size(); ++i) {
        Leaves changed = proof;
        changed[i][0] ^= 1;
        EXPECT_FALSE(verifies(first, second, changed));
        if (i == 0) continue;
        changed = proof;
        std::swap(changed[i - 1], changed[i]);
        EXPECT_FALSE(verifies(first, second, changed));
      }
      Leaves longer = proof;
      longer.push_back(proof[0]);
      EXPECT_FALSE(verifies(first, second, longer));
      EXPECT_FALSE(verifies(first, second, Part(proof, 0, proof.size() - 1)));
      EXPECT_FALSE(verifies(second, first, proof));
    }
    EXPECT_FALSE(VerifyConsistency({0, leaves[0]}, second, {}).ok());
    EXPECT_FALSE(VerifyConsistency({n, leaves[kLargest]}, second, {}).ok());
  }
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

#include "eventstore/audit/tlog_proof.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/note_fields.h"

namespace samverk {
namespace {

// A log in memory.
class TlogProofTest : public testing::Test {
 protected:
  TlogProofTest() {
    TreeFrontier tree;
    for (int i = 0; i < 70; ++i) {
      entries_.push_back(absl::StrCat("entry ", i));
      tree.Append(LeafHash(entries_.back()));
    }
    head_ = tree.Head();
    checkpoint_ = FormatNote(SignCheckpoint(head_, log_).note);
  }

  TlogProof Prove(uint64_t index) const {
    const auto read = [this](uint32_t level,
                             uint64_t at) -> absl::StatusOr<Hash> {
      TreeFrontier part;
      for (uint64_t i = at << level; i < (at + 1) << level; ++i) {
        part.Append(LeafHash(entries_[i]));
      }
      return part.Root();
    };
    TlogProof proof;
    proof.index = index;
    proof.hashes = *InclusionProof(LeafIndex(index), head_.size, read);
    proof.extra = entries_[index];
    proof.checkpoint = checkpoint_;
    return proof;
  }

  const NoteSigner log_{"log.example", NoteSignatureKind::kEd25519,
                        Ed25519PrivateKey::Generate()};
  std::vector<std::string> entries_;
  TreeHead head_;
  std::string checkpoint_;
};

TEST_F(TlogProofTest, ProvesEveryEntry) {
  for (uint64_t i = 0; i < entries_.size(); ++i) {
    const std::string file = FormatTlogProof(Prove(i));
    const auto read = ParseTlogProof(file);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, Prove(i));
    const auto verified = VerifyTlogProof(*read, read->extra, log_.Verifier());
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->checkpoint.tree, head_);
  }
}

TEST_F(TlogProofTest, HasThePublishedForm) {
  TlogProof proof = Prove(3);
  proof.hashes.resize(1);
  EXPECT_EQ(
      FormatTlogProof(proof),
      absl::StrCat("c2sp.org/tlog-proof@v1\nextra ", ToBase64(entries_[3]),
                   "\nindex 3\n", HashToBase64(LeafHash(entries_[2])), "\n\n",
                   checkpoint_));
  proof.extra.clear();
  EXPECT_EQ(FormatTlogProof(proof).find("extra"), std::string::npos);
  EXPECT_EQ(*ParseTlogProof(FormatTlogProof(proof)), proof);
}

TEST_F(TlogProofTest, ProvesNothingElse) {
  const NoteVerifier key = log_.Verifier();
  const auto holds = [&](const TlogProof& proof, const std::string& entry) {
    return VerifyTlogProof(proof, entry, key).ok();
  };
  for (const uint64_t index : {0, 1, 31, 63, 64, 69}) {
    const TlogProof proof = Prove(index);
    const std::string& entry = entries_[index];
    ASSERT_TRUE(holds(proof, entry));
    EXPECT_FALSE(holds(proof, entry + "x"));
    EXPECT_FALSE(holds(proof, entries_[(index + 1) % 70]));
    for (uint64_t other = 0; other < 70; ++other) {
      TlogProof moved = proof;
      moved.index = other;
      EXPECT_EQ(holds(moved, entry), other == index) << other;
    }
    for (size_t i = 0; i < proof.hashes.size(); ++i) {
      for (size_t bit = 0; bit < 256; bit += 17) {
        TlogProof flipped = proof;
        flipped.hashes[i][bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
        EXPECT_FALSE(holds(flipped, entry)) << i << " " << bit;
      }
      TlogProof shorter = proof;
      shorter.hashes.erase(shorter.hashes.begin() + i);
      EXPECT_FALSE(holds(shorter, entry)) << i;
      if (i > 0 && proof.hashes[i] != proof.hashes[i - 1]) {
        TlogProof swapped = proof;
        std::swap(swapped.hashes[i], swapped.hashes[i - 1]);
        EXPECT_FALSE(holds(swapped, entry)) << i;
      }
    }
    TlogProof longer = proof;
    longer.hashes.push_back(head_.root);
    EXPECT_FALSE(holds(longer, entry));
  }
}

TEST_F(TlogProofTest, RefusesFilesThatAreNone) {
  const std::string file = FormatTlogProof(Prove(5));
  // Without its checkpoint, or cut off within it, it proves nothing.
  for (size_t size = 0; size < file.size(); ++size) {
    const auto read = ParseTlogProof(file.substr(0, size));
    EXPECT_FALSE(read.ok() &&
                 VerifyTlogProof(*read, entries_[5], log_.Verifier()).ok())
        << size;
  }
  for (const char* text :
       {"", "x\n", "c2sp.org/tlog-proof@v2\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v1\nindex\n\n",
        "c2sp.org/tlog-proof@v1\nindex 01\n\n",
        "c2sp.org/tlog-proof@v1\nindex -1\n\n",
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra YQ\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra YQ==\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nYQ==\n\n"}) {
    EXPECT_EQ(ParseTlogProof(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
  TlogProof deep = Prove(0);
  deep.hashes.resize(64);
  EXPECT_FALSE(ParseTlogProof(FormatTlogProof(deep)).ok());
}

}  // namespace
}  // namespace samverk

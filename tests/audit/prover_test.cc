// Proofs and tiles of a register, verified as outsiders verify them.
#include "services/audit/prover.h"

#include "eventstore/audit/growth_proof.h"
#include "eventstore/audit/tile_path.h"
#include "eventstore/audit/verifier.h"
#include "services/audit/tile_pages.h"
#include "tests/audit/audit_fixture.h"

namespace samverk {
namespace {

class ProverTest : public AuditTest {
 protected:
  void SetUp() override {
    OpenAll();
    AppendEvents(1, 700);
    ASSERT_TRUE(signer_->Covering(store_->Head()).ok());
  }
};

TEST_F(ProverTest, EveryEventIsProved) {
  ProofVerifier verifier(Key());
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), 700u);
  for (uint64_t n = 1; n <= 700; n += n < 520 ? 7 : 1) {
    const auto proof = prover_->Inclusion(Position(n));
    ASSERT_TRUE(proof.ok()) << proof.status();
    const auto verified = verifier.Verify(FormatTlogProof(*proof));
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->checkpoint.tree.size, 700u);
    ASSERT_TRUE(verified->event.has_value());
    EXPECT_EQ(verified->event->position, n);
    EXPECT_EQ(verified->event->id, FormatUuid(Event(n).id));
    EXPECT_EQ(verified->event->type, "test.happened");
    EXPECT_EQ(verified->event->stream, Event(n).stream);
    EXPECT_EQ(verified->event->recorded_at, events[n - 1].recorded_at());
  }
}

TEST_F(ProverTest, AnEventIsProvedAsSoonAsItIsRecorded) {
  AppendEvents(701, 701);
  const auto proof = prover_->Inclusion(Position(701));
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(VerifyTlogProof(*proof, ReadAll().back().record(), Key()).ok());
}

TEST_F(ProverTest, WhatIsNotThereIsNotProved) {
  for (const uint64_t position : {0, 701}) {
    EXPECT_EQ(prover_->Inclusion(Position(position)).status().code(),
              absl::StatusCode::kOutOfRange);
  }
  EXPECT_EQ(prover_->Consistency(5, 4).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(prover_->Consistency(5, 701).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST_F(ProverTest, AProofWithoutARecordSaysNothingOfAnEvent) {
  TlogProof proof = *prover_->Inclusion(Position(3));
  proof.extra.clear();
  EXPECT_EQ(ProofVerifier(Key()).Verify(FormatTlogProof(proof)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ProverTest, GrowthIsProvedBetweenAnyTwoSizes) {
  for (const uint64_t first : {0, 1, 2, 255, 256, 257, 511, 512, 699, 700}) {
    for (const uint64_t second : {1, 256, 300, 512, 700}) {
      if (first > second) continue;
      const auto proof = prover_->Consistency(first, second);
      ASSERT_TRUE(proof.ok()) << proof.status();
      const auto root = [this](uint64_t size) {
        return *RootAt(size, [this](uint32_t level, uint64_t index) {
          return store_->ReadNode(level, index);
        });
      };
      EXPECT_TRUE(VerifyConsistency({first, root(first)},
                                    {second, root(second)}, *proof)
                      .ok());
    }
  }
}

TEST_F(ProverTest, AFileOfGrowthIsVerifiedAfterItsCheckpoint) {
  const std::string before = KeptCheckpoint();
  AppendEvents(701, 900);
  ASSERT_TRUE(signer_->Covering(Position(900)).ok());
  GrowthProof growth;
  growth.old_size = 700;
  growth.hashes = *prover_->Consistency(700, 900);
  growth.checkpoint = KeptCheckpoint();
  const std::string file = FormatGrowthProof(growth);
  EXPECT_EQ(*ParseGrowthProof(file), growth);
  ProofVerifier verifier(Key());
  EXPECT_EQ(verifier.Verify(file).status().code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(verifier.Verify(before).ok());
  const auto verified = verifier.Verify(file);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->grown_from, 700u);
  EXPECT_EQ(verified->checkpoint.tree.size, 900u);
  for (size_t i = 0; i < growth.hashes.size(); ++i) {
    GrowthProof wrong = growth;
    wrong.hashes[i][7] ^= 1;
    EXPECT_EQ(verifier.Verify(FormatGrowthProof(wrong)).status().code(),
              absl::StatusCode::kDataLoss);
    wrong = growth;
    wrong.hashes.erase(wrong.hashes.begin() + i);
    EXPECT_FALSE(verifier.Verify(FormatGrowthProof(wrong)).ok());
  }
  GrowthProof other = growth;
  other.old_size = 900;
  EXPECT_FALSE(verifier.Verify(FormatGrowthProof(other)).ok());
}

TEST_F(ProverTest, TwoHistoriesAreEvidence) {
  ProofVerifier verifier(Key());
  ASSERT_TRUE(verifier.Verify(KeptCheckpoint()).ok());
  TreeHead other = signer_->Latest().checkpoint.tree;
  other.root[0] ^= 1;
  const absl::Status found =
      verifier.Verify(FormatNote(SignCheckpoint(other, Signer()).note))
          .status();
  EXPECT_EQ(found.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(found.message().find("two different histories"), std::string::npos)
      << found;
}

// A record, or the tree, that was changed in the stopped register.
TEST_F(ProverTest, NoProofIsGivenOfWhatWasTamperedWith) {
  CloseAll();
  Tamper([](Database& database) {
    const std::string key = keys::Number(5);
    std::string record = Get(database, database.events(), key);
    record[60] = static_cast<char>(record[60] ^ 1);
    Put(database, database.events(), key, record);
  });
  OpenAll();
  const absl::Status refused = prover_->Inclusion(Position(5)).status();
  EXPECT_REASON(refused, DAMAGED);
  EXPECT_NE(refused.message().find("event 5"), std::string::npos) << refused;
  EXPECT_TRUE(prover_->Inclusion(Position(6)).ok());
  EXPECT_TRUE(prover_->Inclusion(Position(600)).ok());
}

TEST_F(ProverTest, ATreeThatWasTamperedWithIsNotServed) {
  CloseAll();
  Tamper([](Database& database) {
    std::string tile = Get(database, database.derived(), keys::Tile({0, 1}));
    tile[32 * 7] = static_cast<char>(tile[32 * 7] ^ 1);
    Put(database, database.derived(), keys::Tile({0, 1}), tile);
  });
  EXPECT_REASON(TryOpen(Options()), DAMAGED);
}

class TilePagesTest : public ProverTest {
 protected:
  HttpAnswer Begin(TilePages& pages, const std::string& path) {
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    auto answer = pages.Answer(request);
    EXPECT_TRUE(answer.has_value()) << path;
    return answer.value_or(HttpAnswer());
  }
  // With all of its body.
  HttpAnswer Get(const std::string& path) {
    TilePages pages(*store_, *store_, *signer_);
    HttpAnswer answer = Begin(pages, path);
    if (answer.part == nullptr) return answer;
    class Text : public HttpSink {
     public:
      bool Write(std::string_view bytes) override {
        text.append(bytes);
        return true;
      }
      bool Alive() override { return true; }
      std::string text;
    } sink;
    EXPECT_TRUE(answer.part(0, answer.size, sink));
    answer.part = nullptr;
    answer.body = sink.text;
    return answer;
  }
};

TEST_F(TilePagesTest, BundlesThatNobodyTakesAreBounded) {
  TilePages pages(*store_, *store_, *signer_);
  const std::string path = "/tile/entries/000";
  std::vector<HttpAnswer> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(Begin(pages, path));
    EXPECT_EQ(slow.back().status, 200);
  }
  EXPECT_EQ(Begin(pages, path).status, 503);
  EXPECT_EQ(Begin(pages, "/tile/0/000").status, 200);
  slow.pop_back();
  EXPECT_EQ(Begin(pages, path).status, 200);
}

TEST_F(TilePagesTest, GiveTheTreeAndTheEvents) {
  const auto checkpoint = OpenCheckpoint(Get("/checkpoint").body, Key());
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  const TreeHead head = checkpoint->checkpoint.tree;
  ASSERT_EQ(head.size, 700u);
  // As a monitor does: the leaves of all tiles give the root, and the entries
  // of the bundles are the leaves.
  TreeFrontier tree;
  uint64_t entries = 0;
  for (uint64_t index = 0; index * 256 < head.size; ++index) {
    TilePath path{
        false, {0, index}, std::min<uint64_t>(256, head.size - index * 256)};
    const HttpAnswer tile = Get("/" + FormatTilePath(path));
    ASSERT_EQ(tile.status, 200) << tile.body;
    EXPECT_EQ(tile.type, "application/octet-stream");
    ASSERT_EQ(tile.body.size(), 32 * path.width);
    path.entries = true;
    const HttpAnswer bundle = Get("/" + FormatTilePath(path));
    ASSERT_EQ(bundle.status, 200) << bundle.body;
    std::string_view rest = bundle.body;
    for (uint64_t i = 0; i < path.width; ++i) {
      Hash leaf;
      std::copy_n(tile.body.begin() + 32 * i, 32, leaf.begin());
      tree.Append(leaf);
      ASSERT_GE(rest.size(), 2u);
      const size_t size =
          static_cast<uint8_t>(rest[0]) << 8 | static_cast<uint8_t>(rest[1]);
      ASSERT_GE(rest.size(), 2 + size);
      EXPECT_EQ(LeafHash(rest.substr(2, size)), leaf);
      rest.remove_prefix(2 + size);
      ++entries;
    }
    EXPECT_TRUE(rest.empty());
  }
  EXPECT_EQ(entries, head.size);
  EXPECT_EQ(tree.Head(), head);
  // Level 1: the roots of the two full tiles.
  const HttpAnswer above = Get("/tile/1/000.p/2");
  ASSERT_EQ(above.status, 200);
  EXPECT_EQ(above.body.substr(0, 32),
            AsBytes(RootWithinTile(Get("/tile/0/000").body, 0, 8)));
}

TEST_F(TilePagesTest, HaveNothingBeyondTheCheckpoint) {
  AppendEvents(701, 701);
  const uint64_t covered = signer_->Latest().checkpoint.tree.size;
  EXPECT_EQ(Get("/tile/0/003").status, 404);
  EXPECT_EQ(Get("/tile/0/002").status, 404);
  EXPECT_EQ(Get("/tile/1/000").status, 404);
  EXPECT_EQ(Get("/tile/0/002.p/255").status, 404);
  EXPECT_EQ(Get("/tile/entries/003").status, 404);
  EXPECT_EQ(Get("/tile/63/000").status, 404);
  EXPECT_EQ(Get("/tile/").status, 404);
  EXPECT_EQ(Get("/tile/0/0").status, 404);
  EXPECT_EQ(Get("/tile/0/000.p/0").status, 404);
  // Partial ones of smaller trees stay.
  EXPECT_EQ(Get("/tile/0/000.p/17").body,
            Get("/tile/0/000").body.substr(0, 32 * 17));
  EXPECT_GE(covered, 700u);
  HttpRequest elsewhere;
  elsewhere.method = "GET";
  elsewhere.path = "/metrics";
  EXPECT_FALSE(TilePages(*store_, *store_, *signer_).Answer(elsewhere));
}

}  // namespace
}  // namespace samverk

// What a register signs, over restarts, crashes and copies.
#include "services/audit/checkpoint_signer.h"

#include <filesystem>
#include <thread>

#include "absl/time/clock.h"
#include "eventstore/audit/growth_proof.h"
#include "eventstore/audit/verifier.h"
#include "tests/audit/audit_fixture.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

class CheckpointSignerTest : public AuditTest {
 protected:
  void ExpectRefused() {
    const absl::Status refused = TrySign();
    EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
    EXPECT_REASON(refused, DAMAGED);
    EXPECT_NE(refused.message().find("--rebuild"), std::string::npos);
  }
};

TEST_F(CheckpointSignerTest, ANewRegisterHasOneOfNothing) {
  OpenAll();
  const SignedCheckpoint latest = signer_->Latest();
  EXPECT_EQ(latest.checkpoint.tree, TreeHead());
  EXPECT_EQ(latest.checkpoint.origin, kTestOrigin);
  EXPECT_EQ(KeptCheckpoint(), FormatNote(latest.note));
  EXPECT_TRUE(OpenCheckpoint(KeptCheckpoint(), Key()).ok());
}

TEST_F(CheckpointSignerTest, CoversEventsSoonByItself) {
  OpenAll();
  AppendEvents(1, 20);
  const absl::Time give_up = absl::Now() + absl::Seconds(10);
  while (signer_->Latest().checkpoint.tree.size < 20) {
    ASSERT_LT(absl::Now(), give_up);
    std::this_thread::yield();
  }
  const SignedCheckpoint latest = signer_->Latest();
  EXPECT_EQ(latest.checkpoint.tree, store_->CurrentTree());
  EXPECT_EQ(KeptCheckpoint(), FormatNote(latest.note));
  EXPECT_TRUE(OpenCheckpoint(KeptCheckpoint(), Key()).ok());
}

TEST_F(CheckpointSignerTest, CoversAtOnceWhatIsAskedFor) {
  OpenAll();
  for (uint64_t n = 1; n <= 30; ++n) {
    AppendEvents(n, n);
    const auto covering = signer_->Covering(Position(n));
    ASSERT_TRUE(covering.ok()) << covering.status();
    EXPECT_GE(covering->checkpoint.tree.size, n);
    EXPECT_EQ(KeptCheckpoint(), FormatNote(covering->note));
  }
}

TEST_F(CheckpointSignerTest,
       AnOldCosignedOneGoesBeforeNewerOnesForProofsAlone) {
  OpenAll();
  AppendEvents(1, 10);
  SignedCheckpoint cosigned = *signer_->Covering(Position(10));
  NoteSigner witness{"w", NoteSignatureKind::kCosignature,
                     Ed25519PrivateKey::Generate()};
  cosigned.note.signatures.push_back(
      SignText(cosigned.note.text, witness, absl::Now()));
  const auto now = std::chrono::steady_clock::now();
  signer_->TakeCosigned(cosigned, now - std::chrono::hours(1));
  // However old, as long as it is the latest.
  EXPECT_EQ(signer_->Covering(Position())->note, cosigned.note);
  AppendEvents(11, 20);
  EXPECT_EQ(signer_->Covering(Position(20))->checkpoint.tree.size, 20u);
  EXPECT_EQ(signer_->Covering(Position())->checkpoint.tree.size, 20u);
  EXPECT_EQ(signer_->Covering(Position(10))->checkpoint.tree.size, 20u);
  EXPECT_EQ(signer_->CoveringCosigned(Position(10))->note, cosigned.note);
  EXPECT_EQ(signer_->CoveringCosigned(Position(11))->checkpoint.tree.size, 20u);
  // A new one goes before newer ones everywhere.
  signer_->TakeCosigned(cosigned, now);
  EXPECT_EQ(signer_->Covering(Position())->note, cosigned.note);
  EXPECT_EQ(signer_->Covering(Position(11))->checkpoint.tree.size, 20u);
}

TEST_F(CheckpointSignerTest, GoesOnAfterAStart) {
  OpenAll();
  AppendEvents(1, 10);
  ASSERT_TRUE(signer_->Covering(Position(10)).ok());
  const SignedCheckpoint before = signer_->Latest();
  CloseAll();
  OpenAll();
  EXPECT_EQ(signer_->Latest().note, before.note);
  AppendEvents(11, 20);
  ASSERT_TRUE(signer_->Covering(Position(20)).ok());
  const auto proof = prover_->Consistency(10, 20);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(VerifyConsistency(before.checkpoint.tree,
                                signer_->Latest().checkpoint.tree, *proof)
                  .ok());
}

TEST_F(CheckpointSignerTest, EventsOfACutShortRunAreSignedAtTheStart) {
  Open();
  AppendEvents(1, 10);
  Close();
  OpenAll();
  EXPECT_EQ(signer_->Latest().checkpoint.tree.size, 10u);
}

TEST_F(CheckpointSignerTest, AnOlderCopyOfTheLogIsRefused) {
  OpenAll();
  AppendEvents(1, 10);
  CloseAll();
  const std::string copy = outside_.path() + "/copy";
  fs::copy(directory_.path(), copy, fs::copy_options::recursive);
  OpenAll();
  AppendEvents(11, 20);
  ASSERT_TRUE(signer_->Covering(Position(20)).ok());
  const std::string kept = KeptCheckpoint();
  CloseAll();
  fs::remove_all(directory_.path());
  fs::copy(copy, directory_.path(), fs::copy_options::recursive);

  Open();
  ExpectRefused();
  // Also when other events make it as long again: nobody is to be shown two
  // histories.
  AppendEvents(101, 130);
  ExpectRefused();
  EXPECT_EQ(KeptCheckpoint(), kept);
  // Somebody who knows may go on. What shows the loss is kept.
  ASSERT_TRUE(TrySign(/*accept_loss=*/true).ok());
  EXPECT_EQ(signer_->Latest().checkpoint.tree, store_->CurrentTree());
  EXPECT_TRUE(Warned("another history"));
  EXPECT_EQ(Bytes(CheckpointPath() + ".lost-20"), kept);
}

TEST_F(CheckpointSignerTest, ACheckpointThatCannotBeReadIsNoneLess) {
  OpenAll();
  AppendEvents(1, 10);
  CloseAll();
  const std::string whole = KeptCheckpoint();
  const auto expect = [&](const char* why) {
    Open();
    const absl::Status refused = TrySign();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find(why), std::string::npos) << refused;
    EXPECT_NE(refused.message().find(CheckpointPath()), std::string::npos);
    Close();
  };
  for (const std::string& bytes : {std::string("garbage"), std::string()}) {
    std::ofstream(CheckpointPath(), std::ios::binary) << bytes;
    expect("no signed note");
  }
  fs::remove(CheckpointPath());
  expect("is not there");
  fs::create_symlink("nowhere", CheckpointPath());
  expect("cannot be read");
  fs::remove(CheckpointPath());
  fs::create_directory(CheckpointPath());
  expect("is no file");
  fs::remove(CheckpointPath());
  // Changed, so that it is not the key's any more.
  std::string changed = whole;
  changed[changed.size() - 10] ^= 1;
  std::ofstream(CheckpointPath(), std::ios::binary) << changed;
  expect("is not signed with the key");
  std::ofstream(CheckpointPath(), std::ios::binary) << whole;
  OpenAll();
}

// What a restore does when only the key is put back.
TEST_F(CheckpointSignerTest, AKeyWithoutItsCheckpointSignsNoLogWithEvents) {
  OpenAll();
  AppendEvents(1, 10);
  CloseAll();
  fs::remove(CheckpointPath());
  Open();
  EXPECT_EQ(TrySign().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fs::exists(CheckpointPath()));
  EXPECT_TRUE(TrySign(/*accept_loss=*/true).ok());
}

TEST_F(CheckpointSignerTest, ANewKeyGoesOnFromWhatTheOldOneSigned) {
  OpenAll();
  AppendEvents(1, 10);
  const NoteVerifier old = Key();
  CloseAll();
  const std::string before = KeptCheckpoint();
  const std::string old_key = Bytes(KeyPath());
  Open();
  ASSERT_TRUE(TrySign(false, /*new_key=*/true).ok());
  EXPECT_NE(Key(), old);
  EXPECT_EQ(signer_->Latest().checkpoint.tree.size, 10u);
  EXPECT_TRUE(OpenCheckpoint(KeptCheckpoint(), Key()).ok());
  EXPECT_TRUE(Warned(FormatVerifier(Key())));
  EXPECT_FALSE(Warned("PRIVATE"));
  // The old key is kept aside, and a later start does not take it silently.
  std::string aside;
  for (const auto& entry : fs::directory_iterator(Secrets())) {
    if (entry.path().string().find(".replaced-") != std::string::npos) {
      aside = entry.path();
    }
  }
  EXPECT_EQ(Bytes(aside), old_key);
  // Whoever knows both keys follows the log through the change.
  AppendEvents(11, 20);
  ASSERT_TRUE(signer_->Covering(Position(20)).ok());
  prover_ = std::make_unique<Prover>(*store_, *store_, *signer_);
  GrowthProof growth{10, *prover_->Consistency(10, 20), KeptCheckpoint()};
  ProofVerifier both({old, Key()});
  ASSERT_TRUE(both.Verify(before).ok());
  EXPECT_TRUE(both.Verify(FormatGrowthProof(growth)).ok());
  EXPECT_FALSE(ProofVerifier(Key()).Verify(before).ok());
  CloseAll();
  fs::rename(aside, KeyPath());
  Open();
  EXPECT_EQ(TrySign().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(CheckpointSignerTest, ARefusedNewKeyLeavesTheOldOne) {
  OpenAll();
  AppendEvents(1, 10);
  CloseAll();
  const std::string key = Bytes(KeyPath());
  fs::remove_all(directory_.path());
  fs::create_directories(directory_.path());
  Open();
  EXPECT_EQ(TrySign(false, /*new_key=*/true).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(Bytes(KeyPath()), key);
}

TEST_F(CheckpointSignerTest, TheLastEventsAreCoveredAtTheEnd) {
  OpenAll();
  for (uint64_t n = 1; n <= 20; ++n) AppendEvents(n, n);
  CloseAll();
  EXPECT_TRUE(KeptCheckpoint().find("\n20\n") != std::string::npos)
      << KeptCheckpoint();
}

TEST_F(CheckpointSignerTest, NoneIsGivenThatCannotBeKept) {
  OpenAll();
  const SignedCheckpoint before = signer_->Latest();
  // Its place is taken by a directory that is not empty.
  fs::remove(CheckpointPath());
  fs::create_directories(CheckpointPath() + "/x");
  AppendEvents(1, 1);
  for (const uint64_t position : {1, 0}) {
    EXPECT_EQ(signer_->Covering(Position(position)).status().code(),
              absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(signer_->Latest().note, before.note);
  fs::remove_all(CheckpointPath());
  EXPECT_TRUE(signer_->Covering(Position(1)).ok());
}

TEST(LogKey, IsMadeOnceAndReadAgain) {
  TemporaryDirectory directory;
  const NoteKeyFile file = LogKeyFile(directory.path() + "/secrets", "a");
  EXPECT_EQ(ReadNoteKey(file).status().code(), absl::StatusCode::kNotFound);
  const auto made = MakeNoteKey(file);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(fs::status(file.path).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(directory.path() + "/secrets").permissions(),
            fs::perms::owner_all);
  const auto read = ReadNoteKey(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Verifier(), made->Verifier());
}

TEST(LogKey, SaysWhyItIsNotTaken) {
  TemporaryDirectory directory;
  const auto made = MakeNoteKey(LogKeyFile(directory.path(), "a"));
  ASSERT_TRUE(made.ok());
  const std::string path = LogKeyFile(directory.path(), "a").path;
  const std::string seed = FormatSigner(*made).substr(20);
  const auto expect = [&](const char* name, const char* why) {
    const absl::Status refused =
        ReadNoteKey(LogKeyFile(directory.path(), name)).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find(why), std::string::npos) << refused;
    EXPECT_NE(refused.message().find(path), std::string::npos) << refused;
    EXPECT_EQ(refused.message().find(seed), std::string::npos) << refused;
  };
  expect("b", "is that of a, not of b");
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  expect("a", "others");
  fs::permissions(path, fs::perms::group_read, fs::perm_options::remove);
  NoteSigner witness = *made;
  witness.kind = NoteSignatureKind::kCosignature;
  std::ofstream(path) << FormatSigner(witness);
  expect("a", "witness");
  std::ofstream(path) << "PRIVATE+KEY+a+00000000+" << seed;
  expect("a", "no key");
  std::ofstream(path).flush();
  expect("a", "no key");
}

TEST(LogNameOf, IsTheRegistersOrWhatAKeyCanBeCalled) {
  EXPECT_EQ(LogNameOf("malmo.example/augustenborg"),
            "malmo.example/augustenborg");
  EXPECT_EQ(LogNameOf("Ekostaden Augustenborg"), "Ekostaden-Augustenborg");
  EXPECT_EQ(LogNameOf("a+b\n"), "a-b-");
  EXPECT_TRUE(IsNoteKeyName(LogNameOf("å b")));
}

}  // namespace
}  // namespace samverk

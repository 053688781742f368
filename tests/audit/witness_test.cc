// What a witness cosigns and what it refuses, over restarts and lost files.
#include "services/audit/witness/witness.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "eventstore/audit/verifier.h"
#include "services/audit/witness/witness_limits.h"
#include "services/audit/witness/witnessed_logs.h"
#include "tests/audit/witness_fixture.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

constexpr char kLog[] = "malmo.example/augustenborg";

class WitnessTest : public testing::Test {
 protected:
  void SetUp() override {
    const absl::Status opened = TryOpen();
    ASSERT_TRUE(opened.ok()) << opened;
  }
  absl::Status TryOpen() {
    witness_.reset();
    auto witness = Witness::Open({.directory = Secrets(),
                                  .name = "witness.example/w1",
                                  .logs = {signer_.Verifier()},
                                  .clock = &clock_,
                                  .warn = [this](std::string_view text) {
                                    warning_ = std::string(text);
                                  }});
    if (!witness.ok()) return witness.status();
    witness_ = *std::move(witness);
    return absl::OkStatus();
  }
  HttpAnswer Ask(uint64_t first, uint64_t second) {
    return witness_->AddCheckpoint(
        Post(WitnessRequest(log_, signer_, first, second)));
  }
  void ExpectCosigned(uint64_t first, uint64_t second) {
    const HttpAnswer answer = Ask(first, second);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto signatures = ParseSignatures(answer.body);
    ASSERT_TRUE(signatures.ok() && signatures->size() == 1) << answer.body;
    const auto verified =
        VerifyNote({CheckpointText({kLog, log_.Head(second), {}}), *signatures},
                   witness_->Verifier());
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_TRUE(verified->is_signed);
    EXPECT_EQ(verified->time, clock_.Now());
  }
  void ExpectConflict(const HttpAnswer& answer, uint64_t size) {
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, absl::StrCat(size, "\n"));
  }

  std::string Secrets() const { return directory_.path() + "/secrets"; }
  std::string KeyPath() const { return Secrets() + "/witness-key"; }
  std::string LastPath() const { return Secrets() + "/witness-checkpoints"; }

  TemporaryDirectory directory_;
  FakeClock clock_{absl::FromUnixSeconds(1'764'000'000)};
  const NoteSigner signer_ = NewSigner(kLog);
  TestLog log_;
  std::string warning_;
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, CosignsALogThatOnlyGrows) {
  ExpectCosigned(0, 0);
  ExpectCosigned(0, 3);
  ExpectCosigned(3, 3);
  clock_.Advance(absl::Hours(1));
  ExpectCosigned(3, 8);
  for (uint64_t size = 8; size < 40; ++size) ExpectCosigned(size, size + 1);
}

TEST_F(WitnessTest, GoesOnAfterAStartWithWhatItHasCosigned) {
  ExpectCosigned(0, 5);
  const NoteVerifier key = witness_->Verifier();
  ASSERT_TRUE(TryOpen().ok());
  EXPECT_EQ(witness_->Verifier(), key);
  ExpectConflict(Ask(0, 6), 5);
  ExpectCosigned(5, 6);
}

TEST_F(WitnessTest, SaysWhatItHasToWhoDoesNotKnow) {
  ExpectCosigned(0, 5);
  ExpectConflict(Ask(0, 9), 5);
  ExpectConflict(Ask(4, 9), 5);
  ExpectConflict(Ask(6, 9), 5);
  ExpectConflict(Ask(0, 4), 5);
  ExpectCosigned(5, 9);
}

TEST_F(WitnessTest, NeverCosignsTwoHistories) {
  ExpectCosigned(0, 5);
  log_ = TestLog("another");
  EXPECT_EQ(Ask(5, 9).status, 422);
  EXPECT_TRUE(warning_.empty()) << "anybody can send a wrong proof";
  ExpectConflict(Ask(5, 5), 5);
  EXPECT_NE(warning_.find("two histories of 5 events"), std::string::npos);
  log_ = TestLog();
  ExpectCosigned(5, 9);
}

TEST_F(WitnessTest, TwoSignedHistoriesAreKeptAsEvidence) {
  ExpectCosigned(0, 5);
  log_ = TestLog("another");
  ExpectConflict(Ask(5, 5), 5);
  ProofVerifier verifier(signer_.Verifier());
  absl::Status last;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(Secrets())) {
    const std::string path = entry.path().string();
    if (path.find("witness-conflict-") == std::string::npos) continue;
    ++files;
    std::ifstream file(path);
    last =
        verifier.Verify(std::string((std::istreambuf_iterator<char>(file)), {}))
            .status();
  }
  EXPECT_EQ(files, 2);
  EXPECT_EQ(last.code(), absl::StatusCode::kDataLoss) << last;
  // Another one does not push it out.
  warning_.clear();
  log_ = TestLog("a third");
  ExpectConflict(Ask(5, 5), 5);
  EXPECT_TRUE(warning_.empty());
}

TEST_F(WitnessTest, RefusesAsTheProtocolSays) {
  ExpectCosigned(0, 5);
  const auto status = [this](std::string body) {
    return witness_->AddCheckpoint(Post(std::move(body))).status;
  };
  const std::string right = WitnessRequest(log_, signer_, 5, 9);
  EXPECT_EQ(status(WitnessRequest(log_, NewSigner("other.example"), 0, 1)),
            404);
  EXPECT_EQ(status(WitnessRequest(log_, NewSigner(kLog), 5, 9)), 403);
  EXPECT_EQ(status(WitnessRequest(log_, signer_, 10, 9)), 400);
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("old 5\n"), 400);
  EXPECT_EQ(status("old 05" + right.substr(5)), 400);
  EXPECT_EQ(status(right.substr(0, right.size() - 1)), 400);
  EXPECT_EQ(status(right + std::string(kWitnessRequestBytesMost, ' ')), 413);
  HttpRequest get = Post(right);
  get.method = "GET";
  EXPECT_EQ(witness_->AddCheckpoint(get).status, 405);
  // Every byte counts.
  for (size_t at = 0; at < right.size(); ++at) {
    std::string changed = right;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(status(changed), 200) << "byte " << at;
  }
  // Nothing of all this has changed anything.
  ExpectCosigned(5, 9);
}

TEST_F(WitnessTest, SignaturesOfOthersAreIgnoredAndNotKept) {
  SignedCheckpoint checkpoint = SignCheckpoint(log_.Head(3), signer_);
  for (int i = 0; i < 20; ++i) {
    checkpoint.note.signatures.push_back(
        SignText(checkpoint.note.text, NewSigner("x"), absl::InfinitePast()));
  }
  const std::string request =
      FormatGrowthProof({0, {}, FormatNote(checkpoint.note)});
  EXPECT_EQ(witness_->AddCheckpoint(Post(request)).status, 200);
  const auto last = ReadWitnessedLogs(LastPath());
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_EQ(last->at(kLog).note.signatures.size(), 1u);
}

TEST_F(WitnessTest, WhatCannotBeKeptIsNotCosigned) {
  ExpectCosigned(0, 5);
  const std::string last = LastPath();
  fs::rename(last, last + ".aside");
  fs::create_directories(last + "/x");
  EXPECT_EQ(Ask(5, 9).status, 503);
  fs::remove_all(last);
  fs::rename(last + ".aside", last);
  ExpectConflict(Ask(9, 9), 5);
  ExpectCosigned(5, 9);
}

TEST_F(WitnessTest, DoesNotStartWithoutWhatItHasCosigned) {
  ExpectCosigned(0, 5);
  const auto expect_refused = [this](const char* why) {
    const absl::Status refused = TryOpen();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find(why), std::string::npos) << refused;
  };
  const std::string aside = directory_.path() + "/aside";
  for (const std::string& path : {LastPath(), KeyPath()}) {
    fs::rename(path, aside);
    expect_refused("is not there");
    fs::rename(aside, path);
    EXPECT_TRUE(TryOpen().ok());
  }
  // Cut off anywhere, emptied, or added to.
  std::ifstream file(LastPath());
  const std::string whole((std::istreambuf_iterator<char>(file)), {});
  for (size_t size = 0; size < whole.size(); size += 7) {
    std::ofstream(LastPath(), std::ios::trunc) << whole.substr(0, size);
    expect_refused("is damaged");
  }
  std::ofstream(LastPath(), std::ios::trunc)
      << whole.substr(0, whole.find('\n') + 1);
  expect_refused("is damaged");
  std::ofstream(LastPath(), std::ios::trunc) << whole << "12\nx";
  expect_refused("an older copy would let it cosign two histories");
  std::ofstream(LastPath(), std::ios::trunc) << whole;
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(WitnessTest, AFirstStartThatWasCutShortIsBegunAgain) {
  fs::remove(KeyPath());
  EXPECT_TRUE(TryOpen().ok());
  ExpectCosigned(0, 2);
}

}  // namespace
}  // namespace samverk

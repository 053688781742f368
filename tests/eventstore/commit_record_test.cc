#include "eventstore/commit_record.h"

#include <random>
#include <string>
#include <vector>

#include "eventstore/base/error.h"
#include "gtest/gtest.h"

namespace samverk {
namespace {

const RegisterHash kOrigin = HashOfOrigin("test.example/register");

Commit ThreeEvents() {
  Commit commit;
  for (uint64_t i = 0; i < 3; ++i) {
    RecordHeader header;
    header.position = Position(10 + i);
    header.revision = Revision(1);
    commit.AddRecord(header, std::string(i + 1, 'b'));
  }
  commit.header.count = 3;
  commit.header.after.epoch = 7;
  commit.header.after.sequence = 4;
  commit.header.after.position = Position(12);
  commit.header.after.recorded_at_us = -5;
  commit.header.after.tree = {12, LeafHash("any")};
  commit.header.requests = {1, 2};
  commit.header.tracks = {{"consumer", 300}};
  commit.header.cursors = {{"key", "value"}, {"forgotten", ""}};
  return commit;
}

TEST(Commit, KeepsRecordsApart) {
  const Commit commit = ThreeEvents();
  ASSERT_EQ(commit.size(), 3u);
  EXPECT_EQ(commit.body(0), "b");
  EXPECT_EQ(commit.body(2), "bbb");
  EXPECT_EQ(commit.record(1).size(), kRecordHeaderBytes + 2);
  EXPECT_EQ(commit.leaves()[1], LeafHash(commit.record(1)));
  EXPECT_EQ(commit.header.first_position(), Position(10));
  Commit copy;
  for (size_t i = 0; i < 3; ++i) copy.AddRecord(commit.record(i));
  EXPECT_EQ(copy.leaves(), commit.leaves());
}

TEST(CommitHeader, IsReadBack) {
  const Commit commit = ThreeEvents();
  const std::string bytes =
      EncodeCommitHeader(commit.header, kOrigin, commit.leaves());
  const auto header = DecodeCommitHeader(bytes, kOrigin);
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->kind, CommitKind::kEvents);
  EXPECT_EQ(header->after, commit.header.after);
  EXPECT_EQ(header->count, 3u);
  EXPECT_EQ(header->requests, commit.header.requests);
  ASSERT_EQ(header->tracks.size(), 1u);
  EXPECT_EQ(header->tracks[0].consumer, "consumer");
  EXPECT_EQ(header->tracks[0].upstream_position, 300u);
  EXPECT_EQ(header->cursors, commit.header.cursors);
  EXPECT_TRUE(VerifyChecksum(bytes, commit.leaves()).ok());
}

TEST(CommitHeader, ChecksumCoversEveryByteAndEveryLeaf) {
  const Commit commit = ThreeEvents();
  const std::string bytes =
      EncodeCommitHeader(commit.header, kOrigin, commit.leaves());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(VerifyChecksum(changed, commit.leaves()).ok()) << i;
  }
  for (size_t i = 0; i < 3; ++i) {
    std::vector<Hash> leaves(commit.leaves().begin(), commit.leaves().end());
    leaves[i][0] ^= 1;
    EXPECT_EQ(ReasonOf(VerifyChecksum(bytes, leaves)),
              error::v1::REASON_DAMAGED);
  }
}

TEST(CommitHeader, RefusesOtherFormatsAndRegisters) {
  const Commit commit = ThreeEvents();
  std::string bytes =
      EncodeCommitHeader(commit.header, kOrigin, commit.leaves());
  const auto other = DecodeCommitHeader(bytes, HashOfOrigin("other"));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kFailedPrecondition);
  bytes[0] = 2;
  EXPECT_EQ(ReasonOf(DecodeCommitHeader(bytes, kOrigin).status()),
            error::v1::REASON_FORMAT_NEWER);
  bytes[0] = 0;
  EXPECT_EQ(ReasonOf(DecodeCommitHeader(bytes, kOrigin).status()),
            error::v1::REASON_DAMAGED);
}

TEST(CommitHeader, SurvivesAnyBytes) {
  const Commit commit = ThreeEvents();
  const std::string good =
      EncodeCommitHeader(commit.header, kOrigin, commit.leaves());
  for (size_t n = 0; n < good.size(); ++n) {
    EXPECT_FALSE(DecodeCommitHeader(good.substr(0, n), kOrigin).ok()) << n;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    DecodeCommitHeader(bytes, kOrigin).status().IgnoreError();
  }
}

}  // namespace
}  // namespace samverk

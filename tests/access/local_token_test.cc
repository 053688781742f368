// Local tokens and their file.
#include "services/access/local_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/access/local_token_file.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const absl::Time kEnd = kNow + absl::Hours(24);

TEST(LocalTokens, LetInWhomTheyWereIssuedTo) {
  LocalTokens tokens;
  const auto first = tokens.Issue("subject-1", "mkb", {"projektledare"}, kEnd);
  const auto second =
      tokens.Issue("subject-2", "fgk", {}, absl::InfiniteFuture());
  ASSERT_TRUE(first.ok() && second.ok()) << first.status();
  EXPECT_EQ(first->size(), 56u);
  EXPECT_EQ(first->substr(0, 8), "samverk_");
  EXPECT_NE(*first, *second);

  const Verdict verdict = tokens.Verify(*first, kNow);
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.credential.subject, "subject-1");
  EXPECT_EQ(verdict.credential.organisation, "mkb");
  EXPECT_THAT(verdict.credential.roles, ElementsAre("projektledare"));
  EXPECT_EQ(verdict.credential.expires, kEnd);
  EXPECT_EQ(tokens.Verify(*second, kNow).credential.subject, "subject-2");
}

TEST(LocalTokens, HoldUntilTheirEnd) {
  LocalTokens tokens;
  const std::string token =
      *tokens.Issue("a", "mkb", {}, kEnd + absl::Milliseconds(900));
  EXPECT_EQ(tokens.Verify(token, kEnd - absl::Nanoseconds(1)).refusal,
            Refusal::kNone);
  EXPECT_EQ(tokens.Verify(token, kEnd).refusal, Refusal::kLocalExpired);
  const std::string always =
      *tokens.Issue("b", "mkb", {}, absl::InfiniteFuture());
  EXPECT_EQ(tokens.Verify(always, kNow + absl::Hours(24 * 36'500)).refusal,
            Refusal::kNone);
}

TEST(LocalTokens, TellMistypedFromUnknown) {
  LocalTokens tokens;
  const std::string token = *tokens.Issue("a", "mkb", {}, kEnd);
  const std::string unknown = *LocalTokens().Issue("a", "mkb", {}, kEnd);
  EXPECT_EQ(tokens.Verify(unknown, kNow).refusal, Refusal::kLocalUnknown);
  // Each character replaced by each other one, and each two that are swapped.
  for (size_t i = kLocalTokenPrefix.size(); i < token.size(); ++i) {
    for (const char c : std::string("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO"
                                    "PQRSTUVWXYZ0123456789-_")) {
      std::string other = token;
      other[i] = c;
      if (other == token) continue;
      EXPECT_EQ(tokens.Verify(other, kNow).refusal, Refusal::kLocalMistyped)
          << i << c;
    }
    std::string swapped = token;
    if (i + 1 < token.size()) std::swap(swapped[i], swapped[i + 1]);
    if (swapped != token) {
      EXPECT_EQ(tokens.Verify(swapped, kNow).refusal, Refusal::kLocalMistyped);
    }
  }
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(tokens.Verify(token.substr(0, size), kNow).refusal,
              Refusal::kLocalNotAToken);
  }
  for (const std::string& text :
       {token + "A", token + "\n", " " + token, "Samverk_" + token.substr(8),
        token.substr(0, 55) + "=", token.substr(0, 55) + "+",
        std::string(1 << 20, 'a')}) {
    EXPECT_EQ(tokens.Verify(text, kNow).refusal, Refusal::kLocalNotAToken);
  }
}

TEST(LocalTokens, AreRevoked) {
  LocalTokens tokens;
  const std::string first = *tokens.Issue("a", "mkb", {}, kEnd);
  const std::string second = *tokens.Issue("b", "mkb", {}, kEnd);
  ASSERT_TRUE(tokens.Revoke("a").ok());
  EXPECT_EQ(tokens.Verify(first, kNow).refusal, Refusal::kLocalUnknown);
  EXPECT_EQ(tokens.Verify(second, kNow).refusal, Refusal::kNone);
  EXPECT_EQ(tokens.Revoke("a").code(), absl::StatusCode::kNotFound);
  // The name is free again, and the old token is not.
  ASSERT_TRUE(tokens.Issue("a", "mkb", {}, kEnd).ok());
  EXPECT_EQ(tokens.Verify(first, kNow).refusal, Refusal::kLocalUnknown);
}

TEST(LocalTokens, AreNotIssuedForARoleThatNobodyKnows) {
  LocalTokens tokens;
  const auto refused = tokens.Issue(
      "a", "hgf",
      {"partner@augustenborg", "samverk.finding_loged@augustenborg"}, kEnd);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("samverk.finding_loged@augustenborg"));
  EXPECT_THAT(tokens.entries(), IsEmpty());
  // A file may have it, of a version that knows it, say.
  EXPECT_TRUE(
      tokens.Add({Sha256("t"), "a", "hgf", {"samverk.new"}, kEnd}).ok());
}

TEST(LocalTokens, AreRefusedWithoutAChange) {
  LocalTokens tokens;
  ASSERT_TRUE(tokens.Issue("a", "mkb", {}, kEnd).ok());
  EXPECT_EQ(tokens.Issue("a", "fgk", {}, kEnd).status().code(),
            absl::StatusCode::kAlreadyExists);
  LocalTokenEntry same = tokens.entries()[0];
  same.name = "b";
  EXPECT_EQ(tokens.Add(same).code(), absl::StatusCode::kAlreadyExists);
  const std::vector<std::string> many(kRoles + 1, "partner");
  for (const auto& status :
       {tokens.Issue("", "mkb", {}, kEnd).status(),
        tokens.Issue("A", "mkb", {}, kEnd).status(),
        tokens.Issue("b c", "mkb", {}, kEnd).status(),
        tokens.Issue("b", "", {}, kEnd).status(),
        tokens.Issue("b", "mkb", {""}, kEnd).status(),
        tokens.Issue("b", "mkb", {"-"}, kEnd).status(),
        tokens.Issue("b", "mkb", {"a b"}, kEnd).status(),
        tokens.Issue("b", "mkb", {"a,b"}, kEnd).status(),
        tokens.Issue("b", "mkb", {"a\nb"}, kEnd).status(),
        tokens.Issue("b", "mkb", many, kEnd).status(),
        tokens.Issue("b", "mkb", {}, absl::InfinitePast()).status(),
        tokens.Issue("b", "mkb", {}, kEnd + absl::Hours(1e9)).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  }
  EXPECT_EQ(tokens.entries().size(), 1u);
  for (size_t i = 1; i < kLocalTokens; ++i) {
    ASSERT_TRUE(tokens.Issue(absl::StrCat("n", i), "mkb", {}, kEnd).ok());
  }
  EXPECT_EQ(tokens.Issue("b", "mkb", {}, kEnd).status().code(),
            absl::StatusCode::kResourceExhausted);
}

class LocalTokenFileTest : public testing::Test {
 protected:
  LocalTokenFileTest() {
    token_ = *tokens_.Issue("subject-1", "mkb",
                            {"handläggare", "samverk.cost_booked@augustenborg"},
                            kEnd);
    tokens_.Issue("subject-2", "fgk", {}, absl::InfiniteFuture()).IgnoreError();
  }
  std::string Path() const { return directory_.path() + "/tokens"; }
  std::string Bytes() const {
    std::ifstream file(Path(), std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  }
  void WriteBytes(const std::string& bytes, mode_t mode) const {
    std::ofstream(Path(), std::ios::binary) << bytes;
    chmod(Path().c_str(), mode);
  }

  TemporaryDirectory directory_;
  LocalTokens tokens_;
  std::string token_;
};

TEST_F(LocalTokenFileTest, IsReadAsItWasWritten) {
  EXPECT_THAT(ReadLocalTokens(Path())->entries(), IsEmpty());
  ASSERT_TRUE(WriteLocalTokens(Path(), tokens_).ok());
  struct stat found = {};
  ASSERT_EQ(stat(Path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  const auto read = ReadLocalTokens(Path());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->entries(), tokens_.entries());
  EXPECT_TRUE(read->Verify(token_, kNow).ok());
}

TEST_F(LocalTokenFileTest, HoldsNoToken) {
  const std::string text = FormatLocalTokens(tokens_);
  EXPECT_THAT(text, HasSubstr(" subject-1 mkb handläggare,samverk.cost_booked@"
                              "augustenborg 2023-11-15T22:13:20Z\n"));
  EXPECT_THAT(text, HasSubstr(" subject-2 fgk - never\n"));
  for (size_t i = kLocalTokenPrefix.size(); i + 8 <= token_.size(); ++i) {
    EXPECT_THAT(text, Not(HasSubstr(token_.substr(i, 8))));
  }
}

TEST_F(LocalTokenFileTest, IsItsOwnersAlone) {
  ASSERT_TRUE(WriteLocalTokens(Path(), tokens_).ok());
  for (const mode_t mode : {0640u, 0604u, 0620u, 0602u, 0610u, 0777u}) {
    chmod(Path().c_str(), mode);
    const auto read = ReadLocalTokens(Path());
    EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(read.status().message(), HasSubstr("chmod 600"));
  }
  chmod(Path().c_str(), 0400);
  EXPECT_TRUE(ReadLocalTokens(Path()).ok());
  EXPECT_EQ(ReadLocalTokens(directory_.path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(LocalTokenFileTest, IsReplacedByTheNextDurably) {
  ASSERT_TRUE(WriteLocalTokens(Path(), tokens_).ok());
  ASSERT_TRUE(tokens_.Revoke("subject-1").ok());
  ASSERT_TRUE(WriteLocalTokens(Path(), tokens_).ok());
  EXPECT_EQ(Bytes(), FormatLocalTokens(tokens_));
  EXPECT_EQ(ReadLocalTokens(Path())->Verify(token_, kNow).refusal,
            Refusal::kLocalUnknown);
  EXPECT_FALSE(
      WriteLocalTokens(directory_.path() + "/none/tokens", tokens_).ok());
}

TEST_F(LocalTokenFileTest, HasOneForm) {
  const std::string text = FormatLocalTokens(tokens_);
  ASSERT_TRUE(ParseLocalTokens(text).ok());
  for (size_t size = 0; size < text.size(); ++size) {
    const auto parsed = ParseLocalTokens(text.substr(0, size));
    // What ends after a line is a file with fewer tokens.
    EXPECT_EQ(parsed.ok(), size > 0 && text[size - 1] == '\n') << size;
  }
  for (const auto& wrong :
       {absl::StrReplaceAll(text, {{"tokens 1", "tokens 2"}}),
        absl::StrReplaceAll(text, {{"subject-2", "subject-1"}}),
        absl::StrReplaceAll(text, {{" mkb ", "  mkb "}}),
        absl::StrReplaceAll(text, {{" mkb ", " MKB "}}),
        absl::StrReplaceAll(text, {{" mkb ", "\tmkb "}}),
        absl::StrReplaceAll(text, {{"never", "infinite-future"}}),
        absl::StrReplaceAll(text, {{"never", "never "}}),
        absl::StrReplaceAll(text, {{"22:13:20Z", "22:13:20.5Z"}}),
        absl::StrReplaceAll(text, {{"22:13:20Z", "22:13:60Z"}}),
        absl::StrReplaceAll(text, {{"2023-", "12023-"}}),
        absl::StrReplaceAll(text, {{"handläggare,", "handläggare,,"}}),
        absl::StrReplaceAll(text, {{" - ", "  "}}),
        absl::StrReplaceAll(text, {{"\n", "\r\n"}}), text + "\n",
        text + text.substr(text.find('\n') + 1)}) {
    EXPECT_NE(wrong, text);
    EXPECT_EQ(ParseLocalTokens(wrong).status().code(),
              absl::StatusCode::kInvalidArgument)
        << wrong;
  }
  WriteBytes("nonsense\n", 0600);
  EXPECT_THAT(ReadLocalTokens(Path()).status().message(),
              HasSubstr("put back a copy"));
}

}  // namespace
}  // namespace samverk::access

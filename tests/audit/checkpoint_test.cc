// Checkpoints, with the example of c2sp.org/tlog-checkpoint.
#include "eventstore/audit/checkpoint.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace samverk {
namespace {

constexpr char kText[] =
    "example.com/behind-the-sofa\n20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

NoteSigner Log(const char* name = "malmo.example/augustenborg") {
  return {name, NoteSignatureKind::kEd25519, Ed25519PrivateKey::Generate()};
}

TEST(Checkpoint, IsReadAsItIsWritten) {
  const auto read = ParseCheckpointText(kText);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(read->tree.size, 20'852'163u);
  EXPECT_EQ(CheckpointText(*read), kText);
  const std::string longer = absl::StrCat(kText, "more\nstill more\n");
  const auto extended = ParseCheckpointText(longer);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_EQ(extended->extensions.size(), 2u);
  EXPECT_EQ(CheckpointText(*extended), longer);
}

TEST(Checkpoint, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "a\n", "a\n1\n", "a\n1\nYQ==\n", "\n1\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "a\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nx"}) {
    EXPECT_EQ(ParseCheckpointText(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(Checkpoint, IsOpenedWithTheLogsKey) {
  const NoteSigner log = Log();
  const TreeHead tree{1, LeafHash("x")};
  const SignedCheckpoint made = SignCheckpoint(tree, log);
  const std::string bytes = FormatNote(made.note);
  const auto opened = OpenCheckpoint(bytes, log.Verifier());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->checkpoint, made.checkpoint);
  EXPECT_EQ(opened->checkpoint.origin, log.name);
  EXPECT_EQ(opened->checkpoint.tree, tree);
}

TEST(Checkpoint, IsNotOpenedWithAnother) {
  const NoteSigner log = Log();
  const std::string bytes = FormatNote(SignCheckpoint({}, log).note);
  // The same name and another key: not signed with it.
  EXPECT_EQ(OpenCheckpoint(bytes, Log().Verifier()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  // Another log's.
  EXPECT_EQ(OpenCheckpoint(bytes, Log("other").Verifier()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  // A log that signs for another: its key, another origin.
  SignedNote false_one;
  false_one.text = CheckpointText({"other", {}, {}});
  false_one.signatures = {SignText(false_one.text, log, absl::Now())};
  EXPECT_EQ(
      OpenCheckpoint(FormatNote(false_one), log.Verifier()).status().code(),
      absl::StatusCode::kFailedPrecondition);
  // A note of something else.
  SignedNote letter{"Dear all\n", {}};
  letter.signatures = {SignText(letter.text, log, absl::Now())};
  EXPECT_EQ(OpenCheckpoint(FormatNote(letter), log.Verifier()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace samverk

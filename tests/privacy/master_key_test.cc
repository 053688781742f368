// Master keys: made, read, refused.
#include "services/privacy/master_key.h"

#include <sys/stat.h>
#include <unistd.h>

#include "services/privacy/private_file.h"
#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const MasterKey& key) {
  return std::string(FormatMasterKey(key).view());
}

class MasterKeyTest : public PrivacyTest {
 protected:
  // Expects that the file is refused, with a sentence that says why and what to
  // do, and nothing of the key.
  void ExpectRefused(std::string_view why) {
    const absl::Status refused = ReadMasterKeys(path_).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << why;
    const std::string_view said = ToStd(refused.message());
    EXPECT_NE(said.find(why), std::string::npos) << refused;
    EXPECT_NE(said.find(path_), std::string::npos) << refused;
    EXPECT_NE(said.find("put back"), std::string::npos) << refused;
    ExpectNothingOf(master_, said);
  }
  static void ExpectNothingOf(const MasterKey& key, std::string_view said) {
    const std::string text = TextOf(key);
    const std::string_view digits = std::string_view(text).substr(28);
    for (size_t at = 0; at + 6 <= digits.size(); ++at) {
      EXPECT_EQ(said.find(digits.substr(at, 6)), std::string::npos) << said;
    }
  }
  // The key's file, which others may not read.
  void Put(std::string_view text) {
    WriteBytes(path_, text);
    fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
  }

  const std::string path_ = Outside("master-key");
};

TEST_F(MasterKeyTest, IsMadeOnceAndReadAgain) {
  EXPECT_EQ(ReadMasterKeys(path_).status().code(), absl::StatusCode::kNotFound);
  const auto made = MakeMasterKeyFile(path_);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(fs::status(path_).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(path_ + ".new"));
  const auto read = ReadMasterKeys(path_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->current().bytes().view(), made->current().bytes().view());
  EXPECT_EQ(read->all().size(), 1u);
  // A key is never replaced.
  const std::string before = BytesOf(path_);
  EXPECT_EQ(MakeMasterKeyFile(path_).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(BytesOf(path_), before);
}

TEST_F(MasterKeyTest, IsChangedByANewOneBeforeTheOthers) {
  const auto first = MakeMasterKeyFile(path_);
  const auto both = MakeMasterKeyFile(Outside("next"), *first);
  ASSERT_TRUE(both.ok()) << both.status();
  const auto read = ReadMasterKeys(Outside("next"));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->all().size(), 2u);
  EXPECT_EQ(read->current().id(), both->current().id());
  EXPECT_NE(read->current().id(), first->current().id());
  const KeyId older = first->current().id();
  ASSERT_NE(read->Find(older), nullptr);
  EXPECT_EQ(read->Find(older)->bytes().view(), first->current().bytes().view());
  EXPECT_EQ(read->Find(RandomMasterKey().id()), nullptr);
}

TEST_F(MasterKeyTest, IsReadAsTheHeaderSays) {
  const MasterKey key(SecretBytes::CopyOf(std::string(32, '\0')));
  EXPECT_EQ(TextOf(key), "MASTER+KEY+" + KeyIdText(key.id()) +
                             "+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  const std::string text = absl::StrCat("# of 2031\n\n  ", TextOf(newer_),
                                        "# current\r\n\t", TextOf(master_));
  const auto keys = ParseMasterKeys(text, "the variable X");
  ASSERT_TRUE(keys.ok()) << keys.status();
  ASSERT_EQ(keys->all().size(), 2u);
  EXPECT_EQ(keys->current().id(), newer_.id());
  EXPECT_EQ(keys->Ids(), absl::StrCat(KeyIdText(newer_.id()), ", ",
                                      KeyIdText(master_.id())));
}

TEST_F(MasterKeyTest, IsRefusedWhenOthersMayReadIt) {
  for (const fs::perms perms :
       {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write,
        fs::perms::others_exec}) {
    Put(TextOf(master_));
    ASSERT_TRUE(ReadMasterKeys(path_).ok());
    fs::permissions(path_, perms, fs::perm_options::add);
    ExpectRefused("others than its owner");
  }
}

TEST_F(MasterKeyTest, IsRefusedWhenItIsAnothers) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  Put(TextOf(master_));
  ASSERT_EQ(chown(path_.c_str(), 1, 1), 0);
  ExpectRefused("another user");
}

TEST_F(MasterKeyTest, IsRefusedWhenItIsNoFileOfReasonableSize) {
  const std::string real = Outside("real");
  WriteBytes(real, TextOf(master_));
  fs::permissions(real, fs::perms::owner_read);
  fs::create_symlink(real, path_);
  ExpectRefused("is a link");
  fs::remove(path_);
  fs::create_directory(path_);
  ExpectRefused("is no file");
  fs::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  ExpectRefused("is no file");
  fs::remove(path_);
  Put(std::string((64 << 10) + 1, ' ') + TextOf(master_));
  ExpectRefused("has more than 65536 bytes");
}

TEST_F(MasterKeyTest, SaysWhyItIsNotTakenAndNothingOfIt) {
  const std::string text = TextOf(master_);
  ASSERT_EQ(text.size(), 72u);
  struct {
    std::string text;
    const char* why;
  } cases[] = {
      {"", "has none"},
      {"# nothing", "has none"},
      {text.substr(28), "key 1 what is no master key"},
      {text.substr(0, 71), "key 1 what is no master key"},
      {text + "x", "key 1 what is no master key"},
      {TextOf(newer_) + " " + text.substr(1), "key 2 what is no master key"},
      {text + "\n" + text, "twice"},
  };
  for (const auto& one : cases) {
    Put(one.text);
    ExpectRefused(one.why);
  }
  // Any slip in copying, of id or key.
  for (size_t at = 11; at < 71; ++at) {
    std::string wrong = text;
    wrong[at] = wrong[at] == 'a' ? 'b' : 'a';
    Put(wrong);
    ExpectRefused("key 1");
  }
  std::string many;
  for (size_t n = 0; n <= kMasterKeys; ++n) {
    absl::StrAppend(&many, TextOf(RandomMasterKey()), "\n");
  }
  Put(many);
  ExpectRefused("more than 16 keys");
  const absl::Status variable =
      ParseMasterKeys(text.substr(1), "the variable X").status();
  EXPECT_NE(variable.message().find("the variable X"), std::string::npos);
  ExpectNothingOf(master_, ToStd(variable.message()));
}

TEST_F(MasterKeyTest, FilesThatAreNotFinishedLeaveNothing) {
  {
    const auto file = NewPrivateFile::Create(path_);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Append("half").ok());
  }
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_FALSE(fs::exists(path_ + ".new"));
  // Also when the name is taken meanwhile.
  const auto file = NewPrivateFile::Create(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  WriteBytes(path_, "other");
  EXPECT_EQ((*file)->Finish().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(BytesOf(path_), "other");
  EXPECT_EQ(NewPrivateFile::Create(Outside("none/x")).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(MasterKeyTest, OldOnesAreOverwrittenBeforeTheirNameGoes) {
  const auto old = MakeMasterKeyFile(Outside("old"));
  ASSERT_TRUE(old.ok()) << old.status();
  const auto both = MakeMasterKeyFile(path_, *old);
  ASSERT_TRUE(both.ok()) << both.status();
  const std::string before = BytesOf(path_);
  // What a drop that was cut short has left.
  WriteBytes(path_ + ".new", before);
  // Another name of the same bytes, to see what became of them.
  fs::create_hard_link(path_, Outside("link"));
  const auto dropped = DropOldMasterKeys(path_);
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_EQ(*dropped, 1u);
  EXPECT_FALSE(fs::exists(path_ + ".new"));
  const auto left = ReadMasterKeys(path_);
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->all().size(), 1u);
  EXPECT_EQ(left->current().id(), both->current().id());
  const std::string overwritten = BytesOf(Outside("link"));
  EXPECT_EQ(overwritten.size(), before.size());
  EXPECT_EQ(overwritten.find("MASTER+KEY"), std::string::npos);
  // Again there is nothing to do.
  EXPECT_EQ(*DropOldMasterKeys(path_), 0u);
}

}  // namespace
}  // namespace samverk::privacy

// A directory whose files leave nothing behind.
#include "services/privacy/private_directory.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

class PrivateDirectoryTest : public PrivacyTest {
 protected:
  void OpenDirectory() {
    auto opened = PrivateDirectory::Open(
        Directory(),
        [this](std::string_view operation, const std::string& file) {
          operations_.push_back(absl::StrCat(ToAbsl(operation), " ", file));
          return before_ ? before_(operations_.back()) : 0;
        });
    ASSERT_TRUE(opened.ok()) << opened.status();
    directory_ = *std::move(opened);
  }
  // What was done since the last time.
  std::vector<std::string> Operations() {
    return std::exchange(operations_, {});
  }

  std::vector<std::string> operations_;
  std::function<int(const std::string& operation)> before_;
  std::unique_ptr<PrivateDirectory> directory_;
};

TEST_F(PrivateDirectoryTest, IsMadeForItsOwnerAlone) {
  OpenDirectory();
  ASSERT_TRUE(directory_->Write("a", "bytes").ok());
  EXPECT_EQ(fs::status(Directory()).permissions(), fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(Directory())) {
    EXPECT_EQ(entry.status().permissions(),
              fs::perms::owner_read | fs::perms::owner_write)
        << entry.path();
  }
}

TEST_F(PrivateDirectoryTest, IsRefusedWhenOthersMayEnter) {
  fs::create_directory(Directory());
  for (const fs::perms perms : {fs::perms::group_exec, fs::perms::others_read,
                                fs::perms::group_write}) {
    fs::permissions(Directory(), fs::perms::owner_all | perms);
    const absl::Status refused = PrivateDirectory::Open(Directory()).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find("chmod 700"), std::string::npos);
  }
  fs::permissions(Directory(), fs::perms::owner_all);
  EXPECT_TRUE(PrivateDirectory::Open(Directory()).ok());
  if (geteuid() != 0) return;  // only root can give it away
  ASSERT_EQ(chown(Directory().c_str(), 1, 1), 0);
  EXPECT_EQ(PrivateDirectory::Open(Directory()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(PrivateDirectoryTest, IsRefusedWhenItIsNone) {
  WriteBytes(Directory(), "a file");
  EXPECT_EQ(PrivateDirectory::Open(Directory()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  fs::remove(Directory());
  fs::create_directory(Outside("real"));
  fs::create_directory_symlink(Outside("real"), Directory());
  EXPECT_EQ(PrivateDirectory::Open(Directory()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(PrivateDirectory::Open(Outside("none/keys")).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(PrivateDirectoryTest, IsOpenedByOneAtATime) {
  OpenDirectory();
  EXPECT_REFUSED(PrivateDirectory::Open(Directory()).status(),
                 kFailedPrecondition, IN_USE);
  const auto in_another_process = [&] {
    const pid_t child = fork();
    if (child == 0) _exit(PrivateDirectory::Open(Directory()).ok() ? 0 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(in_another_process(), 1);
  directory_.reset();
  EXPECT_EQ(in_another_process(), 0);
  OpenDirectory();
}

TEST_F(PrivateDirectoryTest, SyncsBeforeAndAfterEveryName) {
  OpenDirectory();
  // What somebody else left is made durable before it is believed.
  EXPECT_TRUE(absl::IsNotFound(directory_->Read("a", 10).status()));
  EXPECT_EQ(Operations(), std::vector<std::string>({"sync directory ."}));
  ASSERT_TRUE(directory_->Write("a", "old").ok());
  EXPECT_EQ(Operations(), std::vector<std::string>(
                              {"create a.new", "write a.new", "sync a.new",
                               "rename a.new", "sync directory ."}));
  ASSERT_TRUE(directory_->Replace("a", "new").ok());
  EXPECT_EQ(Operations(),
            std::vector<std::string>(
                {"create a.new", "write a.new", "sync a.new", "exchange a.new",
                 "sync directory .", "overwrite a.new", "sync a.new",
                 "unlink a.new", "sync directory ."}));
  EXPECT_EQ(*directory_->Read("a", 10), "new");
  EXPECT_EQ(Operations(), std::vector<std::string>());
  ASSERT_TRUE(directory_->Wipe("a").ok());
  EXPECT_EQ(Operations(),
            std::vector<std::string>(
                {"overwrite a", "sync a", "unlink a", "sync directory ."}));
  ASSERT_TRUE(directory_->Wipe("a").ok());
  EXPECT_EQ(Operations(), std::vector<std::string>());
  EXPECT_TRUE(directory_->Files()->empty());
}

// What another name keeps of a file shows what became of its bytes.
TEST_F(PrivateDirectoryTest, OverwritesWhatLosesItsName) {
  OpenDirectory();
  const std::string secret(10'000, 's');
  const auto keep = [&](const char* file) {
    fs::create_hard_link(Directory() + "/" + file, Outside("kept"));
  };
  const auto expect_overwritten = [&] {
    const std::string kept = BytesOf(Outside("kept"));
    EXPECT_EQ(kept.size(), secret.size());
    EXPECT_FALSE(HasPartOf(kept, secret.substr(0, 16)));
    fs::remove(Outside("kept"));
  };
  ASSERT_TRUE(directory_->Write("a", secret).ok());
  keep("a");
  ASSERT_TRUE(directory_->Wipe("a").ok());
  expect_overwritten();

  ASSERT_TRUE(directory_->Write("a", secret).ok());
  keep("a");
  ASSERT_TRUE(directory_->Replace("a", "new").ok());
  expect_overwritten();

  // Left by a write that was cut short.
  WriteBytes(Directory() + "/a.new", secret);
  keep("a.new");
  ASSERT_TRUE(directory_->Replace("a", "newer").ok());
  expect_overwritten();
  WriteBytes(Directory() + "/a.new", secret);
  keep("a.new");
  ASSERT_TRUE(directory_->Wipe("a").ok());
  expect_overwritten();

  // A write that fails.
  before_ = [&](const std::string& operation) {
    if (operation == "rename a.new") keep("a.new");
    return operation == "rename a.new" ? EIO : 0;
  };
  EXPECT_EQ(directory_->Write("a", secret).code(),
            absl::StatusCode::kUnavailable);
  expect_overwritten();
  EXPECT_TRUE(directory_->Files()->empty());
}

TEST_F(PrivateDirectoryTest, LeavesAllAsItIsWhenItCannotWrite) {
  OpenDirectory();
  ASSERT_TRUE(directory_->Write("a", "old").ok());
  for (const char* failing :
       {"create a.new", "write a.new", "sync a.new", "exchange a.new"}) {
    for (const int error : {ENOSPC, EDQUOT, EIO}) {
      bool failed = false;
      before_ = [&](const std::string& operation) {
        if (failed || operation != failing) return 0;
        failed = true;
        return error;
      };
      const absl::Status refused = directory_->Replace("a", "new");
      if (error == EIO) {
        EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
      } else {
        EXPECT_REFUSED(refused, kResourceExhausted, DISK_FULL);
      }
      EXPECT_TRUE(failed);
      EXPECT_EQ(*directory_->Read("a", 10), "old");
      EXPECT_EQ(directory_->Files()->size(), 1u) << failing;
    }
  }
  before_ = [&](const std::string& operation) {
    return operation == "exchange a.new" ? EINVAL : 0;
  };
  const absl::Status refused = directory_->Replace("a", "new");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find("cannot exchange"), std::string::npos);
  EXPECT_EQ(*directory_->Read("a", 10), "old");
}

TEST_F(PrivateDirectoryTest, BelievesNoNameThatIsNotDurable) {
  OpenDirectory();
  bool broken = true;
  before_ = [&](const std::string& operation) {
    return broken && operation == "sync directory ." ? EIO : 0;
  };
  EXPECT_EQ(directory_->Write("a", "bytes").code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(directory_->Read("a", 10).status().code(),
            absl::StatusCode::kUnavailable);
  broken = false;
  EXPECT_EQ(*directory_->Read("a", 10), "bytes");
}

TEST_F(PrivateDirectoryTest, ReadsFilesAloneAndNotTooLongOnes) {
  OpenDirectory();
  ASSERT_TRUE(directory_->Write("a", "1234567890").ok());
  EXPECT_EQ(*directory_->Read("a", 10), "1234567890");
  EXPECT_REFUSED(directory_->Read("a", 9).status(), kDataLoss, DAMAGED);
  fs::create_symlink(Directory() + "/a", Directory() + "/link");
  EXPECT_REFUSED(directory_->Read("link", 10).status(), kDataLoss, DAMAGED);
  EXPECT_FALSE(directory_->Wipe("link").ok());
  fs::create_directory(Directory() + "/d");
  EXPECT_REFUSED(directory_->Read("d", 10).status(), kDataLoss, DAMAGED);
  EXPECT_FALSE(directory_->Wipe("d").ok());
  ASSERT_EQ(mkfifo((Directory() + "/pipe").c_str(), 0600), 0);
  EXPECT_REFUSED(directory_->Read("pipe", 10).status(), kDataLoss, DAMAGED);
  EXPECT_FALSE(directory_->Wipe("pipe").ok());
  EXPECT_EQ(*directory_->Read("a", 10), "1234567890");
}

}  // namespace
}  // namespace samverk::privacy

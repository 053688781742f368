// What the server keeps to itself: its memory and its files.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

mode_t ModeOf(const std::string& path) {
  struct stat at;
  EXPECT_EQ(stat(path.c_str(), &at), 0) << path;
  return at.st_mode & 0777;
}

class Private : public testing::Test {
 protected:
  std::string Data() const { return directory_.path() + "/data"; }
  // A file of the server's process.
  static std::string Proc(RunningServer& server, const char* file) {
    return ReadFile(absl::StrCat("/proc/", server.process().pid(), "/", file));
  }

  TemporaryDirectory directory_;
};

TEST_F(Private, ItsMemoryGoesIntoNoCoreFile) {
  RunningServer server(Data());
  bool found = false;
  for (const std::string& line : Lines(Proc(server, "limits"))) {
    if (!absl::StartsWith(line, "Max core file size")) continue;
    found = true;
    EXPECT_TRUE(Has(line, " 0  ")) << line;
    EXPECT_FALSE(Has(line, "unlimited")) << line;
  }
  EXPECT_TRUE(found);
  // Not dumpable: what /proc has of it is root's.
  struct stat at;
  ASSERT_EQ(
      stat(absl::StrCat("/proc/", server.process().pid(), "/environ").c_str(),
           &at),
      0);
  EXPECT_EQ(at.st_uid, 0u);
}

TEST_F(Private, NobodyElseReadsItsFiles) {
  // From before that was so.
  fs::create_directories(Data());
  chmod(Data().c_str(), 0755);
  RunningServer server(Data());
  server.RecordDemo();
  EXPECT_EQ(server.Samverk({"backup"}).status, 0);
  EXPECT_EQ(server.Samverk({"personal", "backup-keys"}).status, 0);
  EXPECT_EQ(server.Stop().status, 0);
  EXPECT_EQ(ModeOf(Data()), 0700u);
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(Data())) {
    EXPECT_EQ(ModeOf(entry.path()) & 0077, 0u) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 20);
  // Those who may can go on with it.
  const Outcome checked =
      RunProgram({SAMVERK_PROGRAM, "fsck", "--data", Data()});
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
}

TEST_F(Private, TheMasterKeyIsTakenOutOfItsEnvironment) {
  {
    RunningServer first(Data());
    EXPECT_EQ(first.Stop().status, 0);
  }
  const std::string key =
      Lines(ReadFile(Data() + "/secrets/master-key")).front();
  fs::remove(Data() + "/secrets/master-key");
  ASSERT_TRUE(absl::StartsWith(key, "MASTER+KEY+")) << key;
  const Environment environment = {{"SAMVERK_MASTER_KEY", key},
                                   {"AFTER_IT", "stays"}};
  {
    RunningServer server(Data(), {}, environment);
    const std::string shown = Proc(server, "environ");
    EXPECT_FALSE(Has(shown, "MASTER+KEY+"));
    EXPECT_TRUE(Has(shown, "AFTER_IT=stays") || geteuid() != 0);
    // It has the key all the same.
    EXPECT_EQ(server.Samverk({"personal", "backup-keys"}).status, 0);
    EXPECT_EQ(server.Stop().status, 0);
  }
  RunningServer again(Data(), {}, environment);
  EXPECT_EQ(again.Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e

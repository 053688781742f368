// Backup, restore, check and drill through the built programs.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

Outcome Samverk(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {SAMVERK_PROGRAM, "--lang", "en"});
  return RunProgram(arguments);
}

class BackupProgramsTest : public testing::Test {
 protected:
  std::string data() const { return directory_.path() + "/data"; }
  std::string backups() const { return directory_.path() + "/backups"; }
  std::string Beside(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  // A line for the one who asked, and nothing else.
  static void ExpectSentence(const Outcome& outcome, const std::string& part,
                             int status = 1) {
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(Lines(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(Has(outcome.err, part)) << outcome.err;
  }

  TemporaryDirectory directory_{TemporaryDirectory::InMemory()};
};

TEST_F(BackupProgramsTest, ABackupIsRestoredServedAndTheSame) {
  RunningServer server(data(), {"--backups", backups()});
  server.RecordDemo();
  const Outcome none = server.Samverk({"--lang", "en", "backup", "list"});
  EXPECT_EQ(none.status, 0) << none.err;
  const Outcome made = server.Samverk({"--lang", "en", "backup"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_TRUE(Has(made.out, absl::StrCat("backup 1 up to #", DemoEvents())))
      << made.out;
  EXPECT_TRUE(Has(made.out, backups())) << made.out;
  EXPECT_EQ(server.Samverk({"backup", "--keep", "2"}).status, 0);
  EXPECT_EQ(server.Samverk({"backup", "--keep", "2"}).status, 0);
  const Outcome list = server.Samverk({"--lang", "en", "backup", "list"});
  EXPECT_EQ(list.status, 0) << list.err;
  EXPECT_FALSE(Has(list.out, "\n     1")) << list.out;
  EXPECT_TRUE(Has(list.out, "     3")) << list.out;
  EXPECT_TRUE(Has(list.err, backups())) << list.err;

  const Outcome checked = Samverk({"restore", "--from", backups(), "--check"});
  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_TRUE(Has(checked.out, "backup 3 of \"samverk\" is whole"))
      << checked.out;
  const Outcome restored =
      Samverk({"restore", "--from", backups(), "--data", Beside("new")});
  EXPECT_EQ(restored.status, 0) << restored.err;
  EXPECT_TRUE(
      Has(restored.out, absl::StrCat("is restored up to #", DemoEvents())))
      << restored.out;
  const Outcome fsck = Samverk({"fsck", "--data", Beside("new")});
  EXPECT_EQ(fsck.status, 0) << fsck.out << fsck.err;
  EXPECT_TRUE(Has(fsck.out, "nothing is wrong")) << fsck.out;

  RunningServer again(Beside("new"));
  const auto report = [](RunningServer& one) {
    return one
        .Samverk({"report", "--process", "augustenborg", "--period", "2025"})
        .out;
  };
  EXPECT_FALSE(report(server).empty());
  EXPECT_EQ(report(again), report(server));
  EXPECT_EQ(again.Stop().status, 0);
  EXPECT_EQ(Samverk({"fsck", "--data", Beside("new")}).status, 0);
}

TEST_F(BackupProgramsTest, TheDrillSaysOkAndLeavesNothingBehind) {
  RunningServer server(data());
  server.RecordDemo();
  fs::create_directories(Beside("work"));
  const std::vector<std::string> drill = {"deploy/restore_drill.sh", "--server",
                                          server.address(), "--work",
                                          Beside("work")};
  Environment environment = {
      {"SAMVERK_BIN", fs::path(SAMVERK_PROGRAM).parent_path().string()}};
  const Outcome outcome = RunProgram(drill, "", environment);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  ASSERT_EQ(Lines(outcome.out).size(), 1u) << outcome.out;
  EXPECT_TRUE(Has(outcome.out,
                  absl::StrCat("OK backup 1: head ", DemoEvents(), ", root ")))
      << outcome.out;
  EXPECT_TRUE(Has(outcome.out, "report of augustenborg")) << outcome.out;
  EXPECT_TRUE(fs::is_empty(Beside("work")));
  // The server goes on.
  EXPECT_EQ(server.Samverk({"status"}).status, 0);

  // A backup that was damaged since is not one.
  for (const auto& entry :
       fs::recursive_directory_iterator(data() + "/backups/private")) {
    if (entry.path().extension() != ".log" || entry.file_size() < 100) continue;
    fs::resize_file(entry.path(), entry.file_size() - 50);
  }
  const Outcome damaged = Samverk(
      {"restore", "--from", data() + "/backups", "--number", "1", "--check"});
  ExpectSentence(damaged, "DAMAGED");
}

TEST_F(BackupProgramsTest, TheDrillFailsWithASentence) {
  const Environment environment = {
      {"SAMVERK_BIN", fs::path(SAMVERK_PROGRAM).parent_path().string()}};
  {
    const Outcome nobody =
        RunProgram({"deploy/restore_drill.sh", "--server", "127.0.0.1:1"}, "",
                   environment);
    EXPECT_EQ(nobody.status, 1);
    EXPECT_EQ(nobody.out, "");
    EXPECT_TRUE(Has(nobody.err, "the server made no backup")) << nobody.err;
  }
  RunningServer server(data());
  const Outcome empty =
      RunProgram({"deploy/restore_drill.sh", "--server", server.address()}, "",
                 environment);
  EXPECT_EQ(empty.status, 1);
  EXPECT_TRUE(Has(empty.err, "the register is empty")) << empty.err;
}

TEST_F(BackupProgramsTest, RestoresToAPosition) {
  {
    RunningServer server(data(), {"--backups", backups()});
    server.RecordDemo();
    EXPECT_EQ(server.Samverk({"backup"}).status, 0);
  }
  // The first file of the demo was recorded as one batch.
  const size_t first = Lines(ReadFile(DemoFiles()[0])).size();
  const Outcome cut =
      Samverk({"--json", "restore", "--from", backups(), "--data",
               Beside("cut"), "--to", absl::StrCat(first)});
  EXPECT_EQ(cut.status, 0) << cut.err;
  EXPECT_TRUE(Has(cut.out, absl::StrCat("\"position\":\"", first, "\"")))
      << cut.out;
  EXPECT_EQ(Samverk({"fsck", "--data", Beside("cut")}).status, 0);
  ExpectSentence(Samverk({"restore", "--from", backups(), "--data",
                          Beside("within"), "--to", "2"}),
                 absl::StrCat("restore to ", first));
  EXPECT_FALSE(fs::exists(Beside("within")));
  ExpectSentence(
      Samverk({"restore", "--from", backups(), "--data", Beside("beyond"),
               "--to", "999999"}),
      absl::StrCat("beyond the end of backup 1, which is ", DemoEvents()));
  EXPECT_FALSE(fs::exists(Beside("beyond")));
}

TEST_F(BackupProgramsTest, WhatCannotBeDoneIsSaidInOneSentence) {
  {
    RunningServer server(data(), {"--backups", backups()});
    server.RecordDemo();
    EXPECT_EQ(server.Samverk({"backup"}).status, 0);
    ExpectSentence(Samverk({"fsck", "--data", data()}), "IN_USE");
  }
  const std::string nowhere = Beside("nowhere");
  ExpectSentence(
      Samverk({"restore", "--from", nowhere, "--data", Beside("new")}),
      "holds no backups");
  ExpectSentence(Samverk({"restore", "--from", backups(), "--data",
                          Beside("new"), "--number", "9"}),
                 "has no backup 9; it has 1");
  ExpectSentence(Samverk({"restore", "--from", backups(), "--data", data()}),
                 "is not an empty directory");
  ExpectSentence(Samverk({"fsck", "--data", nowhere}), "holds no register");
  EXPECT_EQ(Samverk({"restore", "--from", backups()}).status, 2);
  EXPECT_EQ(Samverk({"restore", "--data", Beside("new")}).status, 2);
  EXPECT_EQ(Samverk({"restore", "--from", backups(), "--data", Beside("new"),
                     "--number", "-1"})
                .status,
            2);
  EXPECT_EQ(Samverk({"restore", "--from", backups(), "--data", Beside("new"),
                     "--to", "0"})
                .status,
            2);
  EXPECT_EQ(Samverk({"fsck"}).status, 2);
  EXPECT_EQ(Samverk({"backup", "--keep", "0"}).status, 2);
  EXPECT_FALSE(fs::exists(Beside("new")));
}

TEST_F(BackupProgramsTest, ARestoreThatWasCutShortIsRecognised) {
  {
    RunningServer server(data(), {"--backups", backups()});
    server.RecordDemo();
    EXPECT_EQ(server.Samverk({"backup"}).status, 0);
  }
  fs::create_directories(Beside("new") + "/log.restoring/whole/rocksdb");
  std::ofstream(Beside("new") + "/log.restoring/whole/rocksdb/CURRENT") << "x";
  const Outcome refused = TryServer(
      {"--data", Beside("new"), "--grpc", "127.0.0.1:0", "--http", "none"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "a restore that was cut short")) << refused.err;
  const Outcome restored =
      Samverk({"restore", "--from", backups(), "--data", Beside("new")});
  EXPECT_EQ(restored.status, 0) << restored.err;
  EXPECT_EQ(Samverk({"fsck", "--data", Beside("new")}).status, 0);
}

TEST_F(BackupProgramsTest, DamagedViewsAreFoundAndBuiltAgain) {
  {
    RunningServer server(data());
    server.RecordDemo();
    EXPECT_EQ(server.Samverk({"show", "budget", "-p", "augustenborg"}).status,
              0);
    EXPECT_EQ(server.Stop().status, 0);
  }
  const Outcome fine = Samverk({"fsck", "--data", data()});
  EXPECT_EQ(fine.status, 0) << fine.out << fine.err;
  EXPECT_FALSE(Has(fine.out, " 0 view entries")) << fine.out;
  std::string table;
  for (const auto& entry : fs::directory_iterator(data() + "/views")) {
    if (entry.path().extension() == ".sst") table = entry.path().string();
  }
  ASSERT_FALSE(table.empty());
  {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.write("damaged", 7);
  }
  const Outcome damaged = Samverk({"fsck", "--data", data()});
  EXPECT_EQ(damaged.status, 1) << damaged.err;
  EXPECT_TRUE(Has(damaged.out, "view: ")) << damaged.out;
  EXPECT_TRUE(Has(damaged.out, "--repair")) << damaged.out;
  const Outcome mended = Samverk({"fsck", "--data", data(), "--repair"});
  EXPECT_EQ(mended.status, 0) << mended.out << mended.err;
  EXPECT_TRUE(Has(mended.out, "mended")) << mended.out;
  RunningServer server(data());
  EXPECT_EQ(server.Samverk({"show", "budget", "-p", "augustenborg"}).status, 0);
}

TEST_F(BackupProgramsTest, ViewsOfALogThatLostItsEndAreFound) {
  {
    RunningServer server(data(), {"--backups", backups()});
    server.RecordDemo();
    EXPECT_EQ(server.Samverk({"show", "budget", "-p", "augustenborg"}).status,
              0);
    EXPECT_EQ(server.Samverk({"backup"}).status, 0);
    EXPECT_EQ(server.Stop().status, 0);
  }
  // As if only the log had been put back, from an older backup.
  const size_t first = Lines(ReadFile(DemoFiles()[0])).size();
  EXPECT_EQ(Samverk({"restore", "--from", backups(), "--data", Beside("new"),
                     "--to", absl::StrCat(first)})
                .status,
            0);
  fs::rename(data() + "/views", Beside("new") + "/views");
  const Outcome found = Samverk({"fsck", "--data", Beside("new")});
  EXPECT_EQ(found.status, 1) << found.err;
  EXPECT_TRUE(Has(found.out, absl::StrCat("expected events up to ", first)))
      << found.out;
  EXPECT_EQ(Samverk({"fsck", "--data", Beside("new"), "--repair"}).status, 0);
}

}  // namespace
}  // namespace samverk::e2e

// Starts that fail: one clear sentence, exit status 1, and data as it was. And
// those that look alike but are not failures.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

// Fails as it should: the last line is one sentence that has all the parts.
void ExpectSentence(const Outcome& outcome,
                    const std::vector<std::string>& parts) {
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  const std::string sentence = LastLine(outcome.err);
  EXPECT_EQ(sentence.rfind("samverkd: ", 0), 0u) << outcome.err;
  for (const std::string& part : parts) {
    EXPECT_TRUE(Has(sentence, part)) << "\"" << part << "\" is missing in\n"
                                     << outcome.err;
  }
}

// Every file under a directory with its content.
std::map<std::string, std::string> ContentOf(const std::string& directory) {
  std::map<std::string, std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      content[entry.path().string()] = ReadFile(entry.path().string());
    }
  }
  return content;
}

class ServerStart : public testing::Test {
 protected:
  std::string Data() const { return directory_.path() + "/data"; }
  Outcome Try(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"--data", Data(),  //
                                          "--grpc", "127.0.0.1:0",
                                          "--http", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return TryServer(arguments);
  }

  TemporaryDirectory directory_;
};

TEST_F(ServerStart, ASecondServerOnTheDirectory) {
  RunningServer first(Data());
  first.RecordDemo();
  ExpectSentence(Try(), {Data(), "in use"});
  EXPECT_EQ(first.Samverk({"show", "budget", "-p", "augustenborg"}).status, 0);
  EXPECT_EQ(first.Stop().status, 0);
}

TEST_F(ServerStart, APortThatIsInUse) {
  RunningServer first(Data());
  const std::string other = directory_.path() + "/other";
  const auto root = [](const RunningServer& server) {
    const std::string status = server.Samverk({"status", "--json"}).out;
    const size_t at = status.find("\"root\":\"");
    return status.substr(at, status.find(',', at) - at);
  };
  std::string before;
  {
    RunningServer second(other);
    second.RecordDemo();
    before = root(second);
    EXPECT_EQ(second.Stop().status, 0);
  }
  const Outcome outcome =
      TryServer({"--data", other, "--grpc", first.address(), "--http", "none"});
  ExpectSentence(outcome, {first.address(), "--grpc"});
  // The directory can be served elsewhere, and holds what it held.
  RunningServer second(other);
  EXPECT_EQ(root(second), before);
  EXPECT_EQ(second.Stop().status, 0);
}

TEST_F(ServerStart, ANewerFormat) {
  {
    RunningServer server(Data());
    server.RecordDemo();
    EXPECT_EQ(server.Stop().status, 0);
  }
  std::string marker;
  for (const auto& [path, content] : ContentOf(Data())) {
    if (fs::path(path).filename() == "FORMAT") marker = path;
  }
  ASSERT_FALSE(marker.empty());
  const std::string current = ReadFile(marker);
  std::ofstream(marker) << "samverk log 99\n";
  const auto before = ContentOf(Data());
  ExpectSentence(Try(), {"format 99", "nothing was changed"});
  EXPECT_EQ(ContentOf(Data()), before);
  std::ofstream(marker) << current;
  RunningServer again(Data());
  EXPECT_TRUE(Has(again.greeting(), absl::StrCat("head ", DemoEvents())))
      << again.greeting();
}

TEST_F(ServerStart, ADirectoryThatIsNone) {
  std::ofstream(Data()) << "a file";
  ExpectSentence(Try(), {Data(), "is a file"});
  EXPECT_EQ(ReadFile(Data()), "a file");
}

TEST_F(ServerStart, ADirectoryOfSomebodyElse) {
  fs::create_directory(Data());
  std::ofstream(Data() + "/letter.txt") << "dear";
  ExpectSentence(Try(), {Data(), "other files"});
  EXPECT_EQ(ContentOf(Data()).size(), 1u);
}

TEST_F(ServerStart, AnHttpPortThatIsInUse) {
  RunningServer first(Data());
  const std::string greeting = first.greeting();
  const size_t from = greeting.find("http://") + 7;
  const std::string taken =
      greeting.substr(from, greeting.find('/', from) - from);
  ExpectSentence(TryServer({"--data", directory_.path() + "/other", "--grpc",
                            "127.0.0.1:0", "--http", taken}),
                 {taken, "--http"});
}

TEST_F(ServerStart, ADirectoryThatCannotBeWrittenTo) {
  if (geteuid() == 0) {
    // Nothing stops root but a file system that is not writable.
    ExpectSentence(TryServer({"--data", "/proc/samverk"}), {"/proc/samverk"});
    return;
  }
  fs::create_directory(Data());
  fs::permissions(Data(), fs::perms::owner_read | fs::perms::owner_exec);
  ExpectSentence(Try(), {Data(), "cannot be written"});
}

TEST_F(ServerStart, WhatIsAskedForOnTheCommandLine) {
  ExpectSentence(TryServer({}), {"--data"});
  ExpectSentence(TryServer({"--data", Data(), "--grpc", "0.0.0.0:7443"}),
                 {"loopback", "0.0.0.0"});
  ExpectSentence(TryServer({"--data", Data(), "--grpc", "7443"}),
                 {"HOST:PORT"});
  ExpectSentence(TryServer({"--data", Data(), "--http", "0.0.0.0:80"}),
                 {"loopback", "0.0.0.0"});
  ExpectSentence(TryServer({"--data", Data(), "--http", "nowhere"}),
                 {"nowhere", "HOST:PORT"});
  EXPECT_EQ(TryServer({"--nonsense"}).status, 2);
  EXPECT_FALSE(fs::exists(Data()));
}

TEST_F(ServerStart, TheConfigurationFile) {
  const std::string config = directory_.path() + "/samverkd.toml";
  const auto start = [&](const std::string& text) {
    std::ofstream(config) << text;
    return TryServer({"--config", config, "--data", Data()});
  };
  ExpectSentence(start("grpc = \"127.0.0.1:0\"\nraw_stroe = true\n"),
                 {config + ":2", "raw_stroe"});
  ExpectSentence(start("drain_seconds = \"5\"\n"), {config + ":1", "drain"});
  ExpectSentence(start("grpc = \n"), {config + ":1"});
  for (const char* text :
       {"[[[", "[.]", "= 1\n", "\x80\xff", "a = [1,", "\"\"\""}) {
    ExpectSentence(start(text), {config});
  }
  ExpectSentence(TryServer({"--config", directory_.path() + "/none"}),
                 {"/none"});
  EXPECT_FALSE(fs::exists(Data()));

  std::ofstream(config) << "register = \"test.example/r\"\nraw_store = true\n";
  RunningServer server(Data(), {"--config", config});
  EXPECT_TRUE(Has(server.greeting(), "test.example/r")) << server.greeting();
}

TEST_F(ServerStart, TheNameOfTheRegisterNeverChanges) {
  {
    RunningServer server(Data(), {"--register", "test.example/one"});
    EXPECT_EQ(server.Stop().status, 0);
  }
  ExpectSentence(Try({"--register", "test.example/two"}),
                 {"test.example/one", "test.example/two"});
  RunningServer again(Data());
  EXPECT_TRUE(Has(again.greeting(), "test.example/one")) << again.greeting();
}

TEST_F(ServerStart, AfterAFirstStartThatWasCutShort) {
  fs::create_directories(Data() + "/log/rocksdb");
  RunningServer server(Data());
  EXPECT_TRUE(Has(server.greeting(), "register \"samverk\""))
      << server.greeting();
}

TEST_F(ServerStart, ADamagedLogIsRefusedUntilItsLossIsAccepted) {
  {
    RunningServer server(Data(), {"--demo"});
    EXPECT_EQ(server.Stop().status, 0);
  }
  // A bit in the midst of the write-ahead log.
  std::string log;
  for (const auto& entry : fs::directory_iterator(Data() + "/log/rocksdb")) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0) {
      log = entry.path().string();
    }
  }
  std::string bytes = ReadFile(log);
  ASSERT_GT(bytes.size(), 10'000u);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(log, std::ios::binary) << bytes;
  ExpectSentence(Try(), {"write-ahead log", "damaged", "rebuild"});
  EXPECT_EQ(ReadFile(log), bytes);
  RunningServer server(Data(), {"--rebuild"});
  EXPECT_EQ(server.Samverk({"status"}).status, 0);
  EXPECT_FALSE(Has(server.greeting(), absl::StrCat("head ", DemoEvents())))
      << server.greeting();
}

TEST_F(ServerStart, TheDemoIsRecordedOnceAndThenLeftAlone) {
  {
    RunningServer server(Data(), {"--demo"});
    EXPECT_TRUE(Has(server.greeting(), absl::StrCat("head ", DemoEvents())))
        << server.greeting();
    EXPECT_EQ(server.Stop().status, 0);
  }
  RunningServer again(Data(), {"--demo"});
  EXPECT_TRUE(Has(again.greeting(), absl::StrCat("head ", DemoEvents())))
      << again.greeting();
}

TEST_F(ServerStart, TheDemoIsCompletedWhenAStartWasInterrupted) {
  {
    // As far as a start comes that is killed after the first file.
    RunningServer server(Data());
    ASSERT_EQ(server.Samverk({"record", DemoFiles()[0]}).status, 0);
    server.Kill();
  }
  RunningServer again(Data(), {"--demo"});
  EXPECT_TRUE(Has(again.greeting(), absl::StrCat("head ", DemoEvents())))
      << again.greeting();
}

TEST_F(ServerStart, TheDemoOfAnotherVersionIsNotMixedIn) {
  {
    RunningServer server(Data());
    std::string text = ReadFile(DemoFiles()[0]);
    const std::string name = "Ekostaden Augustenborg";
    text.replace(text.find(name), name.size(), "Ekostaden");
    ASSERT_EQ(server.Samverk({"record", "-"}, text).status, 0);
    EXPECT_EQ(server.Stop().status, 0);
  }
  ExpectSentence(Try({"--demo"}), {"demo file", "other events", "--demo"});
}

TEST_F(ServerStart, AnIdleServerIsSmall) {
  RunningServer server(Data(), {"--demo"});
  EXPECT_EQ(server.Samverk({"report", "-p", "augustenborg", "--period", "2025"})
                .status,
            0);
  const std::string status =
      ReadFile(absl::StrCat("/proc/", server.process().pid(), "/status"));
  const size_t at = status.find("VmRSS:");
  ASSERT_NE(at, std::string::npos);
  const long resident_kb = std::stol(status.substr(at + 6));
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "resident " << resident_kb << " kB, of which most is ASan's";
#endif
  EXPECT_LT(resident_kb, 100'000);
}

// A small file system of its own, where that is permitted.
class FullDisk : public ServerStart {
 protected:
  void SetUp() override {
    mounted_ =
        mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=192m") == 0;
    if (!mounted_) GTEST_SKIP() << "mounting a file system is not permitted";
  }
  void TearDown() override {
    if (mounted_) umount2(directory_.path().c_str(), MNT_DETACH);
  }
  void Fill() const {
    std::ofstream file(directory_.path() + "/ballast", std::ios::binary);
    const std::string block(1 << 16, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size()))
               .flush()) {
    }
  }
  void MakeRoom() const { fs::remove(directory_.path() + "/ballast"); }

  bool mounted_ = false;
};

TEST_F(FullDisk, RefusesToStartInOneSentence) {
  Fill();
  ExpectSentence(Try(), {Data(), "full"});
  MakeRoom();
  {
    RunningServer server(Data());
    server.RecordDemo();
    EXPECT_EQ(server.Stop().status, 0);
  }
  const auto before = ContentOf(Data());
  Fill();
  ExpectSentence(Try(), {Data(), "full"});
  EXPECT_EQ(ContentOf(Data()), before);
  MakeRoom();
  RunningServer again(Data());
  EXPECT_TRUE(Has(again.greeting(), absl::StrCat("head ", DemoEvents())))
      << again.greeting();
}

TEST_F(FullDisk, RefusesToRecordAndGoesOnReading) {
  RunningServer server(Data());
  server.RecordDemo();
  const Outcome before =
      server.Samverk({"report", "-p", "augustenborg", "--period", "2025"});
  ASSERT_EQ(before.status, 0) << before.err;
  Fill();
  const Outcome refused = server.Samverk(
      {"--lang", "en", "record", "-"},
      R"({"id":"018bcfe5-6800-7000-8000-00000000000a",)"
      R"("process":"augustenborg","recorded_by":{"organisation":"mkb",)"
      R"("role":"projektledare","subject":"p-1"},)"
      R"("goal_set":{"goal":"g-1","text":"Tryggare kvällar"}})");
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "disk")) << refused.err;
  const Outcome during =
      server.Samverk({"report", "-p", "augustenborg", "--period", "2025"});
  EXPECT_EQ(during.status, 0) << during.err;
  EXPECT_EQ(during.out, before.out);
  MakeRoom();
  EXPECT_EQ(server.Stop().status, 0);
  RunningServer again(Data());
  EXPECT_TRUE(Has(again.greeting(), absl::StrCat("head ", DemoEvents())))
      << again.greeting();
  EXPECT_EQ(
      again.Samverk({"report", "-p", "augustenborg", "--period", "2025"}).out,
      before.out);
}

}  // namespace
}  // namespace samverk::e2e

// What the server keeps to itself: its memory, its files, its attention.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
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

// A call of grpc.health.v1's Watch.
class Watch {
 public:
  explicit Watch(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(channel) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(1)));
    call_ =
        stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(this);
    Next();
    const grpc::Slice nothing;
    call_->WriteLast(grpc::ByteBuffer(&nothing, 1), grpc::WriteOptions(), this);
    Next();
    grpc::ByteBuffer status;
    call_->Read(&status, this);
    watches_ = Next();
  }
  ~Watch() { End(); }
  bool watches() const { return watches_; }
  void End() {
    if (call_ == nullptr) return;
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    Next();
    call_ = nullptr;
    queue_.Shutdown();
  }

 private:
  bool Next() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  bool watches_ = false;
};

TEST_F(Private, WatchesOfItsHealthAreBounded) {
  constexpr size_t kMost = 256;
  RunningServer server(Data());
  const auto channel =
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials());
  std::vector<std::unique_ptr<Watch>> watches;
  for (size_t i = 0; i < kMost; ++i) {
    watches.push_back(std::make_unique<Watch>(channel));
    ASSERT_TRUE(watches.back()->watches()) << i;
  }
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Watch(channel).watches());
  // What is no stream goes on, and one that ends makes room.
  EXPECT_EQ(server.Samverk({"status"}).status, 0);
  watches.pop_back();
  bool room = false;
  for (int i = 0; i < 500 && !room; ++i) {
    room = Watch(channel).watches();
    if (!room) absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_TRUE(room);
  watches.clear();
  EXPECT_EQ(server.Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e

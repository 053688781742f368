// How a server ends that is told to.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

// Less than the time to drain.
constexpr absl::Duration kSoon = absl::Seconds(3);

class Stopping : public testing::Test {
 protected:
  std::unique_ptr<client::Client> ClientOf(const RunningServer& server) {
    auto client = client::Client::Connect({.address = server.address()});
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  TemporaryDirectory directory_;
};

TEST_F(Stopping, DoesNotWaitForClientsThatAskNothing) {
  RunningServer server(directory_.path());
  const auto idle = ClientOf(server);
  EXPECT_TRUE(idle->GetStatus().ok());
  const absl::Time told = absl::Now();
  EXPECT_EQ(server.Stop().status, 0);
  EXPECT_LT(absl::Now() - told, kSoon);
}

TEST_F(Stopping, EndsThoseWhoFollowTheLog) {
  RunningServer server(directory_.path());
  server.RecordDemo();
  Process follower(
      {SAMVERK_PROGRAM, "--server", server.address(), "log", "--follow"}, "",
      {});
  while (Lines(follower.Out()).size() < DemoEvents()) {
    ASSERT_FALSE(follower.Ended()) << follower.Err();
    absl::SleepFor(absl::Milliseconds(10));
  }
  const absl::Time told = absl::Now();
  EXPECT_EQ(server.Stop().status, 0);
  EXPECT_LT(absl::Now() - told, kSoon);
}

// A call of grpc.health.v1's Watch, as load balancers keep one each.
class HealthWatch {
 public:
  explicit HealthWatch(const std::string& address)
      : stub_(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {
    call_ =
        stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(this);
    EXPECT_TRUE(Next());
    // No bytes: the request about the server as a whole.
    const grpc::Slice nothing;
    call_->WriteLast(grpc::ByteBuffer(&nothing, 1), grpc::WriteOptions(), this);
    EXPECT_TRUE(Next());
    EXPECT_TRUE(ReadStatus());
  }
  ~HealthWatch() {
    grpc::Status status;
    call_->Finish(&status, this);
    Next();
    queue_.Shutdown();
  }

  // Waits for what the server says next. False: it has ended the call.
  bool ReadStatus() {
    grpc::ByteBuffer status;
    call_->Read(&status, this);
    return Next();
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
};

TEST_F(Stopping, EndsThoseWhoWatchItsHealth) {
  RunningServer server(directory_.path());
  HealthWatch watch(server.address());
  const absl::Time told = absl::Now();
  EXPECT_EQ(server.Stop().status, 0);
  EXPECT_LT(absl::Now() - told, kSoon);
  // It says that it does not serve any more, and then ends.
  EXPECT_TRUE(watch.ReadStatus());
  EXPECT_FALSE(watch.ReadStatus());
}

}  // namespace
}  // namespace samverk::e2e

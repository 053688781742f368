// How a server ends that is told to.
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

}  // namespace
}  // namespace samverk::e2e

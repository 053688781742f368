// From one register to another by a bridge that is killed, as its server is:
// each event upstream becomes exactly one downstream.
#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "tests/bus/goals.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/fault/suite.h"

namespace samverk::e2e {
namespace {

constexpr uint64_t kGoals = 100;  // a round
// Of a round, how often the bridge is killed.
constexpr int kKills = 4;

// How often each text of a goal stands in the register.
std::map<std::string, int> TextsIn(client::Client& client) {
  std::map<std::string, int> goals;
  view::v1::ReadLogRequest request;
  request.add_types("goal_set");
  client::LogReader reader;
  reader.on_page = [&goals](const view::v1::ReadLogResponse& page) {
    for (const auto& event : page.events()) {
      ++goals[event.event().goal_set().text()];
    }
    return true;
  };
  const absl::Status read = client.ReadLog(request, reader);
  EXPECT_TRUE(read.ok()) << read;
  return goals;
}

// "of 17" for each goal at position 17.
std::map<std::string, int> Expected(client::Client& client) {
  std::map<std::string, int> expected;
  view::v1::ReadLogRequest request;
  request.add_types("goal_set");
  client::LogReader reader;
  reader.on_page = [&expected](const view::v1::ReadLogResponse& page) {
    for (const auto& event : page.events()) {
      expected[absl::StrCat("of ", event.position())] = 1;
    }
    return true;
  };
  const absl::Status read = client.ReadLog(request, reader);
  EXPECT_TRUE(read.ok()) << read;
  return expected;
}

uint64_t Place(client::Client& client) {
  const auto found = client.GetTrack("bridge");
  return found.ok() ? found->track().position() : 0;
}

TEST(ExactlyOnce, EachEventUpstreamIsOneDownstream) {
  const TemporaryDirectory directory;
  const RunningServer upstream(directory.path() + "/upstream");
  upstream.RecordDemo();
  const std::string data = directory.path() + "/downstream";
  auto downstream = std::make_unique<RunningServer>(data);
  const std::string address = downstream->address();
  // The process is there, and nothing that the bridge makes.
  const Outcome process = downstream->Samverk({"record", DemoFiles().front()});
  ASSERT_EQ(process.status, 0) << process.err;
  auto up = client::Client::Connect({.address = upstream.address()});
  auto down = client::Client::Connect({.address = address});
  ASSERT_TRUE(up.ok() && down.ok());
  const std::map<std::string, int> before = TextsIn(**down);

  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  const auto bridge = [&] {
    return std::make_unique<Process>(
        std::vector<std::string>{SAMVERK_BRIDGE, upstream.address(), address},
        "", Environment{});
  };
  for (uint64_t round = 0; round < fault::Rounds(); ++round) {
    const Outcome recorded =
        upstream.Samverk({"record", "-"}, Goals(round * kGoals + 1, kGoals));
    ASSERT_EQ(recorded.status, 0) << recorded.err;
    for (int kill = 0; kill < kKills; ++kill) {
      const uint64_t place = Place(**down);
      auto running = bridge();
      ASSERT_TRUE(WaitUntil([&] {
        return Place(**down) > place || running->Ended();
      })) << "seed "
          << seed;
      absl::SleepFor(absl::Microseconds(random() % 20'000));
      running->Signal(SIGKILL);
      running->Wait();
      if (kill + 1 == kKills && round % 2 == 1) {
        downstream->Kill();
        downstream = std::make_unique<RunningServer>(
            data, std::vector<std::string>{"--grpc", address});
      }
      if (Place(**down) == (*up)->GetHead().value_or(0)) break;
    }
  }
  const uint64_t head = (*up)->GetHead().value_or(0);
  const auto last = bridge();
  EXPECT_TRUE(WaitUntil([&] { return Place(**down) == head; })) << last->Err();
  std::map<std::string, int> expected = Expected(**up);
  for (const auto& [text, count] : before) expected[text] += count;
  EXPECT_EQ(TextsIn(**down), expected) << "seed " << seed;
  EXPECT_GE(expected.size(), fault::Rounds() * kGoals);
}

}  // namespace
}  // namespace samverk::e2e

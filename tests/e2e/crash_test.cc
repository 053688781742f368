// The server ends without warning, or is told to end, while it is used.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

std::string Goal(int number) {
  return absl::StrCat(
      R"({"id":"018bcfe5-6800-7000-8000-0000000)", 10'000 + number,
      R"(","process":"augustenborg","recorded_by":{"organisation":"mkb",)",
      R"("role":"projektledare","subject":"p-1"},)",
      R"("goal_set":{"goal":"g-)", number, R"(","text":"Mål )", number,
      "\"}}\n");
}

// The report in every format, as of a position (0: the latest).
std::string Reports(const RunningServer& server, size_t position = 0) {
  std::string all;
  for (const char* format : {"md", "html", "json"}) {
    std::vector<std::string> command = {
        "report", "-p", "augustenborg", "--period", "2025", "--format", format};
    if (position != 0) {
      command.insert(command.end(), {"--as-of", absl::StrCat(position)});
    }
    const Outcome report = server.Samverk(command);
    EXPECT_EQ(report.status, 0) << report.err;
    all += report.out;
  }
  return all;
}

// Lines that `samverk record` has printed: "#77  018b…  …".
std::map<std::string, std::string> Acknowledged(const std::string& out) {
  std::map<std::string, std::string> positions;
  for (absl::string_view line : absl::StrSplit(out, '\n')) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() >= 2) positions[words[1]] = words[0];
  }
  return positions;
}

TEST(Crash, AKilledServerComesBackWithEverythingAcknowledged) {
  TemporaryDirectory directory;
  const std::string data = directory.path() + "/data";
  std::string report;
  std::map<std::string, std::string> acknowledged;
  std::string all;
  for (int i = 1; i <= 400; ++i) all += Goal(i);
  {
    RunningServer server(data);
    server.RecordDemo();
    report = Reports(server);
    // One batch an event; the server dies somewhere in the middle.
    Process recorder({SAMVERK_PROGRAM, "--server", server.address(), "record",
                      "--batch", "1", "-"},
                     all, {});
    while (recorder.Out().size() < 4'000 && !recorder.Ended()) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    server.Kill();
    acknowledged = Acknowledged(recorder.Out());
  }
  ASSERT_GT(acknowledged.size(), 10u);
  RunningServer server(data);
  const Outcome log = server.Samverk({"log", "--type", "goal_set", "--json"});
  ASSERT_EQ(log.status, 0) << log.err;
  for (const auto& [id, position] : acknowledged) {
    EXPECT_TRUE(Has(log.out, id)) << id << " at " << position << " is gone";
  }
  // The state before is still the same bytes.
  EXPECT_EQ(Reports(server, DemoEvents()), report);
  // Sending everything again records what is missing, and nothing twice.
  const Outcome again = server.Samverk({"record", "--batch", "1", "-"}, all);
  EXPECT_EQ(again.status, 0) << again.err;
  for (const auto& [id, position] : Acknowledged(again.out)) {
    const auto first = acknowledged.find(id);
    if (first != acknowledged.end()) {
      EXPECT_EQ(position, first->second) << id;
    }
  }
  EXPECT_TRUE(Has(server.Samverk({"status"}).out,
                  absl::StrCat("#", DemoEvents() + 400, ",")));
}

TEST(Crash, ARecorderGoesOnWhenTheServerComesBack) {
  TemporaryDirectory directory;
  const std::string data = directory.path() + "/data";
  auto server = std::make_unique<RunningServer>(data);
  server->RecordDemo();
  const std::string address = server->address();
  std::string all;
  for (int i = 1; i <= 300; ++i) all += Goal(i);
  Process recorder(
      {SAMVERK_PROGRAM, "--server", address, "record", "--batch", "1", "-"},
      all, {});
  while (recorder.Out().size() < 2'000 && !recorder.Ended()) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  server->Kill();
  server = std::make_unique<RunningServer>(
      data, std::vector<std::string>{"--grpc", address});
  const Outcome recorded = recorder.Wait();
  EXPECT_EQ(recorded.status, 0) << recorded.err;
  EXPECT_EQ(Acknowledged(recorded.out).size(), 300u);
  EXPECT_TRUE(Has(server->Samverk({"status"}).out,
                  absl::StrCat("#", DemoEvents() + 300, ",")));
}

TEST(Stop, AFollowerIsToldAndFollowsTheNextServer) {
  TemporaryDirectory directory;
  const std::string data = directory.path() + "/data";
  // A server that waited for its followers would take all of this time.
  const std::string config = directory.path() + "/samverkd.toml";
  std::ofstream(config) << "drain_seconds = 600\n";
  auto server = std::make_unique<RunningServer>(
      data, std::vector<std::string>{"--config", config});
  server->RecordDemo();
  const std::string address = server->address();
  Process follower({SAMVERK_PROGRAM, "--server", address, "log", "--follow"},
                   "", {});
  const auto lines = [&follower] { return Lines(follower.Out()).size(); };
  const auto wait_for = [&](size_t count) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (lines() < count && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    EXPECT_EQ(lines(), count) << follower.Err();
  };
  wait_for(DemoEvents());
  EXPECT_EQ(server->Stop().status, 0);
  server = std::make_unique<RunningServer>(
      data, std::vector<std::string>{"--grpc", address});
  ASSERT_EQ(server->Samverk({"record", "-"}, Goal(1)).status, 0);
  wait_for(DemoEvents() + 1);
  EXPECT_TRUE(Has(follower.Err(), "anslutningen bröts")) << follower.Err();
  follower.Signal(SIGINT);
  EXPECT_EQ(follower.Wait().status, 0);
  EXPECT_EQ(server->Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e

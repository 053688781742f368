// Connectors through the built programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/connectors/http_target.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using samverk::testing::HttpTarget;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

// The files below a directory that have this text in them.
std::vector<std::string> FilesWith(const std::string& directory,
                                   const std::string& text) {
  std::vector<std::string> with;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (Has(bytes, text)) with.push_back(entry.path().string());
  }
  return with;
}

class ConnectorPrograms : public ::testing::Test {
 protected:
  static bool Await(const std::function<bool()>& holds) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (!holds()) {
      if (absl::Now() > deadline) return false;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return true;
  }
  std::string Beside(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  std::string data() const { return Beside("data"); }
  // A command that succeeds; what it prints.
  static std::string Do(const RunningServer& server,
                        std::vector<std::string> arguments,
                        const std::string& input = "") {
    arguments.insert(arguments.begin(), {"--lang", "en", "connectors"});
    const Outcome outcome = server.Samverk(arguments, input);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }

  TemporaryDirectory directory_{TemporaryDirectory::InMemory()};
  const std::string secret_ =
      "whsec_" + absl::Base64Escape(std::string(32, 's'));
};

TEST_F(ConnectorPrograms, AreMadeShownChangedAndForgotten) {
  HttpTarget target;
  RunningServer server(data());
  server.RecordDemo();
  const std::string made =
      Do(server, {"create", "webhook", "finance", "--url", target.url(),
                  "--process", "augustenborg", "--type", "cost_booked"});
  EXPECT_THAT(made, HasSubstr("The secret, which is not shown again: whsec_"));
  EXPECT_TRUE(Await([&] {
    return Has(Do(server, {"show", "finance"}), "Behind                 0") ||
           Has(Do(server, {"list"}), "running");
  }));
  EXPECT_THAT(
      Do(server, {"show", "finance"}),
      AllOf(HasSubstr("running"), HasSubstr("kept by the server"),
            HasSubstr("augustenborg, cost_booked"), Not(HasSubstr("whsec_"))));
  EXPECT_THAT(Do(server, {"--json", "list"}),
              AllOf(HasSubstr("\"CONNECTOR_CONDITION_RUNNING\""),
                    Not(HasSubstr("whsec_"))));

  EXPECT_THAT(Do(server, {"pause", "finance", "--reason", "moves in May"}),
              HasSubstr("paused: moves in May"));
  EXPECT_THAT(
      server.Samverk({"connectors", "list"}).out,
      AllOf(HasSubstr("Koppling"), HasSubstr("pausad"), HasSubstr("moves")));
  EXPECT_THAT(Do(server,
                 {"update", "finance", "--secret-file", "-", "--rate", "7",
                  "--mode", "binary"},
                 secret_ + "\n"),
              AllOf(HasSubstr("paused"), HasSubstr("binary"),
                    HasSubstr("At most a second"), Not(HasSubstr("whsec_"))));
  EXPECT_THAT(Do(server, {"resume", "finance"}), HasSubstr("running"));
  EXPECT_EQ(
      server.Samverk({"connectors", "update", "finance", "--nats-stream", "S"})
          .status,
      2);
  EXPECT_EQ(server.Samverk({"connectors", "create", "webhook", "x"}).status, 2);
  const Outcome other =
      server.Samverk({"connectors", "create", "webhook", "finance", "--url",
                      "https://elsewhere.example/"});
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, AllOf(HasSubstr("[GROUP_EXISTS]"),
                               HasSubstr("Konsumentgruppen finance")));

  Do(server, {"delete", "finance"});
  EXPECT_EQ(server.Samverk({"connectors", "show", "finance"}).status, 1);
  EXPECT_THAT(FilesWith(data(), secret_.substr(6)), ::testing::IsEmpty());
  EXPECT_THAT(server.process().Err(), Not(HasSubstr(secret_.substr(6))));
}

TEST_F(ConnectorPrograms, ASecretIsInItsFileAloneAndAskedForAfterARestore) {
  HttpTarget target;
  std::ofstream(Beside("secret")) << secret_ << "\n";
  {
    RunningServer server(data(), {"--backups", Beside("backups")});
    server.RecordDemo();
    Do(server, {"create", "webhook", "finance", "--url", target.url(),
                "--secret-file", Beside("secret")});
    ASSERT_TRUE(Await([&] { return target.ids().size() == DemoEvents(); }));
    EXPECT_EQ(server.Samverk({"backup"}).status, 0);
    const auto metrics =
        httplib::Client(server.http_address()).Get("/metrics")->body;
    EXPECT_THAT(metrics,
                AllOf(HasSubstr("samverk_connector_state{connector=\"finance\","
                                "state=\"running\"} 1\n"),
                      HasSubstr("samverk_connector_state{connector=\"finance\","
                                "state=\"paused\"} 0\n"),
                      HasSubstr("samverk_connector_failures_total{connector="
                                "\"finance\",kind=\"refused\"} 0\n"),
                      HasSubstr("samverk_connector_retry_pending{connector="
                                "\"finance\"} 0\n"),
                      Not(HasSubstr(secret_.substr(6)))));
    EXPECT_EQ(server.Stop().status, 0);
  }
  const auto with = FilesWith(data(), secret_.substr(6));
  ASSERT_EQ(with.size(), 1u);
  EXPECT_THAT(with[0], HasSubstr("/secrets/connector-finance-"));
  EXPECT_THAT(FilesWith(Beside("backups"), secret_.substr(6)),
              ::testing::IsEmpty());

  EXPECT_EQ(RunProgram({SAMVERK_PROGRAM, "restore", "--from", Beside("backups"),
                        "--data", Beside("restored")})
                .status,
            0);
  RunningServer restored(Beside("restored"));
  EXPECT_THAT(Do(restored, {"show", "finance"}),
              AllOf(HasSubstr("paused"), HasSubstr("secret is missing")));
  EXPECT_THAT(
      Do(restored, {"update", "finance", "--secret-file", Beside("secret")}),
      HasSubstr("running"));
}

TEST_F(ConnectorPrograms, ATargetThatWantsNoMoreIsLeftAloneAfterAKill) {
  HttpTarget target(
      [](int, const auto&, httplib::Response& answer) { answer.status = 410; });
  {
    RunningServer server(data());
    server.RecordDemo();
    Do(server, {"create", "webhook", "c", "--url", target.url()});
    ASSERT_TRUE(Await([&] { return Has(Do(server, {"show", "c"}), "410"); }));
    server.Kill();
  }
  RunningServer server(data());
  EXPECT_THAT(Do(server, {"show", "c"}),
              AllOf(HasSubstr("paused"), HasSubstr("410")));
  absl::SleepFor(absl::Seconds(1));
  EXPECT_EQ(target.received().size(), 1u);
}

TEST_F(ConnectorPrograms, WhatWasDeliveredBeforeAStopIsNotDeliveredAgain) {
  HttpTarget target([](int, const auto&, httplib::Response&) {
    absl::SleepFor(absl::Milliseconds(30));
  });
  {
    RunningServer server(data());
    server.RecordDemo();
    Do(server, {"create", "webhook", "c", "--url", target.url()});
    ASSERT_TRUE(Await([&] { return target.ids().size() >= 10; }));
    EXPECT_EQ(server.Stop().status, 0);
  }
  const size_t before = target.ids().size();
  ASSERT_LT(before, DemoEvents());
  RunningServer server(data());
  std::set<std::string> ids;
  ASSERT_TRUE(Await([&] {
    for (const std::string& id : target.ids()) ids.insert(id);
    return ids.size() == DemoEvents();
  }));
  // But for the one whose answer the stop did not wait for.
  EXPECT_LE(target.ids().size(), DemoEvents() + 1);
}

}  // namespace
}  // namespace samverk::e2e

// samverk bench: that it measures, and what it refuses. How fast is not for a
// test to say.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using Words = std::vector<std::string>;

// The number under a name in a line of JSON; -1 when there is none.
double NumberIn(const std::string& json, const std::string& name) {
  const std::string key = absl::StrCat("\"", name, "\":");
  const size_t at = json.find(key);
  if (at == std::string::npos) return -1;
  const size_t begin = at + key.size();
  double number = -1;
  return absl::SimpleAtod(
             json.substr(begin, json.find_first_of(",}", begin) - begin),
             &number)
             ? number
             : -1;
}

Words Bench(Words words) {
  words.insert(words.begin(), "bench");
  for (const char* word :
       {"--seconds", "1", "--warm-up", "0", "--json", "--lang", "en"}) {
    words.emplace_back(word);
  }
  return words;
}

// Events of the register, as the server says.
double Head(const RunningServer& server) {
  const std::string status = server.Samverk({"status", "--json"}).out;
  const std::string key = "\"head\":\"";
  const size_t at = status.find(key);
  if (at == std::string::npos) return 0;
  return std::stod(status.substr(at + key.size()));
}

class BenchCommand : public testing::Test {
 protected:
  // What was measured, and that nothing but conflicts went wrong.
  void ExpectMeasured(const Outcome& outcome, const std::string& what) {
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(Has(outcome.out, absl::StrCat("{\"bench\":\"", what, "\"")))
        << outcome.out;
    EXPECT_EQ(Lines(outcome.out).size(), 1u) << outcome.out;
    const double events = NumberIn(outcome.out, "events");
    EXPECT_GT(events, 0) << outcome.out;
    EXPECT_GT(NumberIn(outcome.out, "events_per_second"), 0) << outcome.out;
    const double p50 = NumberIn(outcome.out, "p50_ms");
    const double p99 = NumberIn(outcome.out, "p99_ms");
    EXPECT_GT(p50, 0) << outcome.out;
    EXPECT_LE(p50, p99) << outcome.out;
    EXPECT_LE(p99, NumberIn(outcome.out, "max_ms")) << outcome.out;
    EXPECT_EQ(NumberIn(outcome.out, "refused"), 0) << outcome.out;
  }

  TemporaryDirectory directory_;
};

TEST_F(BenchCommand, MeasuresEveryKindOfLoad) {
  RunningServer server(directory_.path() + "/data",
                       {"--raw-store", "--register", "bench-1"});
  const auto run = [&](const Words& words) {
    return server.Samverk(Bench(words));
  };
  const Outcome append = run({"append", "--yes", "--callers", "4"});
  ExpectMeasured(append, "append");
  // What it says it has appended is there; what came after its time is more.
  EXPECT_GE(Head(server), NumberIn(append.out, "events"));
  ExpectMeasured(run({"append", "--yes", "--stream", "--callers", "4"}),
                 "stream");
  ExpectMeasured(run({"append", "--yes", "--batch", "100", "--connections", "2",
                      "--callers", "4"}),
                 "append");
  ExpectMeasured(run({"append", "--yes", "--conditional", "--callers", "4"}),
                 "append, conditional");
  const Outcome open = run({"append", "--yes", "--rate", "50"});
  ExpectMeasured(open, "append");
  EXPECT_EQ(NumberIn(open.out, "rate"), 50);
  ExpectMeasured(run({"record", "--yes", "--callers", "4"}), "record");
  // A process of its own each time.
  ExpectMeasured(run({"record", "--yes", "--callers", "4"}), "record");
  ExpectMeasured(run({"read", "--no-decode"}), "read, not decoded");
  ExpectMeasured(run({"prove", "--callers", "2"}), "prove");
  // The log is given to its end.
  const Outcome group = run({"group", "--batch", "10", "--members", "3"});
  ExpectMeasured(group, "group");
  EXPECT_EQ(NumberIn(group.out, "callers"), 3);
  EXPECT_EQ(server.Samverk({"subscriptions", "--json"}).out.find("bench-"),
            std::string::npos);
  EXPECT_EQ(server.Stop().status, 0);
}

TEST_F(BenchCommand, ReadsWhatIsAskedFor) {
  RunningServer server(directory_.path() + "/data", {"--raw-store"});
  ExpectMeasured(server.Samverk(Bench({"append", "--yes", "--callers", "4"})),
                 "append");
  // Decoded or not, a reading of seven events is of seven events.
  for (const Words& more : {Words{}, Words{"--no-decode"}}) {
    Words words = {"read", "--tag",  "bench:all", "--limit",
                   "7",    "--page", "3",         "--reverse"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome read = server.Samverk(Bench(words));
    ASSERT_EQ(read.status, 0) << read.err;
    EXPECT_EQ(NumberIn(read.out, "events"),
              7 * NumberIn(read.out, "operations"))
        << read.out;
    EXPECT_GT(NumberIn(read.out, "operations"), 0) << read.out;
  }
  const Outcome first = server.Samverk(
      Bench({"read", "--limit", "7", "--page", "3", "--first-page"}));
  ExpectMeasured(first, "read, first page");
  EXPECT_EQ(NumberIn(first.out, "events"),
            3 * NumberIn(first.out, "operations"))
      << first.out;
}

TEST_F(BenchCommand, FollowsWhatIsAppended) {
  RunningServer server(directory_.path() + "/data",
                       {"--raw-store", "--register", "bench-1"});
  for (const Words& more : {Words{}, Words{"--rate", "50", "--idle", "3"}}) {
    Words words = {"live", "--yes", "--callers", "4"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome live = server.Samverk(Bench(words));
    ASSERT_EQ(live.status, 0) << live.err;
    EXPECT_TRUE(Has(live.out, "{\"bench\":\"live")) << live.out;
    EXPECT_GT(NumberIn(live.out, "events"), 0) << live.out;
    EXPECT_LE(NumberIn(live.out, "p50_ms"), NumberIn(live.out, "p99_ms"))
        << live.out;
    EXPECT_GT(NumberIn(live.out, "max_ms"), 0) << live.out;
  }
}

TEST_F(BenchCommand, SaysThatThereIsNothingToGive) {
  RunningServer server(directory_.path() + "/data");
  const Outcome group = server.Samverk(Bench({"group"}));
  EXPECT_EQ(group.status, 1);
  EXPECT_TRUE(Has(group.err, "the register is empty")) << group.err;
}

TEST_F(BenchCommand, WritesNothingUnlessItIsToldTo) {
  RunningServer server(directory_.path() + "/data", {"--raw-store"});
  for (const char* what : {"append", "record", "live"}) {
    const Outcome outcome = server.Samverk(Bench({what}));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_TRUE(Has(outcome.err, "for ever; add --yes")) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(Head(server), 0);
}

TEST_F(BenchCommand, WritesNothingIntoARegisterThatIsInUse) {
  RunningServer server(directory_.path() + "/data", {"--raw-store", "--demo"});
  const double before = Head(server);
  EXPECT_GT(before, 0);
  for (const char* what : {"append", "record", "live"}) {
    const Outcome outcome = server.Samverk(Bench({what, "--yes"}));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(Has(outcome.err, "name begins with bench-")) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(Head(server), before);
}

TEST_F(BenchCommand, SaysThatTheRawStoreIsOff) {
  RunningServer server(directory_.path() + "/data");
  for (const Words& words : {Words{"append", "--yes"}, Words{"read"}}) {
    const Outcome outcome = server.Samverk(Bench(words));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(Has(outcome.err, "[DISABLED]")) << outcome.err;
  }
}

TEST_F(BenchCommand, SaysThatTheServerWentAway) {
  for (const Words& words :
       {Words{}, Words{"--stream"}, Words{"--rate", "50"}}) {
    RunningServer server(directory_.path() + "/data",
                         {"--raw-store", "--register", "bench-1"});
    const double before = Head(server);
    Words command = {SAMVERK_PROGRAM, "--server", server.address(), "bench",
                     "append",        "--yes",    "--callers",      "4",
                     "--seconds",     "60",       "--lang",         "en"};
    command.insert(command.end(), words.begin(), words.end());
    Process bench(command, "", {});
    while (Head(server) == before && !bench.Ended()) {
    }
    server.Kill();
    const Outcome outcome = bench.Wait();
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(Has(outcome.err, "the server stopped answering ("))
        << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(BenchCommand, RefusesWhatMakesNoSense) {
  const std::vector<Words> refused = {
      {"append", "--yes", "--callers", "0"},
      {"append", "--yes", "--callers", "-1"},
      {"append", "--yes", "--callers", "5000"},
      {"append", "--yes", "--batch", "0"},
      {"append", "--yes", "--batch", "1001"},
      {"append", "--yes", "--rate", "0"},
      {"append", "--yes", "--payload", "60000", "--batch", "1000"},
      {"append", "--yes", "--page", "10"},
      {"record", "--yes", "--batch", "2"},
      {"read", "--page", "10001"},
      {"read", "--limit", "0"},
      {"read", "--yes"},
      {"read", "--connections", "65"},
      {"live", "--yes", "--idle", "4001"},
      {"group", "--members", "0"},
      {"group", "--batch", "1001"},
      {"group", "--yes"},
      {},
  };
  for (const Words& words : refused) {
    Words command = Bench(words);
    command.insert(command.begin(), SAMVERK_PROGRAM);
    const Outcome outcome = RunProgram(command);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(Lines(outcome.err).size(), 1u) << outcome.err;
  }
}

}  // namespace
}  // namespace samverk::e2e

// Recording and following with curl alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/gateway/connection.h"

namespace samverk::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kRecord[] = "samverk.recording.v1.RecordingService/Record";
constexpr char kSubscribe[] = "samverk.bus.v1.SubscriptionService/Subscribe";
constexpr char kAppend[] = "samverk.store.v1.EventStoreService/Append";
constexpr char kJson[] = "Content-Type: application/json";
constexpr char kLines[] = "Content-Type: application/x-ndjson";

class Gateway : public testing::Test {
 protected:
  // The command that posts to a method; the body follows it, as a file.
  std::vector<std::string> Command(const RunningServer& server,
                                   const std::string& method,
                                   const std::string& body,
                                   std::vector<std::string> options) {
    const std::string file =
        absl::StrCat(directory_.path(), "/body-", ++bodies_);
    std::ofstream(file, std::ios::binary) << body;
    options.insert(options.begin(), {"/usr/bin/curl", "-sS"});
    options.insert(
        options.end(),
        {"--data-binary", "@" + file,
         absl::StrCat("http://", server.http_address(), "/", method)});
    return options;
  }
  Outcome Curl(const RunningServer& server, const std::string& method,
               const std::string& body,
               const std::vector<std::string>& options) {
    return RunProgram(Command(server, method, body, options));
  }
  // What curl prints of a call with one answer, and its HTTP status after it.
  std::string Call(const RunningServer& server, const std::string& method,
                   const std::string& body,
                   const std::string& language = "en") {
    const Outcome outcome =
        Curl(server, method, body,
             {"-H", kJson, "-H", "Accept-Language: " + language, "-w",
              "\n%{http_code}"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }
  // Waits until a program has written this.
  static bool HasWritten(const Process& process, const std::string& text) {
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (!Has(process.Out(), text)) {
      if (absl::Now() >= deadline) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }
  static std::string Finding(const std::string& id) {
    return absl::StrCat(
        R"({"process":"augustenborg","source":{"system":"curl","ref":")", id,
        R"("},"recorded_by":{"organisation":"mkb","role":"projektledare",)",
        R"("subject":"p-7f3a"},"occurred":{"edtf":"2025-10-14"},)",
        R"("finding_logged":{"finding":")", id,
        R"(","polarity":"POLARITY_DEFICIENCY",)",
        R"("category":"FINDING_CATEGORY_LIGHTING",)",
        R"("description":"Lampan är trasig."}})");
  }

  TemporaryDirectory directory_;
  const std::string data_ = directory_.path() + "/data";
  int bodies_ = 0;
};

TEST_F(Gateway, RecordsABatchWithCurlAlone) {
  RunningServer server(data_);
  size_t events = 0;
  for (const std::string& file : DemoFiles()) {
    const std::vector<std::string> lines = Lines(ReadFile(file));
    events += lines.size();
    const std::string batch =
        absl::StrCat("{\"events\":[", absl::StrJoin(lines, ","), "]}");
    const std::string first = Call(server, kRecord, batch);
    EXPECT_THAT(first,
                AllOf(HasSubstr(absl::StrCat("\"position\":\"", events, "\"")),
                      HasSubstr("\n200")));
    EXPECT_THAT(Call(server, kRecord, batch), HasSubstr("\"replayed\":true"));
  }
  EXPECT_THAT(Call(server, "samverk.view.v1.ViewService/GetBudget",
                   R"({"scope":{"process":"augustenborg"}})"),
              HasSubstr("\n200"));
}

TEST_F(Gateway, SaysWhatIsRefusedWithDetails) {
  RunningServer server(data_, {"--demo"});
  std::string wrong = Finding("f-1");
  wrong.replace(wrong.find("2025-10-14"), 10, "2025-13-14");
  const std::string batch = absl::StrCat("{\"events\":[", wrong, "]}");
  const std::string english = Call(server, kRecord, batch);
  EXPECT_THAT(english,
              AllOf(StartsWith(R"({"code":"invalid_argument","message":")"),
                    HasSubstr(R"("type":"samverk.recording.v1.Refusal")"),
                    HasSubstr(R"("rule":"TIME_INVALID")"),
                    HasSubstr(R"("field":"occurred.edtf")"),
                    HasSubstr("cannot be used"), HasSubstr("\n400")));
  EXPECT_THAT(Call(server, kRecord, batch, "sv"),
              HasSubstr("kan inte användas"));
}

TEST_F(Gateway, NamesThePlaceOfMalformedJson) {
  RunningServer server(data_);
  EXPECT_THAT(
      Call(server, kRecord, "{\"events\":[\n{\"proces\":\"p\"}]}"),
      AllOf(HasSubstr("line 2, column 2: events[0].proces: Event has no "
                      "field"),
            HasSubstr("\n400")));
  EXPECT_THAT(Call(server, kRecord, "{\"events\":[{},]}"),
              HasSubstr("a comma stands before"));
}

TEST_F(Gateway, TakesNoBodyThatIsTooLarge) {
  RunningServer server(data_);
  EXPECT_THAT(
      Call(server, kRecord, std::string(5 << 20, ' ')),
      AllOf(HasSubstr(R"("code":"resource_exhausted")"), HasSubstr("\n429")));
}

TEST_F(Gateway, FollowsTheLogWithCurlAlone) {
  RunningServer server(data_, {"--demo"});
  const size_t head = DemoEvents();
  Process curl(Command(server, kSubscribe,
                       absl::StrCat("{\"start\":{\"after\":", head - 1, "}}"),
                       {"-N", "-H", kLines}),
               "", {});
  ASSERT_TRUE(HasWritten(curl, "{\"caught_up\":{}")) << curl.Err();
  EXPECT_THAT(curl.Out(), StartsWith(absl::StrCat(
                              R"({"events":{"events":[{"position":")", head)));
  Call(server, kRecord, absl::StrCat("{\"events\":[", Finding("f-1"), "]}"));
  EXPECT_TRUE(HasWritten(
      curl, absl::StrCat(R"({"events":{"events":[{"position":")", head + 1)));
  // Its reader goes: the subscription ends.
  curl.Signal(SIGTERM);
  curl.Wait();
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  bool ended = false;
  while (!ended && absl::Now() < deadline) {
    ended = Has(RunProgram({"/usr/bin/curl", "-sS",
                            "http://" + server.http_address() + "/metrics"})
                    .out,
                "\nsamverk_subscriptions 0\n");
  }
  EXPECT_TRUE(ended);
}

TEST_F(Gateway, FollowsTheLogInEnvelopes) {
  RunningServer server(data_, {"--demo"});
  const std::string asked = R"({"heartbeat":"0.1s"})";
  const Outcome followed =
      Curl(server, kSubscribe,
           std::string("\0\0\0\0", 4) + static_cast<char>(asked.size()) + asked,
           {"-N", "-H", "Content-Type: application/connect+json", "-H",
            "Connect-Protocol-Version: 1", "-H", "Connect-Timeout-Ms: 1000"});
  EXPECT_EQ(followed.status, 0) << followed.err;
  std::vector<std::string> messages;
  std::string_view left = followed.out;
  while (left.size() > 5) {
    size_t size = 0;
    for (int i = 1; i < 5; ++i) {
      size = size << 8 | static_cast<uint8_t>(left[i]);
    }
    EXPECT_EQ(left[0], left.size() == size + 5 ? 2 : 0);
    messages.emplace_back(left.substr(5, size));
    left.remove_prefix(size + 5);
  }
  EXPECT_TRUE(left.empty());
  ASSERT_GE(messages.size(), 4u);
  EXPECT_THAT(messages[0], StartsWith(R"({"events":{)"));
  EXPECT_THAT(messages[1], StartsWith(R"({"caught_up":{},"cursor":")"));
  EXPECT_THAT(messages[2], StartsWith(R"({"progress":{},"cursor":")"));
  EXPECT_THAT(messages.back(),
              StartsWith(R"({"error":{"code":"deadline_exceeded")"));
}

TEST_F(Gateway, WorksInAConsumerGroupWithCurlAlone) {
  RunningServer server(data_, {"--demo"});
  const std::string service = "samverk.bus.v1.ConsumerGroupService/";
  EXPECT_THAT(Call(server, service + "CreateGroup",
                   R"({"name":"archive","settings":{"lease":"30s"}})"),
              HasSubstr("\n200"));
  Process member(Command(server, service + "Receive",
                         R"({"name":"archive","batch_size":5,"open_leases":1})",
                         {"-N", "-H", kLines}),
                 "", {});
  ASSERT_TRUE(HasWritten(member, "\"lease\":\"")) << member.Err();
  const std::string out = member.Out();
  const size_t from = out.find("\"lease\":\"") + 9;
  const std::string lease = out.substr(from, out.find('"', from) - from);
  EXPECT_THAT(Call(server, service + "Acknowledge",
                   absl::StrCat(R"({"name":"archive","lease":")", lease,
                                R"(","all_done":true})")),
              HasSubstr("\n200"));
  // Room for the next.
  EXPECT_TRUE(HasWritten(member, "\"position\":\"6\"")) << member.Out();
  EXPECT_THAT(Call(server, service + "GetGroup", R"({"name":"archive"})"),
              HasSubstr("\"members\":1"));
  member.Signal(SIGTERM);
  member.Wait();
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  std::string group;
  do {
    group = Call(server, service + "GetGroup", R"({"name":"archive"})");
  } while (Has(group, "\"members\":1") && absl::Now() < deadline);
  EXPECT_FALSE(Has(group, "\"members\":1")) << group;
  EXPECT_THAT(Call(server, service + "GetGroup", R"({"name":"nobody"})"),
              AllOf(HasSubstr(R"("code":"not_found")"), HasSubstr("\n404")));
}

TEST_F(Gateway, TellsFollowersThatTheServerStops) {
  RunningServer server(data_, {"--demo"});
  Process curl(Command(server, kSubscribe, "{}", {"-N", "-H", kLines}), "", {});
  ASSERT_TRUE(HasWritten(curl, "{\"caught_up\":{}")) << curl.Err();
  EXPECT_EQ(server.Stop().status, 0);
  const Outcome followed = curl.Wait();
  EXPECT_EQ(followed.status, 0) << followed.err;
  EXPECT_THAT(LastLine(followed.out),
              AllOf(StartsWith(R"({"error":{"code":"unavailable")"),
                    HasSubstr("SHUTTING_DOWN")));
}

// A number of /proc/PID/status in bytes.
size_t ResidentBytes(pid_t pid) {
  const std::string status = ReadFile(absl::StrCat("/proc/", pid, "/status"));
  size_t kib = 0;
  for (const std::string& line : Lines(status)) {
    const std::string name = "VmRSS:";
    if (line.rfind(name, 0) == 0) {
      EXPECT_TRUE(absl::SimpleAtoi(
          line.substr(name.size(), line.size() - name.size() - 3), &kib));
    }
  }
  return kib << 10;
}

TEST_F(Gateway, KeepsLittleForASlowReader) {
  RunningServer server(data_, {"--raw-store"});
  // 45 MiB, of another application's events.
  constexpr int kAppends = 60;
  constexpr int kEventsOfAppend = 15;
  const std::string payload = absl::Base64Escape(std::string(50'000, 'x'));
  for (int i = 0; i < kAppends; ++i) {
    std::vector<std::string> events;
    for (int j = 0; j < kEventsOfAppend; ++j) {
      const std::string id = absl::Base64Escape(
          absl::StrCat("event-", 1'000'000'000 + i * kEventsOfAppend + j));
      events.push_back(absl::StrCat(R"({"id":")", id,
                                    R"(","stream":"s","type":"other.large",)",
                                    R"("payload":")", payload, "\"}"));
    }
    ASSERT_THAT(
        Call(server, kAppend,
             absl::StrCat("{\"events\":[", absl::StrJoin(events, ","), "]}")),
        HasSubstr("\n200"));
  }
  int port = 0;
  const std::string address = server.http_address();
  ASSERT_TRUE(absl::SimpleAtoi(address.substr(address.find(':') + 1), &port));
  const size_t before = ResidentBytes(server.process().pid());
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 10; ++i) {
    slow.push_back(std::make_unique<Connection>(port));
    slow.back()->Post("/samverk.store.v1.EventStoreService/Read",
                      "application/x-ndjson", "{}");
    slow.back()->ReadUntil("\r\n\r\n");
  }
  // Others are answered meanwhile.
  const absl::Time until = absl::Now() + absl::Seconds(2);
  while (absl::Now() < until) {
    EXPECT_THAT(
        Call(server, "samverk.store.v1.EventStoreService/GetHead", "{}"),
        HasSubstr("\n200"));
  }
  // Ten pages and their JSON, not ten logs of 45 MiB.
  const size_t after = ResidentBytes(server.process().pid());
  EXPECT_LT(after, before + (size_t{300} << 20));
  std::printf("ten slow readers: %zu MiB resident, %zu before\n", after >> 20,
              before >> 20);
  // Whoever reads on gets all of it.
  const std::string last =
      absl::StrCat("\"position\":\"", kAppends * kEventsOfAppend, "\"");
  EXPECT_THAT(slow[0]->ReadUntil(last), HasSubstr(last));
  slow.clear();
  EXPECT_EQ(server.Stop().status, 0);
}

TEST_F(Gateway, ServesPagesAndAdmitsTheirOriginsByConfiguration) {
  const std::string web = directory_.path() + "/web";
  std::filesystem::create_directory(web);
  std::ofstream(web + "/index.html") << "<h1>hej</h1>";
  const std::string config = directory_.path() + "/samverkd.toml";
  std::ofstream(config) << "web = \"" << web
                        << "\"\ncors = [\"https://a.example\"]\n"
                           "http_streams = 1\n";
  RunningServer server(data_, {"--config", config});
  EXPECT_EQ(RunProgram({"/usr/bin/curl", "-sS",
                        "http://" + server.http_address() + "/"})
                .out,
            "<h1>hej</h1>");
  const auto from = [&](const std::string& origin) {
    return Curl(server, "samverk.view.v1.ViewService/ListProcesses", "{}",
                {"-i", "-H", kJson, "-H", "Origin: " + origin})
        .out;
  };
  EXPECT_THAT(from("https://a.example"),
              AllOf(StartsWith("HTTP/1.1 200"),
                    HasSubstr("Access-Control-Allow-Origin: "
                              "https://a.example")));
  EXPECT_THAT(from("https://b.example"), StartsWith("HTTP/1.1 403"));

  const auto refused = [this](const std::string& text) {
    const std::string wrong = directory_.path() + "/wrong.toml";
    std::ofstream(wrong) << text;
    const Outcome outcome =
        TryServer({"--config", wrong, "--data", directory_.path() + "/other"});
    EXPECT_EQ(outcome.status, 1);
    return outcome.err;
  };
  EXPECT_THAT(refused("web = \"/nonexistent\"\n"), HasSubstr("no directory"));
  EXPECT_THAT(refused("cors = [\"a.example\"]\n"), HasSubstr("origin"));
  EXPECT_THAT(refused("cors = \"https://a.example\"\n"), HasSubstr("a list"));
  EXPECT_THAT(refused("http_streams = 0\n"), HasSubstr("from 1 to"));
}

}  // namespace
}  // namespace samverk::e2e

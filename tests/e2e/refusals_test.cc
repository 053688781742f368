// Input that is wrong: what is said, and how the program ends. Nothing of it
// may enter the register.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

// A finding that the demo process accepts; `number` makes its ids.
std::string Finding(int number) {
  std::string event =
      R"({"id":"018bcfe5-6800-7000-8000-0000000NNNNN",)"
      R"("process":"augustenborg","occurred":{"edtf":"2025-09-17"},)"
      R"("recorded_by":{"organisation":"mkb","role":"projektledare",)"
      R"("subject":"p-1"},"finding_logged":{"finding":"f-NNNNN",)"
      R"("polarity":"POLARITY_DEFICIENCY",)"
      R"("category":"FINDING_CATEGORY_LIGHTING",)"
      R"("description":"Lampan lyser inte",)"
      R"("where":{"place":"augustenborgstorget"}}})";
  return absl::StrReplaceAll(event,
                             {{"NNNNN", absl::StrCat(10'000 + number)}}) +
         "\n";
}

// An event of the demo process with another fact (or other fields).
std::string Fact(const std::string& fact) {
  return absl::StrCat(
      R"({"id":"018bcfe5-6800-7000-8000-000000000001",)",
      R"("process":"augustenborg","recorded_by":{"organisation":"mkb",)",
      R"("role":"projektledare","subject":"p-1"},)", fact, "}\n");
}

std::string Changed(const std::string& event, const std::string& from,
                    const std::string& to) {
  std::string changed = absl::StrReplaceAll(event, {{from, to}});
  EXPECT_NE(changed, event) << from;
  return changed;
}

class Refusals : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    server_ = std::make_unique<RunningServer>(
        directory_->path() + "/data", std::vector<std::string>{"--demo"});
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(server_->Stop().status, 0);
    server_.reset();
    directory_.reset();
  }

  void SetUp() override { head_ = Head(); }
  void TearDown() override {
    if (!may_record_) {
      EXPECT_EQ(Head(), head_) << "something was recorded";
    }
  }

  static std::string Head() {
    const Outcome status = server_->Samverk({"status", "--json"});
    const size_t at = status.out.find("\"head\":\"");
    return status.out.substr(at, status.out.find(',', at) - at);
  }

  static Outcome Record(const std::string& events,
                        std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"--lang", "en", "record"});
    arguments.push_back("-");
    return server_->Samverk(arguments, events);
  }

  // Refused, with exit status 1 and every one of `parts` in what is said.
  static void ExpectRefused(const std::string& events,
                            const std::vector<std::string>& parts) {
    const Outcome outcome = Record(events);
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    for (const std::string& part : parts) {
      EXPECT_TRUE(Has(outcome.err, part))
          << "\"" << part << "\" is missing in\n"
          << outcome.err;
    }
  }

  static std::unique_ptr<TemporaryDirectory> directory_;
  static std::unique_ptr<RunningServer> server_;
  std::string head_;
  bool may_record_ = false;
};
std::unique_ptr<TemporaryDirectory> Refusals::directory_;
std::unique_ptr<RunningServer> Refusals::server_;

TEST_F(Refusals, MalformedJsonIsToldWithLineAndColumn) {
  ExpectRefused(Finding(1) + "{\"id\": 'x'}\n", {"line 2, column 8"});
  ExpectRefused("{", {"line 1"});
  ExpectRefused("", {"holds no events"});
  ExpectRefused("[]", {"holds no events"});
}

TEST_F(Refusals, LenientJsonIsRefused) {
  ExpectRefused(Changed(Finding(1), "\"process\":",
                        "\"process\":\"sofielund\",\"process\":"),
                {"line 1", "process"});
  ExpectRefused(Changed(Finding(1), "torget\"}}}", "torget\"}},}"),
                {"line 1, column"});
  ExpectRefused(Changed(Finding(1), "\"process\"", "'process'"),
                {"line 1, column"});
  ExpectRefused(Changed(Finding(1), "Lampan", "Lampan \xff"),
                {"line 1", "UTF-8"});
}

TEST_F(Refusals, AnUnknownFieldIsToldWithItsPath) {
  ExpectRefused(
      Changed(Finding(1), "\"place\"", "\"plats\""),
      {"events[0].finding_logged.where.plats", "did you mean \"place\"?"});
}

TEST_F(Refusals, ADateThatDoesNotExist) {
  ExpectRefused(Changed(Finding(1), "2025-09-17", "2025-02-30"),
                {"line 1, 018bcfe5-6800-7000-8000-000000010001, TIME_INVALID, "
                 "occurred.edtf",
                 "2025-02-30"});
}

TEST_F(Refusals, ATimeBeyondEdtfLevel1) {
  ExpectRefused(Changed(Finding(1), "2025-09-17", "[2025,2026]"),
                {"TIME_INVALID, occurred.edtf", "[2025,2026]"});
}

TEST_F(Refusals, SumsThatAreNone) {
  const auto expect = [](const std::string& amount,
                         const std::vector<std::string>& parts) {
    ExpectRefused(
        Fact(absl::StrCat(R"("grant_awarded":{"grant":"g",)",
                          R"("funder":"fgk","amount":{)", amount, "}}")),
        parts);
  };
  const std::string rest = R"(,"currency":"SEK","precision":"PRECISION_EXACT")";
  expect("\"ore\":1.5" + rest, {"events[0].grant_awarded.amount.ore", "1.5"});
  expect("\"ore\":\"300 000 kr\"" + rest,
         {"events[0].grant_awarded.amount.ore", "300 000 kr"});
  expect("\"kronor\":300000" + rest, {"events[0].grant_awarded.amount.kronor"});
  expect("\"ore\":-5" + rest,
         {"AMOUNT_NOT_POSITIVE, grant_awarded.amount.ore", "−0.05"});
  expect(R"("ore":5,"currency":"EUR","precision":"PRECISION_EXACT")",
         {"CURRENCY_UNSUPPORTED, grant_awarded.amount", "EUR"});
}

TEST_F(Refusals, AnEventBeforeWhatItDependsOn) {
  ExpectRefused(Fact(R"("measure_implemented":{"measure":"m-99"})"),
                {"MEASURE_UNKNOWN", "measure_implemented.measure", "m-99"});
  ExpectRefused(Fact(R"("finding_closed":{"finding":"f-99"})"),
                {"FINDING_UNKNOWN", "finding_closed.finding", "f-99"});
  ExpectRefused(
      Fact(R"("role_assigned":{"actor":"ingen","kind":"ROLE_KIND_LEAD"})"),
      {"ACTOR_UNKNOWN", "role_assigned.actor", "ingen"});
}

TEST_F(Refusals, AnEventWithoutAKnownFact) {
  ExpectRefused(Fact(R"("grant_dreamt_of":{"grant":"g"})"),
                {"events[0].grant_dreamt_of"});
  ExpectRefused(Changed(Fact("\"verbatim\":\"\""), ",\"verbatim\":\"\"", ""),
                {"line 1"});
}

TEST_F(Refusals, WhatBelongsToAnotherProcess) {
  may_record_ = true;
  const std::string by =
      R"(,"recorded_by":{"organisation":"hsb","role":"projektledare",)"
      R"("subject":"p-2"},)";
  const auto event = [&by](int number, const std::string& fact) {
    return absl::StrCat(R"({"id":"018bcfe5-6800-7000-8000-0000000)",
                        20'000 + number, R"(","process":"sofielund")", by, fact,
                        "}\n");
  };
  const Outcome other =
      Record(event(1, R"("process_registered":{"name":"Sofielund"})") +
             event(2, R"("actor_registered":{"actor":"hsb","name":"HSB",)"
                      R"("kind":"ACTOR_KIND_COMPANY"})") +
             event(3, R"("place_defined":{"place":"parken","name":"Parken"})"));
  ASSERT_EQ(other.status, 0) << other.err;
  const std::string head = Head();
  ExpectRefused(Changed(Finding(1), "augustenborgstorget", "parken"),
                {"PLACE_UNKNOWN", "parken"});
  ExpectRefused(Finding(1) + event(4, R"("goal_set":{"goal":"g","text":"G"})"),
                {"line 2, ", "PROCESS_DIFFERS", "sofielund", "augustenborg"});
  EXPECT_EQ(Head(), head);
}

TEST_F(Refusals, AnUnknownActorAndAnUnknownPlace) {
  ExpectRefused(Changed(Finding(1), "\"mkb\"", "\"okänd\""),
                {"recorded_by.organisation", "okänd"});
  ExpectRefused(Changed(Finding(1), "augustenborgstorget", "ingenstans"),
                {"PLACE_UNKNOWN", "ingenstans"});
}

TEST_F(Refusals, AnUnknownProcess) {
  ExpectRefused(Changed(Finding(1), "\"augustenborg\"", "\"rosengard\""),
                {"rosengard"});
}

TEST_F(Refusals, ATextThatIsTooLong) {
  ExpectRefused(Changed(Finding(1), "Lampan", std::string(17'000, 'a')),
                {"TEXT_TOO_LONG", "finding_logged.description", "16384"});
}

TEST_F(Refusals, WhatTellsAPersonIsToldWithoutItself) {
  const std::map<std::string, std::string> rule_of = {
      {"070-123 45 67", "TEXT_HAS_PHONE_NUMBER"},
      {"811218-9876", "TEXT_HAS_IDENTITY_NUMBER"},
      {"anna.berg@example.org", "TEXT_HAS_EMAIL_ADDRESS"}};
  for (const auto& [text, rule] : rule_of) {
    const Outcome outcome =
        Record(Changed(Finding(1), "Lampan", "Fråga " + text));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(Has(outcome.err, rule)) << outcome.err;
    EXPECT_TRUE(Has(outcome.err, "finding_logged.description")) << outcome.err;
    EXPECT_FALSE(Has(outcome.err, text)) << outcome.err;
  }
}

TEST_F(Refusals, AnEventWithoutIdOrSource) {
  ExpectRefused(Changed(Finding(1),
                        "\"id\":\"018bcfe5-6800-7000-8000-000000010001\",", ""),
                {"line 1, EVENT_ID_MISSING, id"});
}

TEST_F(Refusals, OneBadEventKeepsTheWholeBatchOut) {
  const std::string bad = Changed(Finding(3), "2025-09-17", "2025-13");
  ExpectRefused(Finding(1) + "\n" + Finding(2) + bad,
                {"nothing was recorded", "line 4, ", "TIME_INVALID"});
  ExpectRefused("[" + Finding(1) + ",\n" + bad + "]",
                {"line 3, ", "TIME_INVALID"});
}

TEST_F(Refusals, EveryFaultOfABatchIsTold) {
  std::string events;
  for (int i = 1; i <= 300; ++i) {
    events += Changed(Finding(i), "2025-09-17", "2025-02-30");
  }
  const Outcome outcome = Record(events);
  EXPECT_EQ(outcome.status, 1);
  size_t told = 0;
  for (size_t at = 0;
       (at = outcome.err.find("TIME_INVALID", at)) != std::string::npos; ++at) {
    ++told;
  }
  EXPECT_EQ(told, 300u) << outcome.err.substr(0, 2000);
  EXPECT_TRUE(Has(outcome.err, "300 faults in 300 events; nothing was"))
      << outcome.err.substr(0, 200);
}

TEST_F(Refusals, FaultsAndEventsAreCountedApart) {
  const std::string bad = Changed(Changed(Finding(1), "2025-09-17", "2025-13"),
                                  "Lampan", "070-123 45 67");
  ExpectRefused(bad + Finding(2), {"2 faults in 1 event; nothing was"});
  ExpectRefused(Finding(2) + Changed(Finding(3), "2025-09-17", "2025-13"),
                {"1 fault in 1 event; nothing was"});
  const Outcome swedish = server_->Samverk({"record", "-"}, bad);
  EXPECT_TRUE(Has(swedish.err, "2 fel i 1 händelse; inget registrerades"))
      << swedish.err;
  const Outcome checked = Record(bad, {"--check"});
  EXPECT_TRUE(Has(checked.err, "2 faults in 1 event; would be refused"))
      << checked.err;
}

TEST_F(Refusals, AnIdThatIsRecordedWithOtherContent) {
  may_record_ = true;
  ASSERT_EQ(Record(Finding(100)).status, 0);
  const std::string head = Head();
  ExpectRefused(Changed(Finding(100), "Lampan", "Lyktan"),
                {"018bcfe5-6800-7000-8000-000000010100", "[ID_CONFLICT]"});
  EXPECT_EQ(Head(), head);
}

TEST_F(Refusals, EventsThatAreRecordedAlreadyAreToldByTheirLines) {
  may_record_ = true;
  // An id that nobody wrote: it is made of the source.
  const std::string unnamed =
      Changed(Finding(110), "\"id\":\"018bcfe5-6800-7000-8000-000000010110\"",
              R"("source":{"system":"walk-app","ref":"110"})");
  ASSERT_EQ(Record(unnamed + Finding(111)).status, 0);
  const std::string head = Head();
  const std::string more =
      Finding(112) + unnamed + "\n" + Finding(111) + Finding(113);
  ExpectRefused(more, {"2 events are recorded already", "standard input",
                       "nothing was recorded", "[ID_CONFLICT]",
                       "  line 2: ", "(walk-app 110)", "  line 4: "});
  const Outcome batches = Record(more, {"--batch", "1"});
  EXPECT_EQ(batches.status, 1);
  EXPECT_TRUE(Has(batches.err, "up to line 1 is recorded")) << batches.err;
  EXPECT_TRUE(Has(batches.err, "  line 2: ")) << batches.err;
  EXPECT_FALSE(Has(batches.err, "  line 4: ")) << batches.err;
}

TEST_F(Refusals, AnEventThatIsTooLargeIsToldByItsLine) {
  const std::string large =
      Changed(Finding(1), "Lampan", std::string(5 << 20, 'x'));
  const Outcome outcome = Record(Finding(2) + large);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(Has(outcome.err, "line 2")) << outcome.err;
  EXPECT_FALSE(Has(outcome.err, "--batch")) << outcome.err;
}

TEST_F(Refusals, CheckingRecordsNothing) {
  const Outcome good = Record(Finding(1), {"--check"});
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_TRUE(Has(good.out, "would be accepted")) << good.out;
  const Outcome bad =
      Record(Changed(Finding(1), "2025-09-17", "2025-13"), {"--check"});
  EXPECT_EQ(bad.status, 1);
  EXPECT_TRUE(Has(bad.err, "TIME_INVALID")) << bad.err;
}

TEST_F(Refusals, AFileThatIsTooLargeIsSplitOnlyWhenAsked) {
  may_record_ = true;
  std::string events;
  for (int i = 1'001; i <= 2'001; ++i) events += Finding(i);
  const std::string head = Head();
  ExpectRefused(events, {"1,001 events", "--batch"});
  EXPECT_EQ(Head(), head);
  const Outcome split = Record(events, {"--batch", "1000"});
  EXPECT_EQ(split.status, 0) << split.err;
  EXPECT_TRUE(Has(split.err, "1,001 events recorded")) << split.err;
}

TEST_F(Refusals, ASplitFileSaysHowFarItCame) {
  may_record_ = true;
  const std::string bad = Changed(Finding(3'003), "2025-09-17", "2025-13");
  const Outcome split = Record(
      Finding(3'001) + Finding(3'002) + bad + Finding(3'004), {"--batch", "2"});
  EXPECT_EQ(split.status, 1);
  EXPECT_TRUE(Has(split.err, "up to line 2 is recorded, nothing after it"))
      << split.err;
  EXPECT_TRUE(Has(split.err, "line 3, ")) << split.err;
}

TEST_F(Refusals, QuestionsThatCannotBeAnswered) {
  const auto expect = [](const std::vector<std::string>& command, int status,
                         const std::string& part) {
    const Outcome outcome = server_->Samverk(command);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(Has(outcome.err, part)) << outcome.err;
  };
  const std::vector<std::string> budget = {"--lang", "en", "show", "budget"};
  const auto with = [&budget](std::vector<std::string> more) {
    more.insert(more.begin(), budget.begin(), budget.end());
    return more;
  };
  expect(with({}), 2, "--process is required");
  expect(with({"-p", "augustenborg", "--as-of", "2026-02-30"}), 2,
         "2026-02-30");
  expect(with({"-p", "rosengard"}), 1, "[NOT_FOUND]");
  expect(with({"-p", "augustenborg", "--period", "2025-13"}), 1, "2025-13");
  expect({"--lang", "de", "status"}, 2, "--lang");
  expect({"shwo"}, 2, "shwo");
  expect({}, 2, "samverk needs one of: record, show, ");
  expect({"show"}, 2, "samverk show needs one of: budget, ");
  expect({"log", "--follow", "--reverse"}, 2, "--follow");
  expect({"log", "--type", "nonsense"}, 1, "nonsense");
  expect({"report", "-p", "augustenborg"}, 2, "--period");
  expect({"projections", "rebuild", "nonsense"}, 1, "nonsense");
  expect({"record", "/no/such/file"}, 1, "/no/such/file");
  expect({"record", "/dev/null"}, 1, "/dev/null");
  expect({"show", "nothing"}, 2, "nothing");
  expect(with({"-p", "augustenborg", "--at-least", "x"}), 2, "--at-least");
  expect(with({"-p", "augustenborg", "--at-least", "1", "--as-of", "1"}), 2,
         "--as-of");
}

TEST(WithoutServer, EveryCommandSaysThatNobodyAnswers) {
  const Environment nobody = {{"SAMVERK_SERVER", "127.0.0.1:1"}};
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
           {"status"}, {"log"}, {"processes"}, {"show", "budget", "-p", "x"}}) {
    std::vector<std::string> all = {SAMVERK_PROGRAM};
    all.insert(all.end(), command.begin(), command.end());
    const Outcome outcome = RunProgram(all, "", nobody);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(Has(outcome.err, "ingen server svarar på 127.0.0.1:1"))
        << outcome.err;
  }
}

}  // namespace
}  // namespace samverk::e2e

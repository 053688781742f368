// Events against the JSON Schemas of their kinds, by Python's jsonschema.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/event_json.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/testing/proto_fill.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::HasSubstr;

// A cost that is as it must be.
constexpr char kCost[] =
    R"({"id":"018bcfe5-6800-7000-8000-00000000002a","process":"augustenborg",)"
    R"("recorded_by":{"organisation":"mkb"},"occurred":{"edtf":"2025-10-14"},)"
    R"("cost_booked":{"cost":"a-117-1","amount":{"ore":"1250000",)"
    R"("currency":"SEK","precision":"PRECISION_EXACT"},"text":"Blomlådor"}})";

class Schemas : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TemporaryDirectory;
    const Outcome exported =
        RunProgram({SAMVERK_PROGRAM, "--lang", "en", "export", "schemas",
                    "--out", Directory()});
    ASSERT_EQ(exported.status, 0) << exported.err;
    EXPECT_EQ(exported.out, "");
    EXPECT_THAT(exported.err, HasSubstr("one for each kind of event"));
  }
  static void TearDownTestSuite() { delete directory_; }

  static std::string Directory() { return directory_->path() + "/schemas"; }

  // What the validator says of each event.
  static std::vector<std::string> Verdicts(
      const std::vector<std::string>& events) {
    const Outcome checked = RunProgram(
        {"/usr/bin/python3", "tests/describe/validate.py", Directory()},
        absl::StrJoin(events, "\n") + "\n");
    EXPECT_EQ(checked.status, 0) << checked.err;
    std::vector<std::string> verdicts = Lines(checked.out);
    EXPECT_EQ(verdicts.size(), events.size());
    return verdicts;
  }

  static TemporaryDirectory* directory_;
};

TemporaryDirectory* Schemas::directory_ = nullptr;

TEST_F(Schemas, AreThereForEveryKindOfEvent) {
  std::set<std::string> expected;
  for (const auto fact : codec::AllFacts()) {
    expected.insert(
        absl::StrCat(absl::string_view(codec::TypeName(fact).data(),
                                       codec::TypeName(fact).size()),
                     ".json"));
  }
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(Directory())) {
    found.insert(entry.path().filename().string());
  }
  EXPECT_EQ(found, expected);
}

TEST_F(Schemas, SayWhatTheContractSays) {
  const std::string schema =
      ReadFile(Directory() + "/samverk.cost_booked.json");
  EXPECT_THAT(schema, HasSubstr("draft/2020-12/schema"));
  EXPECT_THAT(schema, HasSubstr("Id of the cost, unique in the process"));
  EXPECT_THAT(schema,
              HasSubstr("PRECISION_EXACT: Backed by a decision or a voucher."));
}

TEST_F(Schemas, TakeTheEventsOfTheDemoAndOfTheGoldenReports) {
  std::vector<std::string> files = DemoFiles();
  files.push_back("tests/report/data/grona_straket.jsonl");
  std::vector<std::string> events;
  for (const std::string& file : files) {
    for (const std::string& line : Lines(ReadFile(file))) {
      if (!line.empty()) events.push_back(line);
    }
  }
  EXPECT_GT(events.size(), 150u);
  EXPECT_THAT(Verdicts(events), Each("ok"));
}

TEST_F(Schemas, TakeEveryFieldOfEveryKindAsItIsWritten) {
  std::vector<std::string> events;
  for (event::v1::Event event : testing::OneOfEachKind()) {
    // Deep enough for values within values to be whole.
    const auto* arm =
        event::v1::Event::descriptor()->FindFieldByNumber(event.fact_case());
    testing::FillAllFields(event, 9);
    testing::FillAllFields(
        *event::v1::Event::GetReflection()->MutableMessage(&event, arm), 9);
    events.push_back(codec::ToJson(event));
  }
  EXPECT_EQ(events.size(), codec::AllFacts().size());
  const std::vector<std::string> verdicts = Verdicts(events);
  for (size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(verdicts[i], "ok") << events[i].substr(0, 2000);
  }
}

// An event that is spoiled in one place, and what the validator says of it.
struct Spoiled {
  std::string from;
  std::string to;
  std::string verdict;
  // The strict codec refuses it too; otherwise the rules do.
  bool codec_refuses = true;
};

TEST_F(Schemas, RefuseWhatIsSpoiled) {
  const std::vector<Spoiled> all = {
      {R"("text":)", R"("note":"x","text":)", "'note' was unexpected"},
      {R"("process":)", R"("proces":"x","process":)",
       "'proces' was unexpected"},
      {"PRECISION_EXACT", "PRECISION_EXAKT", "is not one of"},
      {"PRECISION_EXACT", "PRECISION_UNSPECIFIED", "is not one of", false},
      {R"("1250000")", "12500.5", "is not of type"},
      {R"("1250000")", R"("12500.5")", "does not match"},
      {R"("1250000")", R"("12 500")", "does not match"},
      {R"("1250000")", "true", "is not of type"},
      {R"("process":"augustenborg",)", "", "'process' is a required", false},
      {R"("process":"augustenborg")", R"("process":"")", "is too short", false},
      {R"("currency":"SEK",)", "", "'currency' is a required", false},
      {R"("cost":"a-117-1",)", "", "'cost' is a required", false},
      {R"("recorded_by":{"organisation":"mkb"},)", "",
       "'recorded_by' is a required", false},
      {R"("text":"Blomlådor")", R"("text":["Blomlådor"])", "is not of type"},
      {R"("cost_booked":)",
       R"("goal_set":{"goal":"g","text":"x"},)"
       R"("cost_booked":)",
       "was unexpected"},
  };
  std::vector<std::string> events = {kCost};
  for (const Spoiled& spoiled : all) {
    std::string event = kCost;
    const size_t at = event.find(spoiled.from);
    ASSERT_NE(at, std::string::npos) << spoiled.from;
    events.push_back(event.replace(at, spoiled.from.size(), spoiled.to));
  }
  const std::vector<std::string> verdicts = Verdicts(events);
  ASSERT_EQ(verdicts.size(), events.size());
  EXPECT_EQ(verdicts[0], "ok");
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_THAT(verdicts[i + 1], HasSubstr(all[i].verdict)) << events[i + 1];
    EXPECT_EQ(codec::EventFromJson(events[i + 1]).ok(), !all[i].codec_refuses)
        << events[i + 1];
  }
}

}  // namespace
}  // namespace samverk::e2e

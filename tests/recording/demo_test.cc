// The demo process is transcribed history: the rules take it as it stands.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "proto/codec/event_json.h"
#include "services/recording/messages.h"
#include "tests/testing/given.h"

namespace samverk::recording {
namespace {

std::vector<std::filesystem::path> DemoFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator("deploy/demo")) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<event::v1::Event> EventsIn(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  auto events = codec::EventsFromJson(text.str());
  EXPECT_TRUE(events.ok()) << file << ": " << events.status().ToString();
  return events.ok() ? *std::move(events) : std::vector<event::v1::Event>();
}

void ExpectRecorded(const RecordOutcome& outcome, const std::string& what) {
  EXPECT_TRUE(outcome.status.ok()) << what << ": " << outcome.status.ToString();
  for (const BatchViolation& violation : outcome.violations) {
    ADD_FAILURE() << what << ", event " << violation.event_index << ", "
                  << EntryOf(violation.violation.rule).id << " at "
                  << violation.violation.field << ": "
                  << ViolationText(violation.violation,
                                   codec::Language::kEnglish);
  }
}

TEST(Demo, IsRecordedFileByFileAndAgain) {
  testing::Given given{std::vector<event::v1::Event>()};
  given.clock().Set(absl::FromUnixSeconds(1'795'000'000));  // November 2026
  const auto files = DemoFiles();
  ASSERT_FALSE(files.empty());
  size_t events = 0;
  for (const bool again : {false, true}) {
    for (const auto& file : files) {
      if (!again) events += EventsIn(file).size();
      const RecordOutcome outcome =
          testing::RecordNow(given.recorder(), EventsIn(file));
      ExpectRecorded(outcome, file.filename().string());
      EXPECT_EQ(outcome.replayed, again) << file;
    }
  }
  EXPECT_GE(events, 50u);
  EXPECT_EQ(given.store().Head(), Position(events));
}

TEST(Demo, IsRecordedEventByEvent) {
  testing::Given given{std::vector<event::v1::Event>()};
  given.clock().Set(absl::FromUnixSeconds(1'795'000'000));
  for (const auto& file : DemoFiles()) {
    int line = 0;
    for (const event::v1::Event& event : EventsIn(file)) {
      ++line;
      ExpectRecorded(testing::RecordNow(given.recorder(), {event}),
                     file.filename().string() + ":" + std::to_string(line));
    }
  }
}

}  // namespace
}  // namespace samverk::recording

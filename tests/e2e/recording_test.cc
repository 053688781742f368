// What the command line says of what it records, and that whoever has recorded
// something sees it.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "proto/codec/event_json.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

// Events of the demo process; `number` makes the id of each.
std::string Event(int number, const std::string& fact) {
  return absl::StrCat(
      R"({"id":"018bcfe5-6800-7000-8000-0000000)", 10'000 + number,
      R"(","process":"augustenborg","occurred":{"edtf":"2025-09-17"},)",
      R"("recorded_by":{"organisation":"mkb","role":"projektledare",)",
      R"("subject":"p-1"},)", fact, "}\n");
}

std::string Finding(int number) {
  return Event(number,
               absl::StrCat(R"("finding_logged":{"finding":"f-)", number,
                            R"(","polarity":"POLARITY_DEFICIENCY",)",
                            R"("category":"FINDING_CATEGORY_LIGHTING",)",
                            R"("description":"Lampa )", number, "\"}"));
}

class Recording : public testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RunningServer>(directory_.path() + "/data");
    server_->RecordDemo();
  }
  void TearDown() override { EXPECT_EQ(server_->Stop().status, 0); }

  Outcome Record(const std::string& events) const {
    return server_->Samverk({"record", "--batch", "1000", "-"}, events);
  }
  std::string Show(const std::string& view,
                   const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {"show", view, "-p", "augustenborg"};
    command.insert(command.end(), more.begin(), more.end());
    const Outcome shown = server_->Samverk(command);
    EXPECT_EQ(shown.status, 0) << shown.err;
    return shown.out;
  }

  // A view's pages as JSON: each is one line, one is not enough, and each of
  // the `wanted` numbers that follow `key` stands in one of them.
  void ExpectPages(const std::string& view, const std::string& key,
                   size_t wanted) const {
    const std::vector<std::string> pages = Lines(Show(view, {"--json"}));
    EXPECT_GT(pages.size(), 1u) << view;
    std::set<std::string> all;
    size_t sum = 0;
    for (const std::string& page : pages) {
      EXPECT_TRUE(codec::CheckStrictJson(page).ok()) << view;
      std::set<std::string> told;
      for (size_t at = 0; (at = page.find(key, at)) != std::string::npos;) {
        at += key.size();
        told.insert(page.substr(at, 4));
      }
      sum += told.size();
      all.merge(told);
    }
    EXPECT_EQ(all.size(), wanted) << view;
    EXPECT_EQ(sum, wanted) << view;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(Recording, SaysWhatWasRecordedAndWhere) {
  const size_t demo = DemoEvents();
  EXPECT_EQ(LastLine(Record(Finding(1)).err),
            absl::StrCat("1 händelse registrerad (#", demo + 1, ")"));
  EXPECT_EQ(LastLine(Record(Finding(2) + Finding(3)).err),
            absl::StrCat("2 händelser registrerade (#", demo + 2, "–#",
                         demo + 3, ")"));
  EXPECT_EQ(LastLine(Record(Finding(1)).err),
            absl::StrCat("1 händelse fanns redan (#", demo + 1, ")"));
  const Outcome english = server_->Samverk({"--lang", "en", "record", "-"},
                                           Finding(2) + Finding(3));
  EXPECT_EQ(LastLine(english.err),
            absl::StrCat("2 events were there already (#", demo + 2, "–#",
                         demo + 3, ")"));
}

TEST_F(Recording, IsSeenByTheNextQuestion) {
  for (int i = 1; i <= 40; ++i) {
    ASSERT_EQ(Record(Finding(i)).status, 0);
    EXPECT_TRUE(Has(Show("findings"), absl::StrCat("f-", i, " "))) << i;
  }
}

TEST_F(Recording, CanBeWaitedForByPosition) {
  ASSERT_EQ(Record(Finding(1)).status, 0);
  const std::string position = absl::StrCat(DemoEvents() + 1);
  EXPECT_TRUE(Has(Show("findings", {"--at-least", position}), "f-1 "));
  Show("findings", {"--at-least", "0"});
  const Outcome never =
      server_->Samverk({"--lang", "en", "show", "findings", "-p",
                        "augustenborg", "--at-least", "1000000"});
  EXPECT_EQ(never.status, 1);
  EXPECT_EQ(never.out, "");
  EXPECT_TRUE(Has(never.err, "[NOT_CAUGHT_UP]")) << never.err;
  EXPECT_TRUE(Has(never.err, "--at-least 0")) << never.err;
}

TEST_F(Recording, ACorrectionTakesThePlaceOfWhatItCorrects) {
  ASSERT_EQ(Record(Finding(1)).status, 0);
  std::string replacement = Finding(1);
  replacement.replace(0, replacement.find("\"process\""), "{");
  replacement.pop_back();
  replacement.replace(replacement.find("Lampa 1"), 7, "Lyktan är trasig");
  const std::string correction = Event(
      2, absl::StrCat(R"("event_corrected":{)",
                      R"("target":"018bcfe5-6800-7000-8000-000000010001",)",
                      R"("reason_code":"skrivfel",)",
                      R"("reason":"Det är en lykta",)",
                      "\"replacement\":", replacement, "}"));
  const Outcome corrected = Record(correction);
  ASSERT_EQ(corrected.status, 0) << corrected.err;
  const std::string findings = Show("findings");
  EXPECT_TRUE(Has(findings, "Lyktan")) << findings;
  EXPECT_FALSE(Has(findings, "Lampa 1")) << findings;
  EXPECT_TRUE(Has(Show("findings", {"--as-of", absl::StrCat(DemoEvents() + 1)}),
                  "Lampa 1"));
}

TEST_F(Recording, LongAnswersAreFetchedWhole) {
  constexpr int kMany = 1'100;
  // `fact` has ID where the event's number belongs.
  const auto record = [this](int first, int count, const std::string& fact) {
    std::string events;
    for (int i = 1; i <= count; ++i) {
      const std::string number = absl::StrCat(10'000 + i).substr(1);
      events += Event(first + i, absl::StrReplaceAll(fact, {{"ID", number}}));
    }
    const Outcome recorded = Record(events);
    EXPECT_EQ(recorded.status, 0) << recorded.err.substr(0, 2'000);
  };
  record(0, kMany,
         R"("finding_logged":{"finding":"f-ID",)"
         R"("polarity":"POLARITY_DEFICIENCY",)"
         R"("category":"FINDING_CATEGORY_LIGHTING","description":"Mörkt"})");
  record(2'000, 150,
         R"("actor_registered":{"actor":"a-ID","name":"Förening nr ID",)"
         R"("kind":"ACTOR_KIND_ASSOCIATION"})");
  record(2'500, 150,
         R"("role_assigned":{"actor":"a-ID","kind":"ROLE_KIND_PARTICIPANT"})");
  record(3'000, kMany,
         R"("decision_recorded":{"decision":"d-ID","body":"Styrgruppen",)"
         R"("text":"Beslut ID"})");
  record(5'000, kMany,
         R"("lesson_recorded":{"lesson":"l-ID","text":"Lärdom ID"})");
  record(7'000, kMany,
         R"("activity_scheduled":{"activity":"m-ID",)"
         R"("kind":"ACTIVITY_KIND_MEETING","title":"Möte ID",)"
         R"("planned":{"edtf":"2025-10"}})");
  ExpectPages("findings", "\"finding\":\"f-", kMany);
  ExpectPages("participation", "\"actor\":\"a-", 150);
  ExpectPages("lessons", "\"lesson\":\"l-", kMany);
  ExpectPages("activities", "\"activity\":\"m-", kMany);
  ExpectPages("timeline", "Beslut ", kMany);
  const std::string text = Show("lessons");
  EXPECT_TRUE(Has(text, "Lärdom 0001") && Has(text, "Lärdom 1100"));
}

}  // namespace
}  // namespace samverk::e2e

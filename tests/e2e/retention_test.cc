// What falls due for disposal: never what must be kept, and nothing in silence.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

class Retention : public testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RunningServer>(directory_.path() + "/data");
    Record(1, R"("process_registered":{"name":"P"})");
  }
  static std::string IdOf(int number) {
    return absl::StrCat("018bcfe5-6800-7000-8000-0000000000", 10 + number);
  }
  void Record(int number, const std::string& rest) const {
    const Outcome recorded = Run(
        {"record", "-"},
        absl::StrCat(R"({"id":")", IdOf(number),
                     R"(","process":"p","recorded_by":{"organisation":"mkb",)"
                     R"("role":"projektledare"},)",
                     rest, "}\n"));
    EXPECT_EQ(recorded.status, 0) << recorded.err;
  }
  // A lesson of May 2020 and of this class.
  static std::string Lesson(const std::string& retention_class) {
    return absl::StrCat(R"("occurred":{"edtf":"2020-05"},"retention_class":")",
                        retention_class,
                        R"(","lesson_recorded":{"lesson":"l-1","text":"t"})");
  }
  Outcome Run(std::vector<std::string> arguments,
              const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--lang", "en"});
    return server_->Samverk(arguments, input);
  }
  // The preview's line of lessons of a class; empty: there is none.
  std::string LineOf(const std::string& retention_class,
                     const std::string& at = "2026-11-27") const {
    const Outcome shown =
        Run({"--json", "retention", "--process", "p", "--at", at});
    EXPECT_EQ(shown.status, 0) << shown.err;
    for (const std::string& line : Lines(shown.out)) {
      if (Has(line,
              absl::StrCat(R"("retention_class":")", retention_class, "\"")) &&
          Has(line, "samverk.lesson_recorded")) {
        return line;
      }
    }
    return "";
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(Retention, WhatIsNotUnderstoodIsSaidAndNeverDue) {
  const std::string other = "gallras 1 år efter att processen stängts";
  Record(2, Lesson(other));
  EXPECT_TRUE(Has(LineOf(other), R"("not_understood":true)")) << LineOf(other);
  EXPECT_FALSE(Has(LineOf(other), R"("due")")) << LineOf(other);
  const Outcome table =
      Run({"retention", "--process", "p", "--at", "2026-11-27"});
  EXPECT_TRUE(Has(table.out, "not understood")) << table.out;
}

TEST_F(Retention, WhatIsKeptIsNeverDue) {
  const std::string kept = "bevaras (gallrades förr 2 år)";
  Record(2, Lesson(kept));
  EXPECT_FALSE(Has(LineOf(kept), R"("due")")) << LineOf(kept);
  EXPECT_FALSE(Has(LineOf(kept), "not_understood")) << LineOf(kept);
}

TEST_F(Retention, MonthsCountFromTheTurnOfTheYear) {
  const std::string months = "gallras 6 månader";
  Record(2, Lesson(months));
  EXPECT_TRUE(Has(LineOf(months, "2021-06-30"), R"("next_due":"2021-07-01")"));
  EXPECT_TRUE(Has(LineOf(months, "2021-07-01"), R"("due":"1")"));
}

TEST_F(Retention, WhatStandsGoverns) {
  Record(2, Lesson("gallras 5 år"));
  EXPECT_TRUE(Has(LineOf("gallras 5 år"), R"("due":"1")"));
  Record(3, absl::StrCat(R"("event_corrected":{"target":")", IdOf(2),
                         R"(","reason_code":"r","reason":"r","replacement":{)"
                         R"("process":"p",)",
                         Lesson("bevaras"), "}}"));
  EXPECT_EQ(LineOf("gallras 5 år"), "");
  EXPECT_TRUE(Has(LineOf("bevaras"), R"("events":"1")"));
  EXPECT_FALSE(Has(LineOf("bevaras"), R"("due")"));
}

TEST_F(Retention, WhatWasTakenOutFallsDueAllTheSame) {
  Record(2, Lesson("gallras 5 år"));
  Record(3, absl::StrCat(R"("event_voided":{"target":")", IdOf(2),
                         R"(","reason_code":"r","reason":"r"})"));
  EXPECT_TRUE(Has(LineOf("gallras 5 år"), R"("due":"1")"));
}

TEST_F(Retention, WhatMayNotBeReadIsCounted) {
  Record(2, absl::StrCat(R"("visibility":"VISIBILITY_OPEN",)", Lesson("7 år")));
  Record(3, R"("visibility":"VISIBILITY_FUNDER","retention_class":"5 år",)"
            R"("goal_set":{"goal":"g-1","text":"t"})");
  EXPECT_FALSE(Has(Run({"retention", "--process", "p"}).err, "may not read"));
  // From now on whoever asks logs in.
  EXPECT_EQ(server_->Stop().status, 0);
  const std::string data = directory_.path() + "/data";
  const Outcome token =
      RunProgram({SAMVERK_PROGRAM, "token", "add", "s-1", "--data", data,
                  "--organisation", "fgk", "--role", "partner@p"});
  EXPECT_EQ(token.status, 0) << token.err;
  server_ = std::make_unique<RunningServer>(data);
  const Outcome shown =
      server_->Samverk({"--lang", "en", "retention", "--process", "p"}, "",
                       {{"SAMVERK_TOKEN", Lines(token.out).front()}});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_TRUE(Has(shown.err, "1 events you may not read")) << shown.err;
}

TEST_F(Retention, AProcessThatIsNotThereIsAnError) {
  const Outcome unknown = Run({"retention", "--process", "q"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_TRUE(Has(unknown.err, "NOT_FOUND")) << unknown.err;
}

// However much the views of a process have to say.
TEST_F(Retention, OfAVeryLargeProcessIsShownToo) {
  std::string lines;
  for (int i = 0; i < 45'000; ++i) {
    absl::StrAppend(
        &lines, R"({"process":"p","source":{"system":"t","ref":")", i,
        R"("},"recorded_by":{"organisation":"mkb","role":"projektledare"},)"
        R"("retention_class":"7 år","amount_stated":{"statement":"m-)",
        i,
        R"(","kind":"STATED_KIND_OTHER","amount":{"ore":100,)"
        R"("currency":"SEK","precision":"PRECISION_EXACT"}}})"
        "\n");
  }
  ASSERT_EQ(Run({"record", "--batch", "1000", "-"}, lines).status, 0);
  const Outcome shown =
      Run({"retention", "--process", "p", "--at", "2026-11-27"});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_TRUE(Has(shown.out, "45")) << shown.out;
}

}  // namespace
}  // namespace samverk::e2e

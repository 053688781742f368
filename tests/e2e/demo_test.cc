// What a person sees of the demo process: views, report and history, from the
// built programs.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "proto/codec/event_json.h"
#include "proto/codec/text.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

constexpr const char* kViews[] = {"budget",   "participation", "activities",
                                  "findings", "measures",      "timeline",
                                  "checks",   "lessons",       "costs"};

// One server with the demo process, which the tests only read.
class Demo : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    server_ = std::make_unique<RunningServer>(
        directory_->path() + "/data",
        std::vector<std::string>{"--register", "test.example/augustenborg"});
    server_->RecordDemo();
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(server_->Stop().status, 0);
    server_.reset();
    directory_.reset();
  }

  static Outcome Samverk(const std::vector<std::string>& arguments) {
    return server_->Samverk(arguments);
  }
  static std::string OutOf(const std::vector<std::string>& arguments) {
    const Outcome outcome = Samverk(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }
  static std::vector<std::string> Show(const std::string& view) {
    return {"show", view, "--process", "augustenborg", "--period", "2025"};
  }

  static std::unique_ptr<TemporaryDirectory> directory_;
  static std::unique_ptr<RunningServer> server_;
};
std::unique_ptr<TemporaryDirectory> Demo::directory_;
std::unique_ptr<RunningServer> Demo::server_;

TEST_F(Demo, TheServerSaysWhatItIsAndWhere) {
  EXPECT_TRUE(Has(server_->greeting(),
                  "register \"test.example/augustenborg\" at 127.0.0.1:"))
      << server_->greeting();
  EXPECT_TRUE(Has(server_->greeting(), ", head 0")) << server_->greeting();
}

TEST_F(Demo, EveryViewIsShownInBothLanguagesAndAsJson) {
  for (const char* view : kViews) {
    std::vector<std::string> command = Show(view);
    const std::string swedish = OutOf(command);
    EXPECT_TRUE(Has(swedish, "kunskapsläge")) << view << "\n" << swedish;
    command.insert(command.begin(), {"--lang", "en"});
    const std::string english = OutOf(command);
    EXPECT_TRUE(Has(english, "state of")) << view << "\n" << english;
    EXPECT_NE(swedish, english);
    command.push_back("--json");
    const std::string json = OutOf(command);
    EXPECT_EQ(Lines(json).size(), 1u) << json;
    EXPECT_TRUE(codec::CheckStrictJson(json).ok()) << json;
    for (const std::string& line : Lines(swedish)) {
      // Prose of people is not longer than the screen; only ids may be.
      EXPECT_LE(codec::DisplayWidth(line), 100u) << view << ": " << line;
    }
  }
}

TEST_F(Demo, TheBudgetNeverShowsOneNumberWithoutItsBasis) {
  const std::string budget = WithPlainSpaces(OutOf(Show("budget")));
  for (const char* line : {"300 000 kr  exakt         beslutat",
                           "ca 270 000 kr  uppskattning  uppgivet",
                           "ca 30 000 kr  uppskattning  härlett",
                           "342 840 kr  uppgivet      uppgivet",
                           "ca 642 840 kr  uppskattning  uppgivet",
                           "642 840 kr  uppgivet      härlett",
                           "ca 612 840 kr  uppskattning  härlett"}) {
    EXPECT_TRUE(Has(budget, line)) << line << " is missing in\n" << budget;
  }
  for (const char* check : {"⚠ C1/", "⚠ C3/", "⚠ C5/"}) {
    EXPECT_TRUE(Has(budget, check)) << check << " is missing in\n" << budget;
  }
}

TEST_F(Demo, AnEarlierStateShowsWhatWasKnownThen) {
  const std::vector<std::string> grant =
      Lines(OutOf({"log", "--type", "grant_awarded"}));
  ASSERT_EQ(grant.size(), 1u);
  const int awarded = std::stoi(grant[0].substr(1));
  std::vector<std::string> command = Show("budget");
  command.insert(command.end(), {"--as-of", absl::StrCat(awarded - 1)});
  const std::string before = WithPlainSpaces(OutOf(command));
  EXPECT_TRUE(
      Has(before, absl::StrCat("händelse ", awarded - 1, " av ", DemoEvents())))
      << before;
  EXPECT_FALSE(Has(before, "300 000 kr")) << before;
  command.back() = absl::StrCat(awarded);
  const std::string after = WithPlainSpaces(OutOf(command));
  EXPECT_TRUE(Has(after, "300 000 kr")) << after;
  EXPECT_FALSE(Has(after, "270 000 kr")) << after;
}

TEST_F(Demo, TheChecksThatTheDocumentGivesRiseTo) {
  const std::string checks = OutOf(Show("checks"));
  for (const char* rule : {"C1/", "C2/", "C3/", "C4/", "C5/", "C8/", "C9/",
                           "C10/", "C11/", "C12/", "C13/"}) {
    EXPECT_TRUE(Has(checks, absl::StrCat("⚠ ", rule)))
        << rule << " is missing in\n"
        << checks;
  }
}

TEST_F(Demo, WhatWasInferredIsMarkedInEveryView) {
  for (const char* view : kViews) {
    std::vector<std::string> command = Show(view);
    const std::string swedish = OutOf(command);
    const bool marked = std::regex_search(swedish, std::regex("#[0-9]+\\*"));
    // There are no vouchers in the demo process, and so no costs.
    EXPECT_EQ(marked, std::string(view) != "costs") << view << "\n" << swedish;
    EXPECT_EQ(LastLine(swedish) ==
                  "* helt eller delvis slutet av "
                  "sammanhanget, står inte i källan",
              marked)
        << view << "\n"
        << swedish;
    command.insert(command.begin(), {"--lang", "en"});
    EXPECT_EQ(LastLine(OutOf(command)) ==
                  "* wholly or partly inferred from the context, not in the "
                  "source",
              marked)
        << view;
  }
}

TEST_F(Demo, TheReportHasTheFundersHeadings) {
  const std::string report =
      OutOf({"report", "--process", "augustenborg", "--period", "2025"});
  for (int section = 1; section <= 7; ++section) {
    EXPECT_TRUE(Has(report, absl::StrCat("\n## ", section, ". ")))
        << section << " is missing in\n"
        << report;
  }
  EXPECT_TRUE(Has(report, "Bifoga"));
}

TEST_F(Demo, TheReportIsTheSameBytesEveryTime) {
  for (const char* language : {"sv", "en"}) {
    for (const char* format : {"md", "html", "json"}) {
      const std::vector<std::string> command = {
          "--lang",   language, "report",   "--process", "augustenborg",
          "--period", "2025",   "--format", format};
      const std::string first = OutOf(command);
      EXPECT_GT(first.size(), 10'000u) << language << " " << format;
      EXPECT_EQ(OutOf(command), first) << language << " " << format;
      const std::string text = WithPlainSpaces(first);
      EXPECT_TRUE(Has(text, std::string(language) == "sv" ? "ca 612 840 kr"
                                                          : "SEK 612,840"))
          << language << " " << format;
      if (std::string(format) == "json") {
        EXPECT_TRUE(codec::CheckStrictJson(first).ok());
      }
    }
  }
}

TEST_F(Demo, TheReportIsWrittenToAFileWholeOrNotAtAll) {
  const std::string path = directory_->path() + "/report.html";
  const std::vector<std::string> command = {
      "report", "-p", "augustenborg", "--period", "2025", "--format", "html"};
  std::vector<std::string> to_file = command;
  to_file.insert(to_file.end(), {"--out", path});
  const Outcome written = Samverk(to_file);
  EXPECT_EQ(written.status, 0) << written.err;
  EXPECT_EQ(written.out, "");
  EXPECT_TRUE(Has(written.err, "öppna kontroller")) << written.err;
  EXPECT_EQ(ReadFile(path), OutOf(command));
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));

  to_file.back() = directory_->path() + "/no/such/place.html";
  const Outcome failed = Samverk(to_file);
  EXPECT_EQ(failed.status, 1);
  EXPECT_TRUE(Has(failed.err, "kan inte skrivas")) << failed.err;
}

TEST_F(Demo, RecordingAgainIsHarmless) {
  for (const std::string& file : DemoFiles()) {
    const Outcome again = Samverk({"record", file});
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_TRUE(Has(again.err, "fanns redan")) << again.err;
    EXPECT_FALSE(Has(again.err, "registrerade")) << again.err;
  }
  EXPECT_TRUE(Has(OutOf({"status"}), absl::StrCat("#", DemoEvents(), ",")));
}

TEST_F(Demo, TheLogIsFilteredAndTurned) {
  EXPECT_EQ(Lines(OutOf({"log"})).size(), DemoEvents());
  EXPECT_EQ(Lines(OutOf({"log", "--process", "augustenborg"})).size(),
            DemoEvents());
  EXPECT_EQ(Lines(OutOf({"log", "--from", "10", "--to", "12"})).size(), 3u);
  const std::vector<std::string> last =
      Lines(OutOf({"log", "--reverse", "--limit", "2"}));
  ASSERT_EQ(last.size(), 2u);
  EXPECT_TRUE(Has(last[0], absl::StrCat("#", DemoEvents(), " "))) << last[0];
  EXPECT_TRUE(Has(last[1], absl::StrCat("#", DemoEvents() - 1, " ")))
      << last[1];
  EXPECT_EQ(Lines(OutOf({"log", "--type", "amount_stated"})).size(), 3u);
  EXPECT_EQ(Lines(OutOf({"log", "--type", "amount_stated", "--type",
                         "samverk.grant_awarded"}))
                .size(),
            4u);
  const std::vector<std::string> tagged =
      Lines(OutOf({"log", "-p", "augustenborg", "--tag", "grant:fgk-2025"}));
  EXPECT_GE(tagged.size(), 2u);
  EXPECT_LT(tagged.size(), 10u);
  const std::vector<std::string> json = Lines(OutOf({"log", "--json"}));
  EXPECT_EQ(json.size(), DemoEvents());
  for (const std::string& line : json) {
    EXPECT_TRUE(codec::CheckStrictJson(line).ok()) << line;
  }
}

TEST_F(Demo, ARebuiltProjectionGivesTheSameView) {
  const std::string before = OutOf(Show("budget"));
  const Outcome rebuilt = Samverk({"projections", "rebuild", "budget"});
  EXPECT_EQ(rebuilt.status, 0) << rebuilt.err;
  EXPECT_TRUE(
      Has(rebuilt.out, absl::StrCat(DemoEvents(), " av ", DemoEvents())))
      << rebuilt.out;
  EXPECT_EQ(OutOf(Show("budget")), before);
  const std::string list = OutOf({"projections", "list"});
  for (const char* name : {"activities", "budget", "checks", "findings",
                           "participation", "timeline"}) {
    EXPECT_TRUE(Has(list, name)) << list;
  }
  EXPECT_FALSE(Has(list, "stannad")) << list;
}

TEST_F(Demo, ProcessesAndStatusTellWhatThereIs) {
  EXPECT_TRUE(Has(OutOf({"processes"}), "Ekostaden Augustenborg"));
  const std::string status = OutOf({"--lang", "en", "status"});
  EXPECT_TRUE(Has(status, "test.example/augustenborg")) << status;
  EXPECT_TRUE(Has(status, "Writable")) << status;
  EXPECT_TRUE(codec::CheckStrictJson(OutOf({"status", "--json"})).ok());
}

TEST_F(Demo, AReaderWhoHasEnoughEndsTheProgramQuietly) {
  const Outcome outcome =
      RunProgram({"/bin/sh", "-c",
                  absl::StrCat(SAMVERK_PROGRAM, " --server ",
                               server_->address(), " log --json | head -n 1")});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(Lines(outcome.out).size(), 1u);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Demo, OutputThatCannotBeWrittenIsAFailure) {
  const Outcome outcome = RunProgram(
      {"/bin/sh", "-c",
       absl::StrCat(SAMVERK_PROGRAM, " --server ", server_->address(),
                    " --lang en log > /dev/full")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(Has(outcome.err, "No space left on device")) << outcome.err;
}

TEST_F(Demo, TheEnvironmentChoosesTheLanguage) {
  const Outcome english =
      server_->Samverk({"processes"}, "", {{"LANG", "en_GB.UTF-8"}});
  EXPECT_TRUE(Has(english.out, "Municipality")) << english.out;
  const Outcome swedish =
      server_->Samverk({"processes"}, "", {{"LANG", "sv_SE.UTF-8"}});
  EXPECT_TRUE(Has(swedish.out, "Kommun")) << swedish.out;
}

}  // namespace
}  // namespace samverk::e2e

// What is asked of a register on the command line: which state, which events,
// how many, and where a report goes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using Arguments = std::vector<std::string>;

class Asking : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_directory_ = std::make_unique<TemporaryDirectory>();
    server_ = std::make_unique<RunningServer>(
        register_directory_->path() + "/data", Arguments{"--demo"});
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(server_->Stop().status, 0);
    server_.reset();
    register_directory_.reset();
  }

  static Outcome Ask(Arguments arguments) {
    arguments.insert(arguments.begin(), {"--lang", "en"});
    return server_->Samverk(arguments);
  }
  static Outcome ShowAsOf(const std::string& as_of) {
    return Ask(
        {"show", "budget", "-p", "augustenborg", "--as-of", as_of, "--json"});
  }
  static Outcome Report(Arguments more) {
    more.insert(more.begin(),
                {"report", "-p", "augustenborg", "--period", "2025"});
    return Ask(more);
  }

  // Exit status 2, nothing on standard output, one sentence that has `part`.
  static void ExpectMisuse(const Arguments& arguments,
                           const std::string& part) {
    const Outcome outcome = Ask(arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(Has(outcome.err, part)) << outcome.err;
    EXPECT_EQ(Lines(outcome.err).size(), 1u) << outcome.err;
  }

  std::string Path(const std::string& name) const {
    return directory_.path() + "/" + name;
  }

  static std::unique_ptr<TemporaryDirectory> register_directory_;
  static std::unique_ptr<RunningServer> server_;
  TemporaryDirectory directory_;
};
std::unique_ptr<TemporaryDirectory> Asking::register_directory_;
std::unique_ptr<RunningServer> Asking::server_;

TEST_F(Asking, AStateThatIsNotRecordedYetIsRefused) {
  for (const Outcome& outcome :
       {ShowAsOf("999999"), Report({"--as-of", "999999"})}) {
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(Has(outcome.err, "position 999999 has not been recorded yet"))
        << outcome.err;
  }
}

TEST_F(Asking, ANumberThatMayBeAYearIsNotTakenForAPosition) {
  for (const std::string year : {"1900", "2025", "2100"}) {
    ExpectMisuse(
        {"report", "-p", "augustenborg", "--period", "2025", "--as-of", year},
        absl::StrCat("write #", year, " for the event, ", year,
                     "-12-31 for the state of that day"));
  }
  EXPECT_EQ(ShowAsOf("#60").out, ShowAsOf("60").out);
  EXPECT_TRUE(Has(ShowAsOf("#60").out, "\"position\":\"60\""));
  EXPECT_TRUE(Has(ShowAsOf("#2025").err, "position 2025 has not been"));
}

TEST_F(Asking, TimesAsTheProgramPrintsThemAreTakenBack) {
  const Outcome logged = Ask({"log", "--limit", "1", "--json"});
  const std::string key = "\"recorded_at\":\"";
  const size_t at = logged.out.find(key) + key.size();
  const std::string exact =
      logged.out.substr(at, logged.out.find('"', at) - at);
  // "2026-11-26T16:09:20.741883Z", of the first batch.
  EXPECT_TRUE(Has(ShowAsOf(exact).out, "\"recorded_at\"")) << exact;
  const Outcome shown = Ask({"show", "budget", "-p", "augustenborg"});
  const std::string known = "state of ";
  const std::string heading = Lines(shown.out).at(1);
  const std::string local =
      heading.substr(heading.find(known) + known.size(), 16);
  EXPECT_TRUE(Has(ShowAsOf(local).out,
                  absl::StrCat("\"position\":\"", DemoEvents(), "\"")))
      << local << " of " << heading;
}

TEST_F(Asking, WhatIsNotANumberOfThatKindIsRefused) {
  ExpectMisuse({"log", "--limit", "0"}, "--limit");
  ExpectMisuse({"log", "--limit", "-1"}, "--limit");
  ExpectMisuse({"log", "--to", "0"}, "--to");
  ExpectMisuse({"log", "--to", "-1"}, "--to");
  ExpectMisuse({"log", "--from", "-1"}, "--from");
  ExpectMisuse({"log", "--from", "+1"}, "--from");
  ExpectMisuse({"log", "--from", "99999999999999999999"}, "--from");
  ExpectMisuse({"show", "budget", "-p", "augustenborg", "--at-least", "-1"},
               "--at-least");
  ExpectMisuse({"record", "--batch", "-1", "-"}, "--batch");
  ExpectMisuse({"record", "--batch", "1001", "-"}, "--batch");
  EXPECT_EQ(Lines(Ask({"log", "--limit", "2"}).out).size(), 2u);
}

TEST_F(Asking, TheLogOfAProcessThatIsNotThereIsRefused) {
  for (const Arguments& more : {Arguments{}, Arguments{"--follow"}}) {
    Arguments arguments = {"log", "-p", "augustenborgg"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = Ask(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(Has(outcome.err, "augustenborgg")) << outcome.err;
    EXPECT_TRUE(Has(outcome.err, "samverk processes")) << outcome.err;
  }
}

TEST_F(Asking, ATagWithoutKindOrIdIsRefused) {
  for (const std::string tag : {"foo", "finding:", ":f-1", ""}) {
    ExpectMisuse({"log", "-p", "augustenborg", "--tag", tag}, "finding:f-1");
  }
}

TEST_F(Asking, PositionsBeyondTheHeadAreToldAndAreNoError) {
  const std::string head = absl::StrCat("#", DemoEvents());
  const Outcome from = Ask({"log", "--from", "999999"});
  EXPECT_EQ(from.status, 0);
  EXPECT_EQ(from.out, "");
  EXPECT_TRUE(Has(from.err, "#999999")) << from.err;
  EXPECT_TRUE(Has(from.err, head)) << from.err;
  const Outcome to =
      Ask({"log", "--from", absl::StrCat(DemoEvents()), "--to", "999999"});
  EXPECT_EQ(to.status, 0);
  EXPECT_EQ(Lines(to.out).size(), 1u);
  EXPECT_TRUE(Has(to.err, "#999999")) << to.err;
  EXPECT_EQ(Ask({"log", "--to", "3"}).err, "");
}

TEST_F(Asking, AReportKeepsTheFileThatItReplaces) {
  const std::string path = Path("report.md");
  std::ofstream(path) << "old";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  ASSERT_EQ(symlink("report.md", Path("latest.md").c_str()), 0);
  ASSERT_EQ(symlink("later.md", Path("next.md").c_str()), 0);
  EXPECT_EQ(Report({"--out", Path("latest.md")}).status, 0);
  EXPECT_EQ(Report({"--out", Path("next.md")}).status, 0);
  const std::string report = Report({}).out;
  EXPECT_EQ(ReadFile(path), report);
  EXPECT_EQ(ReadFile(Path("later.md")), report);
  struct stat about {};
  ASSERT_EQ(lstat(Path("latest.md").c_str(), &about), 0);
  EXPECT_TRUE(S_ISLNK(about.st_mode));
  ASSERT_EQ(lstat(Path("next.md").c_str(), &about), 0);
  EXPECT_TRUE(S_ISLNK(about.st_mode));
  ASSERT_EQ(lstat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
}

TEST_F(Asking, AReportIsWrittenIntoWhatIsNoFile) {
  const std::string path = Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  // Opened for both, so that neither side waits for the other for ever.
  const int pipe = open(path.c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(pipe, 0);
  std::string read;
  std::atomic<bool> ended = false;
  std::thread reader([&] {
    char buffer[1 << 16];
    bool last = false;
    for (;;) {
      const ssize_t got = ::read(pipe, buffer, sizeof(buffer));
      if (got > 0) {
        read.append(buffer, static_cast<size_t>(got));
      } else if (last) {
        break;
      } else {
        last = ended.load();
        absl::SleepFor(absl::Milliseconds(1));
      }
    }
  });
  const Outcome outcome = Report({"--out", path});
  ended.store(true);
  reader.join();
  close(pipe);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read, Report({}).out);
  struct stat about {};
  ASSERT_EQ(lstat(path.c_str(), &about), 0);
  EXPECT_TRUE(S_ISFIFO(about.st_mode));
}

TEST_F(Asking, AReportThatCannotBeWrittenLeavesNothingBehind) {
  const Outcome outcome = Report({"--out", directory_.path()});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(Has(outcome.err, directory_.path())) << outcome.err;
  EXPECT_EQ(Report({"--out", Path("none/report.md")}).status, 1);
}

TEST_F(Asking, AServerThatIsNotThereIsNotWaitedFor) {
  const absl::Time before = absl::Now();
  const Outcome outcome =
      RunProgram({SAMVERK_PROGRAM, "--server", "127.0.0.1:1", "processes"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_LT(absl::Now() - before, absl::Seconds(20));
  EXPECT_TRUE(Has(outcome.err, "127.0.0.1:1")) << outcome.err;
}

}  // namespace
}  // namespace samverk::e2e

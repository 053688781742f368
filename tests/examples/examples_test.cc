// The examples for partners (clients/examples), as their files are: a finance
// system that is killed and run again, and a follower that is killed again and
// again. Given a register that grows, when the follower has come to its head,
// then its copy is the log: no gap, no repetition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/npm_project.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::HasSubstr;

constexpr int kRounds = 8;
// What is new in the ledger each round, and when the server goes away.
constexpr int kCostsEach = 20;
constexpr int kCosts = kCostsEach * (kRounds + 1);

// How an example is run: its language, its two programs, and which address it
// is given.
struct Language {
  std::vector<std::string> finance;
  std::vector<std::string> follower;
  std::string copy;  // the follower's file
  bool http = false;
  Environment environment;
};

std::vector<std::string> With(std::vector<std::string> command,
                              const std::vector<std::string>& arguments) {
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

// The first lines of the ledger.
void WriteLedger(const std::string& path, int costs) {
  std::ofstream file(path);
  file << "voucher;date;text;kronor;grant\n";
  for (int i = 1; i <= costs; ++i) {
    file << absl::StrFormat("A-%d-1;2025-10-14;Blomlådor;%d.50;fgk-2025\n", i,
                            i);
  }
}

// Ports that stay the same when the server is started again.
std::vector<std::string> SamePorts(const RunningServer& server) {
  return {"--grpc", server.address(), "--http", server.http_address()};
}

class Examples : public testing::Test {
 protected:
  Examples() : ledger_(directory_.path() + "/ledger.csv") {
    server_ = std::make_unique<RunningServer>(
        directory_.path() + "/data", std::vector<std::string>{"--demo"});
    ports_ = SamePorts(*server_);
  }

  std::string Address(const Language& language) const {
    return language.http ? "http://" + server_->http_address()
                         : server_->address();
  }
  std::unique_ptr<Process> Start(const Language& language,
                                 const std::vector<std::string>& command) {
    return std::make_unique<Process>(command, "", language.environment);
  }
  std::vector<std::string> Finance(const Language& language) const {
    return With(language.finance, {ledger_, Address(language)});
  }
  std::vector<std::string> Follower(const Language& language) const {
    return With(language.follower, {language.copy, Address(language)});
  }

  // Events of a copy or a log, one a line.
  static std::vector<std::string> Events(const std::string& path) {
    const Outcome outcome =
        RunProgram({"/usr/bin/python3", "tests/examples/copied.py", path});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return Lines(outcome.out);
  }
  std::vector<std::string> Log() const {
    const std::string path = directory_.path() + "/log.jsonl";
    std::ofstream(path) << server_->Samverk({"log", "--json"}).out;
    return Events(path);
  }

  // Waits until it has written this; false: it has ended, or takes too long.
  static bool AwaitText(Process& process, const std::string& text) {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    while (!Has(process.Out(), text)) {
      if (process.Ended() || absl::Now() >= deadline) return false;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return true;
  }

  void BookAndFollow(const Language& language);

  TemporaryDirectory directory_{TemporaryDirectory::InMemory()};
  std::string ledger_;
  std::unique_ptr<RunningServer> server_;
  std::vector<std::string> ports_;
};

void Examples::BookAndFollow(const Language& language) {
  std::mt19937 random(20251014);
  std::set<std::string> begun_after;
  for (int round = 0; round < kRounds; ++round) {
    WriteLedger(ledger_, kCostsEach * (round + 1));
    const auto finance = Start(language, Finance(language));
    const auto follower = Start(language, Follower(language));
    ASSERT_TRUE(AwaitText(*follower, "stored up to #")) << follower->Err();
    absl::SleepFor(absl::Milliseconds(random() % 100));
    follower->Signal(SIGKILL);
    finance->Signal(SIGKILL);
    begun_after.insert(Lines(follower->Out()).front());
  }
  // They were killed in the midst of it: each began where another had ended.
  EXPECT_EQ(begun_after.size(), size_t{kRounds});

  // The server goes away under both of them, as in a power failure.
  WriteLedger(ledger_, kCosts);
  {
    const auto finance = Start(language, Finance(language));
    const auto follower = Start(language, Follower(language));
    ASSERT_TRUE(AwaitText(*finance, "booked")) << finance->Err();
    ASSERT_TRUE(AwaitText(*follower, "following")) << follower->Err();
    server_->Kill();
    absl::SleepFor(absl::Milliseconds(300));
    server_ =
        std::make_unique<RunningServer>(directory_.path() + "/data", ports_);
    const Outcome booked = finance->Wait();
    EXPECT_EQ(booked.status, 0) << booked.out << booked.err;
    const std::string head =
        absl::StrCat("stored up to #", DemoEvents() + kCosts, " of");
    EXPECT_TRUE(AwaitText(*follower, head))
        << follower->Out() << follower->Err();
    EXPECT_THAT(follower->Err(), HasSubstr("once more"));
    follower->Signal(SIGKILL);
  }

  // The whole ledger once more: nothing is booked twice.
  const Outcome again = RunProgram(Finance(language), "", language.environment);
  EXPECT_EQ(again.status, 0) << again.out << again.err;
  EXPECT_EQ(Lines(again.out).size(), size_t{kCosts});
  EXPECT_THAT(Lines(again.out), Each(HasSubstr("was booked already: #")));

  const std::vector<std::string> log = Log();
  EXPECT_EQ(log.size(), DemoEvents() + kCosts);
  EXPECT_EQ(Events(language.copy), log);

  // A line that was changed after it was booked is refused, and what is no
  // voucher or no sum; the others are not, also with the ends of another
  // system.
  std::ofstream(ledger_) << "voucher;date;text;kronor;grant\r\n"
                            "A-1-1;2025-10-14;Blomlådor;2.00;fgk-2025\r\n"
                            "B;2025-10-14;Blomlådor;2.00;fgk-2025\r\n"
                            "C-1-1;2025-10-14;Blomlådor;2.505;fgk-2025\r\n"
                            "A-2-1;2025-10-14;Blomlådor;2.50;fgk-2025\r\n";
  const Outcome changed =
      RunProgram(Finance(language), "", language.environment);
  EXPECT_EQ(changed.status, 1);
  EXPECT_THAT(changed.out, HasSubstr("A-1-1 REFUSED: "));
  EXPECT_THAT(changed.out, HasSubstr("B REFUSED: "));
  EXPECT_THAT(changed.out, HasSubstr("C-1-1 REFUSED: "));
  EXPECT_THAT(changed.out, HasSubstr("A-2-1 was booked already"));
  EXPECT_EQ(Log().size(), log.size());
}

TEST_F(Examples, InPythonBookOnceAndFollowWithoutGapOrRepetition) {
  const std::string work = directory_.path() + "/python";
  fs::copy("clients/examples/python", work);
  const Outcome stubs =
      RunProgram({"clients/examples/python/stubs.sh", work + "/stubs"});
  ASSERT_EQ(stubs.status, 0) << stubs.err;
  Language language;
  language.finance = {"/usr/bin/python3", work + "/finance.py"};
  language.follower = {"/usr/bin/python3", work + "/follower.py"};
  language.copy = directory_.path() + "/copy.sqlite";
  BookAndFollow(language);
}

TEST_F(Examples, InTypeScriptBookOnceAndFollowWithoutGapOrRepetition) {
  NpmProject project =
      InstallNpmProject("clients/examples/typescript", directory_.path());
  if (!project.unavailable.empty()) GTEST_SKIP() << project.unavailable;
  project.environment["SAMVERK_PROTO"] = fs::absolute("proto").string();
  const Outcome built =
      RunProgram({"/bin/sh", "-c",
                  absl::StrCat("cd ", project.directory, " && npm run build")},
                 "", project.environment);
  ASSERT_EQ(built.status, 0) << built.out << built.err;
  Language language;
  language.finance = {"/usr/bin/node", project.directory + "/dist/finance.js"};
  language.follower = {"/usr/bin/node",
                       project.directory + "/dist/follower.js"};
  language.copy = directory_.path() + "/copy.jsonl";
  language.http = true;
  language.environment = project.environment;
  BookAndFollow(language);
}

// The files beside the examples are what docs/partners.md tells to run.
TEST_F(Examples, TakeTheLedgerThatLiesBesideThem) {
  const std::string work = directory_.path() + "/python";
  fs::copy("clients/examples/python", work);
  ASSERT_EQ(
      RunProgram({"clients/examples/python/stubs.sh", work + "/stubs"}).status,
      0);
  const Outcome booked =
      RunProgram({"/usr/bin/python3", work + "/finance.py",
                  "clients/examples/ledger.csv", server_->address()});
  EXPECT_EQ(booked.status, 0) << booked.out << booked.err;
  EXPECT_EQ(Lines(booked.out).size(), 3u);
}

}  // namespace
}  // namespace samverk::e2e

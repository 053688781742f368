// The server is killed (SIGKILL) at any moment of its life, also while it
// starts: what it had acknowledged is there, unchanged (G1–G5).
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <iostream>
#include <random>

#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/fault/callers.h"
#include "tests/fault/journal.h"
#include "tests/fault/log_check.h"
#include "tests/fault/suite.h"

namespace samverk::fault {
namespace {

// A busy machine is slow, but a start must not grow with the number of crashes.
constexpr absl::Duration kLongestStart = absl::Seconds(30);
constexpr int kRoundsBetweenWholeChecks = 50;

class KillTest : public testing::Test {
 protected:
  std::string data() const { return directory_.path() + "/data"; }
  std::string journal_path() const { return directory_.path() + "/journal"; }

  // Starts a server and kills it before it is ready, or shortly after.
  void KillWhileStarting(std::mt19937_64& random) {
    e2e::Process process(e2e::ServerCommand(data(), {"--raw-store"}), "", {});
    absl::SleepFor(absl::Microseconds(random() % 200'000));
    process.Signal(SIGKILL);
    process.Wait();
    ++killed_while_starting_;
  }

  std::unique_ptr<e2e::RunningServer> Start() {
    const absl::Time begin = absl::Now();
    auto server = std::make_unique<e2e::RunningServer>(
        data(), std::vector<std::string>{"--raw-store"});
    const absl::Duration took = absl::Now() - begin;
    longest_start_ = std::max(longest_start_, took);
    EXPECT_LT(took, kLongestStart);
    return server;
  }

  // What the round before left is right, and is settled.
  void CheckAndSettle(const std::string& address) {
    auto client = client::Client::Connect({.address = address});
    ASSERT_TRUE(client.ok()) << client.status();
    const Mark from = marks_.empty() ? Mark() : marks_.front();
    check_.Check(**client, from.head, from.batches);
    if (HasFailure()) return;
    check_.Settle(**client, journal_);
    if (HasFailure()) return;
    marks_.push_back({check_.head(), journal_.batches().size()});
    if (marks_.size() > 3) marks_.pop_front();
    if (++rounds_ % kRoundsBetweenWholeChecks == 0) {
      journal_.Flush();
      CheckWhole(**client, journal_path());
    }
  }

  void Round(uint64_t seed) {
    std::mt19937_64 random(seed);
    if (random() % 4 == 0) {
      for (uint64_t i = 0; i < 1 + random() % 2; ++i) KillWhileStarting(random);
    }
    const auto server = Start();
    if (HasFailure()) return;
    ASSERT_NO_FATAL_FAILURE(CheckAndSettle(server->address()));
    if (HasFailure()) return;
    Callers callers({.address = server->address(), .seed = seed}, journal_);
    absl::SleepFor(absl::Microseconds(random() % 250'000));
    server->Kill();
    callers.Stop();
  }

  TemporaryDirectory directory_;
  Journal journal_{journal_path()};
  LogCheck check_{journal_};
  // The head, and the number of batches, after rounds before.
  struct Mark {
    uint64_t head = 0;
    size_t batches = 0;
  };
  std::deque<Mark> marks_;
  int rounds_ = 0;
  int killed_while_starting_ = 0;
  absl::Duration longest_start_;
};

TEST_F(KillTest, WhatWasAcknowledgedIsThereUnchanged) {
  ForEachSeed([this](uint64_t seed) { Round(seed); });
  if (HasFailure()) return;
  const auto server = Start();
  ASSERT_NO_FATAL_FAILURE(CheckAndSettle(server->address()));
  auto client = client::Client::Connect({.address = server->address()});
  ASSERT_TRUE(client.ok()) << client.status();
  journal_.Flush();
  CheckWhole(**client, journal_path());
  client->reset();
  EXPECT_EQ(server->Stop().status, 0);
  std::cout << "kill: " << journal_.acknowledged() << " events acknowledged; "
            << check_.open_there() << " batches without an answer were there, "
            << check_.open_gone() << " not; killed " << killed_while_starting_
            << " times while starting; longest start " << longest_start_
            << std::endl;
}

}  // namespace
}  // namespace samverk::fault

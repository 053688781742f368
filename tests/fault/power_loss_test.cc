// The power is cut under a server at work: what it had acknowledged is there
// after the disk was mounted again (G1–G4). Needs root and a loop device.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>

#include "absl/time/clock.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"
#include "tests/fault/callers.h"
#include "tests/fault/ext4_image.h"
#include "tests/fault/journal.h"
#include "tests/fault/log_check.h"
#include "tests/fault/suite.h"

namespace samverk::fault {
namespace {

class PowerLossTest : public testing::Test {
 protected:
  // One for all tests, because the process can only once be alone.
  static void SetUpTestSuite() {
    auto image = Ext4Image::Create();
    if (image.ok()) {
      image_ = *std::move(image);
    } else {
      why_not_ = std::string(image.status().message());
    }
  }
  static void TearDownTestSuite() { image_.reset(); }

  void SetUp() override {
    if (image_ != nullptr) return;
    std::cout << "power_loss: skipped: " << why_not_ << std::endl;
    GTEST_SKIP() << "power_loss: skipped: " << why_not_;
  }

  std::string data() const { return image_->path() + "/data"; }
  // Elsewhere: the client's disk keeps its power.
  std::string journal_path() const { return elsewhere_.path() + "/journal"; }

  // What serves the data: soon over when it is told to stop.
  std::vector<std::string> Arguments() const {
    const std::string config = elsewhere_.path() + "/samverkd.toml";
    std::ofstream(config) << "drain_seconds = 1\n";
    return {"--raw-store", "--config", config};
  }

  void CutPower() {
    const absl::Status cut = image_->CutPower();
    ASSERT_TRUE(cut.ok()) << cut;
  }
  void MountAgain() {
    const absl::Status mounted = image_->MountAgain();
    ASSERT_TRUE(mounted.ok()) << mounted;
  }

  void CutWhileStarting(std::mt19937_64& random) {
    e2e::Process process(e2e::ServerCommand(data(), Arguments()), "", {});
    absl::SleepFor(absl::Microseconds(random() % 200'000));
    CutPower();
    process.Signal(SIGKILL);
    process.Wait();
    MountAgain();
  }

  void CheckAndSettle(const std::string& address) {
    auto client = client::Client::Connect({.address = address});
    ASSERT_TRUE(client.ok()) << client.status();
    check_.Check(**client, 0, 0);
    if (!HasFailure()) check_.Settle(**client, journal_);
  }

  // Cuts the power while callers are at work, or between two spells of work;
  // the server is at it until it has noticed and a little longer. What was
  // acknowledged before the cut is there when the disk is mounted again, and so
  // is what was sent and acknowledged after it: a server without a disk may not
  // acknowledge.
  //
  // During the cut Linux itself lies: an fdatasync that is under way while ext4
  // is shut down may return success, and what it was to sync is lost (seen on
  // 6.18 with a program that does nothing but write and fdatasync, in one of
  // about fifteen cuts). A machine without power answers nobody, so such
  // answers count as not given. When nobody is at work during the cut there are
  // none.
  void CutUnderLoad(e2e::RunningServer& server, uint64_t seed,
                    std::mt19937_64& random) {
    std::optional<Callers> callers;
    Callers::Options options = {.address = server.address(),
                                .seed = 2 * seed,
                                .disk_fails = true,
                                .may_be_stopped = true};
    callers.emplace(options, journal_);
    absl::SleepFor(absl::Microseconds(random() % 250'000));
    const bool at_rest = seed % 2 == 0;
    if (at_rest) callers.reset();
    const Instant begin = std::chrono::steady_clock::now();
    CutPower();
    const Instant end = std::chrono::steady_clock::now();
    if (at_rest) {
      ++options.seed;
      callers.emplace(options, journal_);
    }
    const absl::Time cut = absl::Now();
    while (callers->failures() == 0 && absl::Now() < cut + e2e::kPatience) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_GT(callers->failures(), 0) << "appends succeed without a disk";
    absl::SleepFor(absl::Microseconds(random() % 50'000));
    // Without a disk it can still be told to stop.
    server.process().Signal(random() % 2 == 0 ? SIGTERM : SIGKILL);
    server.process().Wait();
    callers.reset();
    const size_t doubted = journal_.Doubt(begin, end);
    EXPECT_TRUE(doubted == 0 || !at_rest) << doubted;
    doubted_ += doubted;
  }

  void Round(uint64_t seed) {
    std::mt19937_64 random(seed);
    if (random() % 4 == 0) {
      ASSERT_NO_FATAL_FAILURE(CutWhileStarting(random));
    }
    {
      e2e::RunningServer server(data(), Arguments());
      if (HasFailure()) return;
      CheckAndSettle(server.address());
      if (HasFailure()) return;
      ASSERT_NO_FATAL_FAILURE(CutUnderLoad(server, seed, random));
    }
    MountAgain();
  }

  static inline std::unique_ptr<Ext4Image> image_;
  static inline std::string why_not_;

  TemporaryDirectory elsewhere_;
  Journal journal_{journal_path()};
  LogCheck check_{journal_};
  size_t doubted_ = 0;
};

// Else the other test would show nothing.
TEST_F(PowerLossTest, TheCutLosesWhatWasNotSynced) {
  const auto write_file = [](const std::string& path, bool synced) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(fd, 0) << path;
    EXPECT_EQ(write(fd, "written", 7), 7);
    if (synced) {
      EXPECT_EQ(fsync(fd), 0);
    }
    close(fd);
  };
  write_file(image_->path() + "/synced", true);
  write_file(image_->path() + "/not-synced", false);
  ASSERT_NO_FATAL_FAILURE(CutPower());
  ASSERT_NO_FATAL_FAILURE(MountAgain());
  EXPECT_EQ(e2e::ReadFile(image_->path() + "/synced"), "written");
  EXPECT_EQ(e2e::ReadFile(image_->path() + "/not-synced"), "");
}

TEST_F(PowerLossTest, WhatWasAcknowledgedIsThereUnchanged) {
  ForEachSeed([this](uint64_t seed) { Round(seed); });
  if (HasFailure()) return;
  e2e::RunningServer server(data(), Arguments());
  ASSERT_NO_FATAL_FAILURE(CheckAndSettle(server.address()));
  auto client = client::Client::Connect({.address = server.address()});
  ASSERT_TRUE(client.ok()) << client.status();
  journal_.Flush();
  CheckWhole(**client, journal_path());
  client->reset();
  EXPECT_EQ(server.Stop().status, 0);
  std::cout << "power_loss: " << journal_.acknowledged()
            << " events acknowledged; " << check_.open_there()
            << " batches without an answer were there, " << check_.open_gone()
            << " not; " << doubted_ << " were answered during the cut"
            << std::endl;
}

}  // namespace
}  // namespace samverk::fault

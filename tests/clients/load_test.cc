// The load generator: what it counts, and whose waiting it counts.
#include "clients/load/load.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "clients/load/histogram.h"

namespace samverk::load {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

TEST(Histogram, SmallValuesAreKeptAsTheyAre) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.count(), 100u);
  EXPECT_EQ(histogram.Quantile(0), 1u);
  EXPECT_EQ(histogram.Quantile(0.5), 50u);
  EXPECT_EQ(histogram.Quantile(0.99), 99u);
  EXPECT_EQ(histogram.Quantile(0.991), 100u);
  EXPECT_EQ(histogram.Quantile(1), 100u);
}

TEST(Histogram, LargeValuesAreWithinOnePerCentAndNeverTooSmall) {
  for (uint64_t value = 1; value < uint64_t{1} << 42; value += value / 3 + 1) {
    Histogram histogram;
    histogram.Add(value);
    histogram.Add(uint64_t{1} << 42);  // so that max() does not help
    const uint64_t read = histogram.Quantile(0.5);
    EXPECT_GE(read, value);
    EXPECT_LE(read, value + value / 128);
  }
}

TEST(Histogram, WhatIsTooLargeIsKeptAsMaximum) {
  Histogram histogram;
  histogram.Add(uint64_t{1} << 60);
  EXPECT_EQ(histogram.max(), uint64_t{1} << 60);
  EXPECT_EQ(histogram.count(), 1u);
}

TEST(Histogram, AnEmptyOneHasNothing) {
  EXPECT_EQ(Histogram().Quantile(0.99), 0u);
  EXPECT_EQ(Histogram().max(), 0u);
}

TEST(Histogram, MergingCountsBoth) {
  Histogram low;
  Histogram high;
  for (int i = 0; i < 50; ++i) low.Add(10);
  for (int i = 0; i < 50; ++i) high.Add(100);
  low.Merge(high);
  EXPECT_EQ(low.count(), 100u);
  EXPECT_EQ(low.Quantile(0.5), 10u);
  EXPECT_EQ(low.Quantile(0.51), 100u);
  EXPECT_EQ(low.max(), 100u);
}

// Something to call that takes `each` for an operation, on a thread of its own,
// but stalls for `stall` in the operation number `stalled`.
struct Behaviour {
  milliseconds each{1};
  milliseconds stall{0};
  int stalled = -1;
  absl::Status status = absl::OkStatus();
};

class ThreadCaller : public Caller {
 public:
  explicit ThreadCaller(Behaviour behaviour) : behaviour_(behaviour) {}
  ~ThreadCaller() override { Finish(); }

  void Start(Done done) override {
    EXPECT_FALSE(busy_) << "two operations at the same time";
    busy_ = true;
    // The thread that calls from within `done` is the one before.
    std::lock_guard<std::mutex> lock(mu_);
    threads_.emplace_back([this, done, number = number_++] {
      std::this_thread::sleep_for(
          number == behaviour_.stalled ? behaviour_.stall : behaviour_.each);
      busy_ = false;
      done({behaviour_.status, 3});
    });
  }

  void Finish() override {
    for (;;) {
      std::vector<std::thread> threads;
      {
        std::lock_guard<std::mutex> lock(mu_);
        threads.swap(threads_);
      }
      if (threads.empty()) return;
      for (auto& thread : threads) thread.join();
    }
  }

 private:
  const Behaviour behaviour_;
  std::atomic<bool> busy_{false};
  std::mutex mu_;
  std::vector<std::thread> threads_;  // guarded by mu_
  int number_ = 0;                    // guarded by mu_
};

absl::StatusOr<Result> RunOne(const Options& options, Behaviour behaviour,
                              int callers = 1) {
  std::vector<std::unique_ptr<Caller>> all;
  for (int i = 0; i < callers; ++i) {
    all.push_back(std::make_unique<ThreadCaller>(behaviour));
  }
  return Run(options, all);
}

TEST(ClosedLoop, CountsOperationsEventsAndTheirTime) {
  const auto result =
      RunOne({milliseconds(20), milliseconds(200), 0}, {milliseconds(10)}, 2);
  ASSERT_TRUE(result.ok()) << result.status();
  // Two callers of ten milliseconds each; a busy machine takes longer.
  EXPECT_GE(result->operations, 4u);
  EXPECT_LE(result->operations, 42u);
  EXPECT_EQ(result->events, 3 * result->operations);
  EXPECT_EQ(result->latency.count(), result->operations);
  EXPECT_GE(result->latency.Quantile(0), 10'000'000u);
}

TEST(ClosedLoop, WhatIsAbortedIsNoSuccess) {
  const auto aborted = RunOne({milliseconds(0), milliseconds(50), 0},
                              {.status = absl::AbortedError("conflict")});
  ASSERT_TRUE(aborted.ok()) << aborted.status();
  EXPECT_GT(aborted->aborted, 0u);
  EXPECT_EQ(aborted->operations, 0u);
  EXPECT_EQ(aborted->events, 0u);
}

TEST(ClosedLoop, WhoIsAlwaysRefusedIsToldWhy) {
  const auto refused = RunOne({milliseconds(0), milliseconds(50), 0},
                              {.status = absl::ResourceExhaustedError("full")});
  EXPECT_EQ(refused.status(), absl::ResourceExhaustedError("full"));
}

TEST(ClosedLoop, AnotherErrorEndsTheRun) {
  const auto start = SteadyClock::now();
  const auto result = RunOne({milliseconds(0), milliseconds(60'000), 0},
                             {.status = absl::DataLossError("damaged")}, 3);
  EXPECT_EQ(result.status(), absl::DataLossError("damaged"));
  EXPECT_LT(SteadyClock::now() - start, milliseconds(30'000));
}

TEST(OpenLoop, AnErrorEndsTheRun) {
  const auto start = SteadyClock::now();
  const auto result = RunOne({milliseconds(0), milliseconds(60'000), 100},
                             {.status = absl::DataLossError("damaged")}, 3);
  EXPECT_EQ(result.status(), absl::DataLossError("damaged"));
  EXPECT_LT(SteadyClock::now() - start, milliseconds(30'000));
}

// A server that stalls for 300 ms keeps all those waiting who are due in that
// time. A closed loop sees one slow operation; the open loop must see them all.
TEST(OpenLoop, AStallIsCountedForAllWhoWereDueInIt) {
  const Behaviour behaviour{
      .each = milliseconds(1), .stall = milliseconds(300), .stalled = 5};
  const auto closed =
      RunOne({milliseconds(0), milliseconds(600), 0}, behaviour);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_LT(closed->latency.Quantile(0.5), 50'000'000u);

  const auto open =
      RunOne({milliseconds(0), milliseconds(600), 100}, behaviour);
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(open->latency.count(), 60u);
  // Thirty were due in the stall; the k-th of them waited 10 k ms less.
  EXPECT_GT(open->latency.Quantile(0.75), 100'000'000u);
  EXPECT_EQ(open->unsent, 0u);
}

TEST(OpenLoop, TheRateIsKeptWhateverTheAnswers) {
  const auto result = RunOne({milliseconds(100), milliseconds(500), 200},
                             {milliseconds(20)}, 8);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->latency.count(), 100u);
}

}  // namespace
}  // namespace samverk::load

// The contract: many threads at once (G3, G4, G5).
#ifndef SAMVERK_TESTS_CONTRACT_CONCURRENCY_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_CONCURRENCY_CONTRACT_H_

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/base/mutex.h"
#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

// Runs run(i) in n threads and waits for all.
template <typename Run>
void InThreads(int n, Run run) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([i, &run] { run(i); });
  for (auto& thread : threads) thread.join();
}

TEST_P(EventStoreContract, ConcurrentConditionalAppendsNeverOverlap) {
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  InThreads(kThreads, [&](int) {
    for (int done = 0; done < kEach;) {
      // Reads the account's events, then adds one if nobody else did.
      ReadOptions options;
      options.query.items = {Item({}, {"account:1"})};
      const auto events = ReadAll(options);
      const Position last =
          events.empty() ? Position() : events.back().position();
      const auto result = Append(
          {Event("account", "t", {"account:1"}, absl::StrCat(events.size()))},
          {QueryCondition{options.query, last}});
      if (result.ok()) {
        ++done;
      } else {
        EXPECT_ERROR(result.status(), kAborted, QUERY_CONFLICT);
      }
    }
  });
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), size_t{kThreads * kEach});
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].position(), Position(i + 1));
    EXPECT_EQ(events[i].revision(), Revision(i + 1));
    EXPECT_EQ(DecodeBody(events[i].body())->payload, absl::StrCat(i))
        << "somebody wrote in between";
  }
}

TEST_P(EventStoreContract, ConcurrentDuplicatesAreRecordedOnce) {
  constexpr int kThreads = 8;
  for (int round = 0; round < 20; ++round) {
    const AppendRequest request = Request({Event("s"), Event("t")});
    std::atomic<int> first_answers{0};
    Mutex mu;
    std::set<uint64_t> positions;
    InThreads(kThreads, [&](int) {
      const auto result = Append(request);
      ASSERT_TRUE(result.ok()) << result.status();
      if (!result->replayed) ++first_answers;
      MutexLock lock(mu);
      positions.insert(result->recorded[0].position.value());
    });
    EXPECT_EQ(first_answers, 1);
    EXPECT_EQ(positions.size(), 1u);
  }
  EXPECT_EQ(store().Head(), Position(40));
}

TEST_P(EventStoreContract, QueuedRequestsSeeEachOther) {
  // All are queued before the first is answered, when the store queues at all.
  constexpr int kRequests = 50;
  Mutex mu;
  CondVar answered;
  std::vector<absl::Status> answers;
  for (int i = 0; i < kRequests; ++i) {
    store().Append(
        Request({Event("s", "t", {"k:1"})},
                {ExpectNone("s"), QueryCondition{{{Item({}, {"k:1"})}}, {}}}),
        absl::InfiniteFuture(), [&](absl::StatusOr<AppendResult> result) {
          MutexLock lock(mu);
          answers.push_back(result.status());
          answered.NotifyAll();
        });
  }
  MutexLock lock(mu);
  while (answers.size() < kRequests) answered.Wait(mu);
  int admitted = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++admitted;
      continue;
    }
    EXPECT_ERROR(answer, kAborted, REVISION_CONFLICT);
    EXPECT_EQ(ValuesOf(answer)["conditions"], "0,1");
    EXPECT_EQ(ValuesOf(answer)["conditions[1].position"], "1");
  }
  EXPECT_EQ(admitted, 1);
  EXPECT_EQ(store().Head(), Position(1));
}

TEST_P(EventStoreContract, QueuedSourceReferencesAreRecordedOnce) {
  constexpr int kThreads = 8;
  std::atomic<int> admitted{0};
  InThreads(kThreads, [&](int) {
    NewEvent event = Event("s");
    event.metadata.source_system = "erp";
    event.metadata.source_ref = "1";
    const auto result = Append({event});
    if (result.ok()) {
      ++admitted;
    } else {
      EXPECT_ERROR(result.status(), kAlreadyExists, SOURCE_CONFLICT);
    }
  });
  EXPECT_EQ(admitted, 1);
}

TEST_P(EventStoreContract, ReadersNeverSeeAGapAndBatchesAreWhole) {
  constexpr int kWriters = 4;
  constexpr int kBatches = 60;
  constexpr int kBatch = 5;
  std::atomic<int> writing{kWriters};
  InThreads(kWriters + 2, [&](int thread) {
    if (thread < kWriters) {
      for (int i = 0; i < kBatches; ++i) {
        std::vector<NewEvent> events;
        for (int j = 0; j < kBatch; ++j) {
          events.push_back(Event(absl::StrCat("s", thread), "t", {"k:1"}));
        }
        ASSERT_TRUE(Append(std::move(events)).ok());
      }
      --writing;
      return;
    }
    // One reader scans, the other one goes through an index.
    ReadOptions options;
    if (thread == kWriters) options.query.items = {Item({}, {"k:1"})};
    uint64_t seen = 0;
    while (seen < kWriters * kBatches * kBatch) {
      const bool last_round = writing == 0;
      options.after = Position(seen);
      const auto page = store().Read(options);
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_EQ(page->head.value() % kBatch, 0u) << "part of a batch is seen";
      for (const auto& event : page->events) {
        ASSERT_EQ(event.position().value(), ++seen) << "a gap";
      }
      if (page->end) {
        EXPECT_EQ(page->head.value(), seen);
      }
      if (last_round && page->end && page->events.empty()) break;
    }
    EXPECT_EQ(seen, uint64_t{kWriters * kBatches * kBatch});
  });
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_CONCURRENCY_CONTRACT_H_

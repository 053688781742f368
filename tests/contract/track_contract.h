// The contract of TrackStore: named positions, alone and with events.
#ifndef SAMVERK_TESTS_CONTRACT_TRACK_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_TRACK_CONTRACT_H_

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "eventstore/base/mutex.h"
#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

class TrackStoreContract : public EventStoreContract {
 protected:
  using Kind = TrackChange::Kind;

  absl::Status Change(Kind kind, std::string name, uint64_t position = 0) {
    return ChangeTrackAndWait(under_test().tracks(),
                              {kind, {std::move(name), position}},
                              absl::Now() + absl::Seconds(60));
  }
  absl::Status Set(std::string name, uint64_t position) {
    return Change(Kind::kForward, std::move(name), position);
  }
  absl::Status AppendWith(std::string name, uint64_t position) {
    AppendRequest request = Request({Event("s")});
    request.track = Track{std::move(name), position};
    return Append(std::move(request)).status();
  }
  // 0: there is none.
  uint64_t PositionOf(const std::string& name) {
    return under_test().tracks().FindTrack(name).value_or(0);
  }
  // "a=1 b=2".
  std::string Listed(const std::string& after = "", size_t limit = 100) {
    std::string text;
    for (const Track& track : under_test().tracks().ListTracks(after, limit)) {
      absl::StrAppend(&text, text.empty() ? "" : " ", track.consumer, "=",
                      track.upstream_position);
    }
    return text;
  }
};

TEST_P(TrackStoreContract, NothingIsTrackedAtFirst) {
  EXPECT_EQ(PositionOf("a"), 0u);
  EXPECT_EQ(Listed(), "");
}

TEST_P(TrackStoreContract, APositionGrowsAndTheSameAgainIsHarmless) {
  EXPECT_TRUE(Set("a", 5).ok());
  EXPECT_EQ(PositionOf("a"), 5u);
  EXPECT_TRUE(Set("a", 5).ok());
  EXPECT_TRUE(Set("a", 7).ok());
  EXPECT_EQ(PositionOf("a"), 7u);
  EXPECT_TRUE(Set("b", ~uint64_t{0}).ok());
  EXPECT_EQ(Listed(), "a=7 b=18446744073709551615");
  EXPECT_EQ(store().Head(), Position()) << "a position is no event";
}

TEST_P(TrackStoreContract, APositionDoesNotGoBackwards) {
  ASSERT_TRUE(Set("a", 5).ok());
  const absl::Status refused = Set("a", 4);
  EXPECT_ERROR(refused, kAborted, REVISION_CONFLICT);
  EXPECT_EQ(ValuesOf(refused)["recorded"], "5");
  EXPECT_EQ(ValuesOf(refused)["consumer"], "a");
  EXPECT_EQ(PositionOf("a"), 5u);
}

TEST_P(TrackStoreContract, APositionIsRewoundOnPurpose) {
  ASSERT_TRUE(AppendWith("a", 5).ok());
  EXPECT_TRUE(Change(Kind::kRewind, "a", 3).ok());
  EXPECT_EQ(PositionOf("a"), 3u);
  EXPECT_TRUE(AppendWith("a", 4).ok());
  EXPECT_TRUE(Change(Kind::kRewind, "new", 9).ok());
  EXPECT_EQ(Listed(), "a=4 new=9");
}

TEST_P(TrackStoreContract, ANameIsForgotten) {
  ASSERT_TRUE(Set("a", 5).ok());
  ASSERT_TRUE(AppendWith("b", 6).ok());
  EXPECT_TRUE(Change(Kind::kForget, "a").ok());
  EXPECT_TRUE(Change(Kind::kForget, "b").ok());
  EXPECT_EQ(PositionOf("a"), 0u);
  EXPECT_EQ(Listed(), "");
  EXPECT_ERROR(Change(Kind::kForget, "a"), kNotFound, NOT_FOUND);
  EXPECT_ERROR(Change(Kind::kForget, "never"), kNotFound, NOT_FOUND);
  EXPECT_TRUE(Set("a", 1).ok());
  EXPECT_TRUE(AppendWith("b", 1).ok());
  EXPECT_EQ(Listed(), "a=1 b=1");
}

TEST_P(TrackStoreContract, AppendsAndChangesShareTheNames) {
  ASSERT_TRUE(AppendWith("a", 5).ok());
  EXPECT_EQ(PositionOf("a"), 5u);
  EXPECT_TRUE(Set("a", 5).ok());
  EXPECT_ERROR(Set("a", 4), kAborted, REVISION_CONFLICT);
  EXPECT_TRUE(Set("a", 7).ok());
  const absl::Status refused = AppendWith("a", 7);
  EXPECT_ERROR(refused, kAborted, REVISION_CONFLICT);
  EXPECT_EQ(ValuesOf(refused)["recorded"], "7");
  EXPECT_EQ(store().Head(), Position(1));
  EXPECT_TRUE(AppendWith("a", 8).ok());
  EXPECT_EQ(PositionOf("a"), 8u);
}

TEST_P(TrackStoreContract, WhatIsRefusedOrRepeatedDoesNotMoveIt) {
  AppendRequest first = Request({Event("s")});
  first.track = Track{"a", 5};
  ASSERT_TRUE(Append(first).ok());
  ASSERT_TRUE(Set("a", 7).ok());
  // The same append again, also with another position.
  EXPECT_TRUE(Append(first)->replayed);
  first.track->upstream_position = 9;
  EXPECT_TRUE(Append(first)->replayed);
  EXPECT_EQ(PositionOf("a"), 7u);
  AppendRequest refused = Request({Event("s")}, {ExpectNone("s")});
  refused.track = Track{"a", 10};
  EXPECT_ERROR(Append(refused).status(), kAborted, REVISION_CONFLICT);
  EXPECT_EQ(PositionOf("a"), 7u);
}

TEST_P(TrackStoreContract, NamesAreListedByTheirBytesAndInPages) {
  for (const char* name : {"b", "å", "a/1", "B", "a"}) {
    ASSERT_TRUE(Set(name, 1).ok());
  }
  EXPECT_EQ(Listed(), "B=1 a=1 a/1=1 b=1 å=1");
  EXPECT_EQ(Listed("", 2), "B=1 a=1");
  EXPECT_EQ(Listed("a", 2), "a/1=1 b=1");
  EXPECT_EQ(Listed("a/1", 2), "b=1 å=1");
  EXPECT_EQ(Listed("å", 2), "");
  EXPECT_EQ(Listed("between a and b", 1), "å=1");
}

TEST_P(TrackStoreContract, WhatCanBeNoNameOrPositionIsRefused) {
  const std::string longest(limits::kTrackNameBytes, 'n');
  EXPECT_TRUE(Set(longest, 1).ok());
  EXPECT_TRUE(AppendWith(longest, 2).ok());
  EXPECT_ERROR(Set(longest + "n", 1), kInvalidArgument, LIMIT_EXCEEDED);
  EXPECT_ERROR(AppendWith(longest + "n", 1), kInvalidArgument, LIMIT_EXCEEDED);
  for (const Kind kind : {Kind::kForward, Kind::kRewind, Kind::kForget}) {
    EXPECT_ERROR(Change(kind, "", 1), kInvalidArgument, INVALID_FIELD);
  }
  EXPECT_ERROR(Set("a", 0), kInvalidArgument, INVALID_FIELD);
  EXPECT_ERROR(Change(Kind::kRewind, longest, 0), kInvalidArgument,
               INVALID_FIELD);
  EXPECT_ERROR(AppendWith("a", 0), kInvalidArgument, INVALID_FIELD);
  EXPECT_ERROR(AppendWith("", 1), kInvalidArgument, INVALID_FIELD);
  EXPECT_EQ(Listed(), longest + "=2");
}

TEST_P(TrackStoreContract, TracksAreThereAfterARestart) {
  ASSERT_TRUE(Set("alone", 5).ok());
  ASSERT_TRUE(AppendWith("with events", 6).ok());
  ASSERT_TRUE(Set("with events", 7).ok());
  ASSERT_TRUE(AppendWith("rewound", 6).ok());
  ASSERT_TRUE(Change(Kind::kRewind, "rewound", 2).ok());
  ASSERT_TRUE(AppendWith("forgotten", 1).ok());
  ASSERT_TRUE(Change(Kind::kForget, "forgotten").ok());
  for (int restart = 0; restart < 2; ++restart) {
    if (!under_test().Restart()) GTEST_SKIP() << "cannot be restarted";
    EXPECT_EQ(Listed(), "alone=5 rewound=2 with events=7");
    EXPECT_ERROR(Set("alone", 4), kAborted, REVISION_CONFLICT);
    EXPECT_ERROR(Change(Kind::kForget, "forgotten"), kNotFound, NOT_FOUND);
  }
  EXPECT_TRUE(AppendWith("forgotten", 1).ok());
  EXPECT_TRUE(AppendWith("rewound", 3).ok());
}

// Those who write under one name at once, some with events: each position is
// taken at most once with events, and the last one taken is what remains.
TEST_P(TrackStoreContract, TheLastOneTakenRemains) {
  constexpr int kThreads = 6;
  constexpr uint64_t kPositions = 240;
  std::atomic<uint64_t> next{0};
  Mutex mu;
  uint64_t last = 0;
  uint64_t appended = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (uint64_t n = ++next; n <= kPositions; n = ++next) {
        const absl::Status status =
            i % 2 == 0 ? Set("a", n) : AppendWith("a", n);
        if (status.ok()) {
          MutexLock lock(mu);
          last = std::max(last, n);
          appended += static_cast<uint64_t>(i % 2);
        } else {
          EXPECT_ERROR(status, kAborted, REVISION_CONFLICT);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(PositionOf("a"), last);
  EXPECT_EQ(store().Head(), Position(appended));
  if (!under_test().Restart()) GTEST_SKIP() << "cannot be restarted";
  EXPECT_EQ(PositionOf("a"), last);
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_TRACK_CONTRACT_H_

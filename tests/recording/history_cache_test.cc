// Histories that were read before: which are kept, and how many.
#include "services/recording/history_cache.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace samverk::recording {
namespace {

Term Stream(std::string text) { return {Term::Kind::kStream, std::move(text)}; }

// `positions` of events of 100 bytes each, all there are up to `upto`.
History HistoryOf(std::vector<uint64_t> positions, uint64_t upto) {
  HistoryEvents events;
  for (const uint64_t position : positions) {
    events.push_back({Position(position), 100, {}});
  }
  return {Position(upto), std::make_shared<HistoryEvents>(std::move(events))};
}

bool Knows(HistoryCache& cache, const Term& term) {
  return cache.Find(term).events != nullptr;
}

TEST(HistoryCache, GivesBackWhatItWasTold) {
  HistoryCache cache;
  EXPECT_FALSE(Knows(cache, Stream("p/grant/g")));
  cache.Keep(Stream("p/grant/g"), HistoryOf({3, 5}, 7));
  const History found = cache.Find(Stream("p/grant/g"));
  ASSERT_NE(found.events, nullptr);
  EXPECT_EQ(found.upto, Position(7));
  EXPECT_EQ(found.events->size(), 2u);
  EXPECT_EQ(cache.bytes(), 200u);
}

TEST(HistoryCache, ATagIsNoStream) {
  HistoryCache cache;
  cache.Keep(Stream("a"), HistoryOf({3}, 7));
  EXPECT_FALSE(Knows(cache, {Term::Kind::kTag, "a"}));
}

TEST(HistoryCache, NeverGoesBack) {
  HistoryCache cache;
  cache.Keep(Stream("a"), HistoryOf({3, 8}, 9));
  // A decision that began earlier ends later.
  cache.Keep(Stream("a"), HistoryOf({3}, 7));
  EXPECT_EQ(cache.Find(Stream("a")).upto, Position(9));
  EXPECT_EQ(cache.Find(Stream("a")).events->size(), 2u);
  cache.Keep(Stream("a"), HistoryOf({3, 8, 10}, 11));
  EXPECT_EQ(cache.Find(Stream("a")).events->size(), 3u);
  EXPECT_EQ(cache.bytes(), 300u);
}

TEST(HistoryCache, GoesFurtherWithTheSameEvents) {
  HistoryCache cache;
  History history = HistoryOf({3}, 7);
  cache.Keep(Stream("a"), history);
  history.upto = Position(20);
  cache.Keep(Stream("a"), history);
  EXPECT_EQ(cache.Find(Stream("a")).upto, Position(20));
  EXPECT_EQ(cache.bytes(), 100u);
}

TEST(HistoryCache, KeepsNoEmptyHistory) {
  HistoryCache cache;
  cache.Keep(Stream("a"), HistoryOf({}, 7));
  EXPECT_FALSE(Knows(cache, Stream("a")));
}

TEST(HistoryCache, IsBoundedAndForgetsWhatWasUsedFirst) {
  HistoryCache cache(300);
  cache.Keep(Stream("a"), HistoryOf({1}, 9));
  cache.Keep(Stream("b"), HistoryOf({2}, 9));
  cache.Keep(Stream("c"), HistoryOf({3}, 9));
  EXPECT_TRUE(Knows(cache, Stream("a")));
  cache.Keep(Stream("d"), HistoryOf({4}, 9));
  EXPECT_FALSE(Knows(cache, Stream("b")));
  EXPECT_TRUE(Knows(cache, Stream("a")));
  EXPECT_EQ(cache.bytes(), 300u);
  // One that does not fit by itself leaves the others alone.
  cache.Keep(Stream("e"), HistoryOf({5, 6, 7, 8}, 9));
  EXPECT_FALSE(Knows(cache, Stream("e")));
  EXPECT_TRUE(Knows(cache, Stream("a")));
}

}  // namespace
}  // namespace samverk::recording

#include "projections/engine/decoded_log.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/flaky_store.h"
#include "tests/engine/test_log.h"

namespace samverk::projections {
namespace {

using testing::Cost;
using ::testing::HasSubstr;
using testing::TestLog;

class DecodedLogTest : public ::testing::Test {
 protected:
  void AppendCosts(int n) {
    for (int i = 0; i < n; ++i) {
      log_.Append(Cost(absl::StrCat("c-", i), "g", 100 + i));
    }
  }
  static ReadOptions PagesOf(uint32_t events) {
    ReadOptions options;
    options.limit = events;
    return options;
  }

  TestLog log_;
  testing::FlakyStore store_{log_.store()};
};

TEST_F(DecodedLogTest, GivesEveryEventOnceInOrder) {
  AppendCosts(103);
  for (const uint32_t limit : {1u, 2u, 10u, 103u, 1'000u}) {
    SCOPED_TRACE(limit);
    DecodedLog log(store_, PagesOf(limit));
    uint64_t seen = 0;
    for (bool end = false; !end;) {
      const auto page = log.Next();
      ASSERT_TRUE(page.ok()) << page.status();
      ASSERT_EQ((*page)->decoded.size(), (*page)->page.events.size());
      for (const auto& placed : (*page)->decoded) {
        ASSERT_TRUE(placed.has_value());
        EXPECT_EQ(placed->position.value(), ++seen);
        EXPECT_EQ(placed->event->cost_booked().amount().ore(),
                  int64_t(99 + seen));
        EXPECT_TRUE(placed->occurred.has_value());
      }
      end = (*page)->page.end;
    }
    EXPECT_EQ(seen, 103u);
  }
}

TEST_F(DecodedLogTest, AnEmptyLogIsOneEmptyPage) {
  DecodedLog log(store_, PagesOf(10));
  const auto page = log.Next();
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE((*page)->page.end);
  EXPECT_TRUE((*page)->decoded.empty());
}

TEST_F(DecodedLogTest, APageStaysAsItIsWhileOthersAreReadAhead) {
  AppendCosts(50);
  DecodedLog log(store_, PagesOf(5));
  ASSERT_TRUE(log.Next().ok());
  const auto page = log.Next();
  ASSERT_TRUE(page.ok());
  // The reader comes as far as it may: the pages after the one in use.
  while (store_.reads < 4) absl::SleepFor(absl::Milliseconds(1));
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(store_.reads, 4) << "a slow reader of pages is not run away from";
  ASSERT_EQ((*page)->decoded.size(), 5u);
  for (uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ((*page)->decoded[i]->position.value(), 6 + i);
    EXPECT_EQ((*page)->decoded[i]->event->cost_booked().cost(),
              absl::StrCat("c-", 5 + i));
  }
}

TEST_F(DecodedLogTest, MayBeLeftWhileItReads) {
  AppendCosts(500);
  for (int i = 0; i < 50; ++i) {
    DecodedLog log(store_, PagesOf(1));
    for (int n = 0; n < i % 5; ++n) ASSERT_TRUE(log.Next().ok());
  }
}

TEST_F(DecodedLogTest, AnErrorComesInItsPlace) {
  AppendCosts(50);
  for (int n = 1; n <= 4; ++n) {
    SCOPED_TRACE(n);
    store_.reads = 0;
    store_.successes = n - 1;
    store_.failures = 1;
    DecodedLog log(store_, PagesOf(10));
    for (int i = 1; i < n; ++i) ASSERT_TRUE(log.Next().ok());
    const auto page = log.Next();
    EXPECT_EQ(page.status().code(), absl::StatusCode::kUnavailable);
  }
}

TEST_F(DecodedLogTest, GivesWhatCanBeDecodedAndSaysWhyNoMore) {
  AppendCosts(13);
  log_.AppendOpaque("partner.sensor_read", "\xff\xff no message");
  log_.AppendOpaque("samverk.cost_booked", "\xff\xff no message");
  AppendCosts(5);
  DecodedLog log(store_, PagesOf(10));
  ASSERT_TRUE(log.Next().ok());
  const auto page = log.Next();
  ASSERT_TRUE(page.ok());
  ASSERT_EQ((*page)->decoded.size(), 4u);
  EXPECT_FALSE((*page)->decoded[3].has_value()) << "outside the catalogue";
  EXPECT_EQ((*page)->status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string((*page)->status.message()), HasSubstr("position 15"));
}

}  // namespace
}  // namespace samverk::projections

// How much one caller may ask.
#include "services/access/caller_limits.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk::access {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr CallerAllowance kTen = {10, 1'000, 2};

TEST(CallerLimits, GivesASecondsAllowanceAndRefillsIt) {
  CallerLimits limits;
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(limits.Take(Counted::kLoggedIn, "a", 0, kTen, kNow).ok()) << i;
  }
  const absl::Status refused =
      limits.Take(Counted::kLoggedIn, "a", 0, kTen, kNow);
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_EQ(ReasonOf(refused), error::v1::REASON_RATE_EXCEEDED);
  EXPECT_TRUE(limits
                  .Take(Counted::kLoggedIn, "a", 0, kTen,
                        kNow + absl::Milliseconds(100))
                  .ok());
  EXPECT_FALSE(limits
                   .Take(Counted::kLoggedIn, "a", 0, kTen,
                         kNow + absl::Milliseconds(150))
                   .ok());
  // It never holds more than a second's.
  const absl::Time later = kNow + absl::Hours(1);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(limits.Take(Counted::kLoggedIn, "a", 0, kTen, later).ok()) << i;
  }
  EXPECT_FALSE(limits.Take(Counted::kLoggedIn, "a", 0, kTen, later).ok());
}

TEST(CallerLimits, OneCallerDoesNotTakeFromAnother) {
  CallerLimits limits;
  for (int i = 0; i < 11; ++i)
    limits.Take(Counted::kLoggedIn, "a", 0, kTen, kNow).IgnoreError();
  EXPECT_TRUE(limits.Take(Counted::kLoggedIn, "b", 0, kTen, kNow).ok());
}

TEST(CallerLimits, CountsBytesAndTakesWhatIsLargerThanTheAllowanceOnce) {
  CallerLimits limits;
  EXPECT_TRUE(limits.Take(Counted::kLoggedIn, "a", 600, kTen, kNow).ok());
  EXPECT_FALSE(limits.Take(Counted::kLoggedIn, "a", 600, kTen, kNow).ok());
  EXPECT_TRUE(limits.Take(Counted::kLoggedIn, "a", 400, kTen, kNow).ok());
  // Ten seconds' worth: taken from a full bucket, and paid for afterwards.
  EXPECT_TRUE(limits.Take(Counted::kLoggedIn, "b", 10'000, kTen, kNow).ok());
  EXPECT_FALSE(
      limits.Take(Counted::kLoggedIn, "b", 1, kTen, kNow + absl::Seconds(8))
          .ok());
  EXPECT_TRUE(
      limits.Take(Counted::kLoggedIn, "b", 1, kTen, kNow + absl::Seconds(10))
          .ok());
}

TEST(CallerLimits, AClockThatIsSetBackGivesNothing) {
  CallerLimits limits;
  for (int i = 0; i < 10; ++i)
    limits.Take(Counted::kLoggedIn, "a", 0, kTen, kNow).IgnoreError();
  EXPECT_FALSE(
      limits.Take(Counted::kLoggedIn, "a", 0, kTen, kNow - absl::Hours(1))
          .ok());
}

TEST(CallerLimits, GivesPlacesForStreamsBack) {
  auto limits = std::make_unique<CallerLimits>();
  auto first = limits->TakeStream("a", kTen);
  auto second = limits->TakeStream("a", kTen);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(
      absl::IsResourceExhausted(limits->TakeStream("a", kTen).status()));
  EXPECT_TRUE(limits->TakeStream("b", kTen).ok());
  *first = nullptr;
  auto third = limits->TakeStream("a", kTen);
  EXPECT_TRUE(third.ok());
  // A place may outlive who gave it.
  limits.reset();
}

// Each thread reads the clock by itself, and then waits for the others.
TEST(CallerLimits, NoTimeCountsTwice) {
  CallerLimits limits;
  int taken = 0;
  for (int i = 0; i < 100; ++i) {
    const absl::Time now = kNow + absl::Milliseconds(i % 2 == 0 ? 100 : 0);
    if (limits.Take(Counted::kLoggedIn, "a", 0, kTen, now).ok()) ++taken;
  }
  EXPECT_EQ(taken, 10);
}

TEST(CallerLimits, AClockThatIsSetBackKeepsNobodyWaiting) {
  CallerLimits limits;
  const absl::Time back = kNow - absl::Hours(1);
  for (int i = 0; i < 11; ++i) {
    limits.Take(Counted::kLoggedIn, "a", 0, kTen, kNow).IgnoreError();
  }
  EXPECT_FALSE(limits.Take(Counted::kLoggedIn, "a", 0, kTen, back).ok());
  EXPECT_TRUE(limits
                  .Take(Counted::kLoggedIn, "a", 0, kTen,
                        back + absl::Milliseconds(100))
                  .ok());
}

TEST(CallerLimits, WhatIsGivenBackIsThereAgain) {
  CallerLimits limits;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limits.Take(Counted::kMistakes, "a", 0, kTen, kNow).ok()) << i;
    limits.GiveBack(Counted::kMistakes, "a", kTen);
  }
  limits.GiveBack(Counted::kMistakes, "a", kTen);
  limits.GiveBack(Counted::kMistakes, "nobody", kTen);
  int taken = 0;
  while (limits.Take(Counted::kMistakes, "a", 0, kTen, kNow).ok()) ++taken;
  EXPECT_EQ(taken, 10);
}

TEST(CallerLimits, AFloodOfNamesTakesNothingFromThoseWhoLoggedIn) {
  CallerLimits limits;
  const auto empty = [&](Counted what) {
    while (limits.Take(what, "busy", 0, kTen, kNow).ok()) {
    }
  };
  empty(Counted::kLoggedIn);
  empty(Counted::kUnknown);
  for (size_t i = 0; i < 3 * CallerLimits::kCallers; ++i) {
    EXPECT_TRUE(
        limits.Take(Counted::kUnknown, absl::StrCat("n-", i), 0, kTen, kNow)
            .ok());
    // Who asks all the time is not forgotten either.
    if (i % 100 == 0) {
      EXPECT_FALSE(limits.Take(Counted::kUnknown, "busy", 0, kTen, kNow).ok());
    }
  }
  EXPECT_FALSE(limits.Take(Counted::kLoggedIn, "busy", 0, kTen, kNow).ok());
}

TEST(CallerLimits, RemembersSoManyAndNoMore) {
  CallerLimits limits;
  for (size_t i = 0; i < CallerLimits::kCallers + 10; ++i) {
    EXPECT_TRUE(limits
                    .Take(Counted::kLoggedIn, absl::StrCat("caller-", i), 0,
                          kTen,
                          kNow + absl::Milliseconds(static_cast<int64_t>(i)))
                    .ok());
  }
}

}  // namespace
}  // namespace samverk::access

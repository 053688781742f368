// What the command line is given: which state is meant, numbers, and texts of
// any length.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "clients/cli/numbers.h"
#include "clients/cli/scope.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

TEST(ParseAsOf, ANumberWithItsMarkIsAPosition) {
  EXPECT_EQ(ParseAsOf("#94")->position(), 94u);
  EXPECT_EQ(ParseAsOf("#2025")->position(), 2025u);
  EXPECT_FALSE(ParseAsOf("#").ok());
  EXPECT_FALSE(ParseAsOf("#0").ok());
  EXPECT_FALSE(ParseAsOf("#-1").ok());
}

TEST(ParseAsOf, RefusesANumberThatMayBeAYear) {
  EXPECT_EQ(ParseAsOf("1899")->position(), 1899u);
  EXPECT_FALSE(ParseAsOf("1900").ok());
  EXPECT_EQ(ParseAsOf("2025").status().message(),
            "--as-of 2025 may be an event or a year; write #2025 for the "
            "event, 2025-12-31 for the state of that day");
  EXPECT_FALSE(ParseAsOf("2100").ok());
  EXPECT_EQ(ParseAsOf("2101")->position(), 2101u);
}

TEST(ParseAsOf, TakesBackTimesAsTheProgramPrintsThem) {
  // A minute by Stockholm's clocks, to its end.
  const auto minute = ParseAsOf("2026-11-26 17:09");
  ASSERT_TRUE(minute.ok()) << minute.status();
  EXPECT_EQ(minute->recorded_at().seconds(), 1'795'709'399);
  EXPECT_EQ(minute->recorded_at().nanos(), 999'999'000);
  // An instant, exactly.
  for (const char* const instant :
       {"2026-11-26T16:09:20.741883Z", "2026-11-26T17:09:20.741883+01:00"}) {
    const auto exact = ParseAsOf(instant);
    ASSERT_TRUE(exact.ok()) << exact.status();
    EXPECT_EQ(exact->recorded_at().seconds(), 1'795'709'360);
    EXPECT_EQ(exact->recorded_at().nanos(), 741'883'000);
  }
  EXPECT_FALSE(ParseAsOf("2026-11-26T16:09:20.7x").ok());
  EXPECT_FALSE(ParseAsOf("2026-11-26 25:09").ok());
}

TEST(Wrap, TakesATimeThatFollowsTheLengthOfTheText) {
  // Two megabytes of one word: minutes when each line measures all of the rest.
  const std::string word(2 << 20, 'x');
  const auto began = std::chrono::steady_clock::now();
  const std::vector<std::string> lines = Wrap(word, 64);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(lines.size(), word.size() / 64);
  EXPECT_EQ(lines.back().size(), 64u);
}

TEST(ParseNumber, TakesDigitsAlone) {
  EXPECT_EQ(ParseNumber("0"), 0u);
  EXPECT_EQ(ParseNumber("007"), 7u);
  EXPECT_EQ(ParseNumber("18446744073709551615"), UINT64_MAX);
  for (const char* const text :
       {"", "-1", "+1", " 1", "1 ", "0x10", "1'000", "18446744073709551616"}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace samverk::cli

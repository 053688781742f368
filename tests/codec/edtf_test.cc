// Given a time as people write it, when it is parsed, then it is that interval,
// or refused with what is wrong.
#include "proto/codec/edtf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/codec/civil_time.h"

namespace samverk::codec {
namespace {

using ::testing::HasSubstr;

// An instant by UTC's clock: independent of the code under test.
int64_t Utc(int year, int month, int day, int hour = 0, int minute = 0,
            int second = 0) {
  return absl::ToUnixMicros(
      absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, second),
                      absl::UTCTimeZone()));
}

struct Span {
  int64_t from_us;
  int64_t to_us;
};

void ThenIs(const std::string& edtf, Span expected) {
  const absl::StatusOr<TimeSpan> span = ParseEdtf(edtf);
  ASSERT_TRUE(span.ok()) << edtf << ": " << span.status();
  EXPECT_EQ(absl::FromUnixMicros(span->from_us),
            absl::FromUnixMicros(expected.from_us))
      << edtf;
  EXPECT_EQ(absl::FromUnixMicros(span->to_us),
            absl::FromUnixMicros(expected.to_us))
      << edtf;
}

void ThenRefused(const std::string& edtf, const std::string& why) {
  const absl::StatusOr<TimeSpan> span = ParseEdtf(edtf);
  ASSERT_FALSE(span.ok()) << edtf;
  EXPECT_EQ(span.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(span.status().message()), HasSubstr(why));
}

TEST(ParseEdtf, TakesADayOfStockholm) {
  ThenIs("2025-01-15", {Utc(2025, 1, 14, 23), Utc(2025, 1, 15, 23)});
  ThenIs("2025-09-17", {Utc(2025, 9, 16, 22), Utc(2025, 9, 17, 22)});
}

TEST(ParseEdtf, GivesTheDaysOfAClockChange23And25Hours) {
  ThenIs("2025-03-30", {Utc(2025, 3, 29, 23), Utc(2025, 3, 30, 22)});
  ThenIs("2025-10-26", {Utc(2025, 10, 25, 22), Utc(2025, 10, 26, 23)});
}

TEST(ParseEdtf, TakesMonthsAndYears) {
  ThenIs("2025-02", {Utc(2025, 1, 31, 23), Utc(2025, 2, 28, 23)});
  ThenIs("2025-12", {Utc(2025, 11, 30, 23), Utc(2025, 12, 31, 23)});
  ThenIs("2025", {Utc(2024, 12, 31, 23), Utc(2025, 12, 31, 23)});
}

TEST(ParseEdtf, TakesLeapDaysThatExist) {
  ThenIs("2024-02-29", {Utc(2024, 2, 28, 23), Utc(2024, 2, 29, 23)});
  ThenIs("2000-02-29", {Utc(2000, 2, 28, 23), Utc(2000, 2, 29, 23)});
  ThenRefused("2025-02-29", "that month has the days 1 to 28");
  ThenRefused("1900-02-29", "that month has the days 1 to 28");
  ThenRefused("2100-02-29", "that month has the days 1 to 28");
}

TEST(ParseEdtf, RefusesDatesThatDoNotExist) {
  ThenRefused("2025-04-31", "that month has the days 1 to 30");
  ThenRefused("2025-04-00", "does not exist");
  ThenRefused("2025-13", "there is no month 13");
  ThenRefused("2025-00", "there is no month 00");
  ThenRefused("2025-20", "there is no month 20");
  ThenRefused("2025-42", "there is no month 42");
}

TEST(ParseEdtf, TakesSeasonsAsThreeMonths) {
  ThenIs("2025-21", {Utc(2025, 2, 28, 23), Utc(2025, 5, 31, 22)});
  ThenIs("2025-22", {Utc(2025, 5, 31, 22), Utc(2025, 8, 31, 22)});
  ThenIs("2025-23", {Utc(2025, 8, 31, 22), Utc(2025, 11, 30, 23)});
}

TEST(ParseEdtf, TakesWinterFromDecemberToTheTurnOfFebruary) {
  ThenIs("2025-24", {Utc(2025, 11, 30, 23), Utc(2026, 2, 28, 23)});
  ThenIs("2023-24", {Utc(2023, 11, 30, 23), Utc(2024, 2, 29, 23)});
}

TEST(ParseEdtf, TakesMarksOfDoubt) {
  const auto marks = [](const std::string& edtf) {
    const absl::StatusOr<TimeSpan> span = ParseEdtf(edtf);
    EXPECT_TRUE(span.ok()) << span.status();
    return std::make_pair(span->circa, span->uncertain);
  };
  EXPECT_EQ(marks("2025"), std::make_pair(false, false));
  EXPECT_EQ(marks("2025~"), std::make_pair(true, false));
  EXPECT_EQ(marks("2025-09?"), std::make_pair(false, true));
  EXPECT_EQ(marks("2025-09-17%"), std::make_pair(true, true));
  ThenIs("2025~", {Utc(2024, 12, 31, 23), Utc(2025, 12, 31, 23)});
}

TEST(ParseEdtf, TakesDigitsThatAreNotKnown) {
  ThenIs("202X", {Utc(2019, 12, 31, 23), Utc(2029, 12, 31, 23)});
  ThenIs("20XX", {Utc(1999, 12, 31, 23), Utc(2099, 12, 31, 23)});
  ThenIs("2025-XX", {Utc(2024, 12, 31, 23), Utc(2025, 12, 31, 23)});
  ThenIs("2025-XX-XX", {Utc(2024, 12, 31, 23), Utc(2025, 12, 31, 23)});
  ThenIs("2025-09-XX", {Utc(2025, 8, 31, 22), Utc(2025, 9, 30, 22)});
}

TEST(ParseEdtf, TakesIntervals) {
  ThenIs("2025-03/2025-05", {Utc(2025, 2, 28, 23), Utc(2025, 5, 31, 22)});
  ThenIs("2026/2027", {Utc(2025, 12, 31, 23), Utc(2027, 12, 31, 23)});
  ThenIs("2025-09-17/2025-09-17", {Utc(2025, 9, 16, 22), Utc(2025, 9, 17, 22)});
  ThenIs("2025-03/2025", {Utc(2025, 2, 28, 23), Utc(2025, 12, 31, 23)});
}

TEST(ParseEdtf, TakesIntervalsWithAnOpenEnd) {
  ThenIs("2026/..", {Utc(2025, 12, 31, 23), Utc(2200, 12, 31, 23)});
  ThenIs("../2025", {Utc(1899, 12, 31, 23), Utc(2025, 12, 31, 23)});
  EXPECT_TRUE(ParseEdtf("2026/..")->open_end);
  EXPECT_FALSE(ParseEdtf("2026/..")->open_start);
  EXPECT_TRUE(ParseEdtf("../2025")->open_start);
  EXPECT_FALSE(ParseEdtf("../2025")->open_end);
}

TEST(ParseEdtf, RefusesIntervalsThatEndBeforeTheyBegin) {
  ThenRefused("2025-05/2025-03", "ends before it begins");
  ThenRefused("2025-09-18/2025-09-17", "ends before it begins");
  ThenRefused("2026/2025", "ends before it begins");
}

TEST(ParseEdtf, RefusesIntervalsThatLackAnEnd) {
  ThenRefused("2025/", "lacks an end");
  ThenRefused("/2025", "lacks an end");
  ThenRefused("../..", "open at both ends");
  ThenRefused("2025/2026/2027", "more than one");
}

TEST(ParseEdtf, TakesATimeOfDayByStockholmsClocks) {
  ThenIs("2025-09-17T18:30",
         {Utc(2025, 9, 17, 16, 30), Utc(2025, 9, 17, 16, 31)});
  ThenIs("2025-01-17T18:30:05",
         {Utc(2025, 1, 17, 17, 30, 5), Utc(2025, 1, 17, 17, 30, 6)});
  ThenIs("2025-09-17T00:00", {Utc(2025, 9, 16, 22), Utc(2025, 9, 16, 22, 1)});
  ThenIs("2025-09-17T23:59", {Utc(2025, 9, 17, 21, 59), Utc(2025, 9, 17, 22)});
}

TEST(ParseEdtf, TakesATimeOfDayWithAnOffset) {
  ThenIs("2025-09-17T16:30Z",
         {Utc(2025, 9, 17, 16, 30), Utc(2025, 9, 17, 16, 31)});
  ThenIs("2025-09-17T18:30:00+02:00",
         {Utc(2025, 9, 17, 16, 30), Utc(2025, 9, 17, 16, 30, 1)});
  ThenIs("2025-09-17T12:00-04:30",
         {Utc(2025, 9, 17, 16, 30), Utc(2025, 9, 17, 16, 31)});
}

TEST(ParseEdtf, KnowsTheHoursOfAClockChange) {
  // 02:00 to 03:00 is left out in March, and shown twice in October.
  ThenIs("2025-03-30T01:59", {Utc(2025, 3, 30, 0, 59), Utc(2025, 3, 30, 1)});
  ThenRefused("2025-03-30T02:00", "does not exist in Stockholm");
  ThenRefused("2025-03-30T02:59", "does not exist in Stockholm");
  ThenIs("2025-03-30T03:00", {Utc(2025, 3, 30, 1), Utc(2025, 3, 30, 1, 1)});
  ThenIs("2025-10-26T01:59", {Utc(2025, 10, 25, 23, 59), Utc(2025, 10, 26, 0)});
  ThenIs("2025-10-26T02:30",
         {Utc(2025, 10, 26, 0, 30), Utc(2025, 10, 26, 1, 31)});
  ThenIs("2025-10-26T03:00", {Utc(2025, 10, 26, 2), Utc(2025, 10, 26, 2, 1)});
}

TEST(ParseEdtf, RefusesTimesThatDoNotExist) {
  ThenRefused("2025-09-17T24:00", "does not exist");
  ThenRefused("2025-09-17T18:60", "does not exist");
  ThenRefused("2025-09-17T18:30:60", "does not exist");
  ThenRefused("2025-09-17T18", "not like T18:30");
  ThenRefused("2025-09-17T18.30", "not like T18:30");
  ThenRefused("2025-09-17T18:30:00.5", "not like T18:30");
  ThenRefused("2025-09-17T", "not like T18:30");
  ThenRefused("2025-09-17T18:30+2", "offset");
  ThenRefused("2025-09-17T18:30+15:00", "offset");
  ThenRefused("2025-09-17T18:30ZZ", "offset");
  ThenRefused("2025-09T18:30", "without a day");
  ThenRefused("2025-21T18:30", "without a day");
  ThenRefused("2025-XX-XXT18:30", "without a day");
}

TEST(ParseEdtf, TakesTheFirstAndTheLastYear) {
  ThenIs("1900", {Utc(1899, 12, 31, 23), Utc(1900, 12, 31, 23)});
  ThenIs("2200", {Utc(2199, 12, 31, 23), Utc(2200, 12, 31, 23)});
  ThenRefused("1899", "outside the years 1900 to 2200");
  ThenRefused("2201", "outside the years 1900 to 2200");
  ThenRefused("220X", "outside the years 1900 to 2200");
  ThenRefused("Y17000", "outside the years 1900 to 2200");
  ThenRefused("-0044", "outside the years 1900 to 2200");
}

TEST(ParseEdtf, RefusesLevel2) {
  ThenRefused("2025-21~", "flag circa");
  ThenRefused("2025-09-17T18:30~", "flag circa");
  ThenRefused("2025~/2026", "flag circa");
  ThenRefused("2025-21/2025-23", "level 2");
  ThenRefused("2025-XX/2026", "level 2");
  ThenRefused("202X/2030", "level 2");
  ThenRefused("2025-09-17T18:30/2025-09-17T20:00", "within an interval");
  ThenRefused("2025-25", "level 2");
  ThenRefused("2025-41", "level 2");
  ThenRefused("~2025", "level 2");
  ThenRefused("2025?-09", "level 2");
  ThenRefused("[2025,2026]", "level 2");
  ThenRefused("{2025..2026}", "level 2");
  ThenRefused("2025-1X", "level 2");
  ThenRefused("2025-XX-17", "level 2");
  ThenRefused("2025-09-1X", "level 2");
  ThenRefused("202X-09", "level 2");
  ThenRefused("2XXX", "at most the last two");
  ThenRefused("20X5", "at most the last two");
}

TEST(ParseEdtf, RefusesWhatIsNoTimeAtAll) {
  ThenRefused("", "is empty");
  ThenRefused("17 september 2025", "is not EDTF level 1");
  ThenRefused("2025–09", "is not EDTF level 1");
  ThenRefused("20250917", "is not EDTF level 1");
  ThenRefused("2025-9-17", "is not EDTF level 1");
  ThenRefused(" 2025", "is not EDTF level 1");
  ThenRefused("2025 ", "is not EDTF level 1");
  ThenRefused("2025-09-17\n", "is not EDTF level 1");
  ThenRefused("2025-0917", "is not EDTF level 1");
  ThenRefused("----", "is not EDTF level 1");
  ThenRefused("~", "is not EDTF level 1");
  ThenRefused(std::string(65, '2'), "longer than 64 bytes");
  ThenRefused(std::string("2025\0", 5), "is not EDTF level 1");
}

TEST(TimeSpan, IntersectsWhatSharesAnInstant) {
  const TimeSpan year = *ParseEdtf("2025");
  EXPECT_TRUE(year.Intersects(*ParseEdtf("2025-24")));
  EXPECT_FALSE(year.Contains(*ParseEdtf("2025-24")));
  EXPECT_TRUE(year.Contains(*ParseEdtf("2025-12-31")));
  EXPECT_FALSE(year.Intersects(*ParseEdtf("2026-01-01")));
  EXPECT_FALSE(year.Intersects(*ParseEdtf("2024-12-31")));
}

// The oracle is the zone database of the machine, where there is one.
TEST(Stockholm, AgreesWithTheZoneDatabaseFrom1996To2200) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/Stockholm", &zone)) {
    GTEST_SKIP() << "no zone database on this machine";
  }
  absl::CivilDay day(1996, 1, 1);
  for (; day < absl::CivilDay(2201, 1, 1); ++day) {
    const int64_t expected = absl::ToUnixMicros(absl::FromCivil(day, zone));
    const int64_t midnight = StockholmMidnightUs(static_cast<int>(day.year()),
                                                 day.month(), day.day());
    ASSERT_EQ(midnight, expected) << day;
    const Date date = StockholmDate(midnight);
    ASSERT_EQ(absl::CivilDay(date.year, date.month, date.day), day);
    const Date before = StockholmDate(midnight - 1);
    ASSERT_EQ(absl::CivilDay(before.year, before.month, before.day), day - 1);
  }
}

TEST(Stockholm, HasStandardTimeBefore1996) {
  EXPECT_EQ(StockholmMidnightUs(1995, 7, 1), Utc(1995, 6, 30, 23));
  EXPECT_EQ(StockholmMidnightUs(1900, 1, 1), Utc(1899, 12, 31, 23));
}

TEST(CivilTime, CountsDaysBothWays) {
  for (int64_t days = DaysFromCivil(1899, 12, 31);
       days <= DaysFromCivil(2201, 1, 1); ++days) {
    const Date date = CivilFromDays(days);
    ASSERT_EQ(DaysFromCivil(date.year, date.month, date.day), days);
    ASSERT_EQ(absl::CivilDay(1970, 1, 1) + days,
              absl::CivilDay(date.year, date.month, date.day));
  }
}

}  // namespace
}  // namespace samverk::codec

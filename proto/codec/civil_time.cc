#include "proto/codec/civil_time.h"

namespace samverk::codec {
namespace {

// Sweden has the European Union's summer time from this year on: from the last
// Sunday of March to the last Sunday of October, both at 01:00 UTC. Years
// before had other rules, which nothing here depends on.
constexpr int kFirstSummerTimeYear = 1996;

// Days from 1970-01-01, a Thursday, to the last Sunday of a month.
int64_t LastSunday(int year, int month) {
  const int64_t last = DaysFromCivil(year, month, DaysInMonth(year, month));
  const int64_t weekday = (last + 4) - 7 * FloorDivide(last + 4, 7);
  return last - weekday;  // weekday 0 is a Sunday
}

bool IsSummerTime(int64_t time_us) {
  const auto [year, month, day] = CivilFromDays(FloorDivide(time_us, kDayUs));
  if (year < kFirstSummerTimeYear) return false;
  if (month != 3 && month != 10) return month > 3 && month < 10;
  return time_us >= LastSunday(year, 3) * kDayUs + kHourUs &&
         time_us < LastSunday(year, 10) * kDayUs + kHourUs;
}

}  // namespace

int64_t FloorDivide(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

// Both conversions count in eras of 400 years that begin on 1 March, so that
// the leap day is the last of its year.
int64_t DaysFromCivil(int year, int month, int day) {
  const int64_t y = int64_t{year} - (month <= 2 ? 1 : 0);
  const int64_t era = FloorDivide(y, 400);
  const int64_t year_of_era = y - era * 400;
  const int64_t month_from_march = month > 2 ? month - 3 : month + 9;
  const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Date CivilFromDays(int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = FloorDivide(shifted, 146'097);
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1'460 +
                               day_of_era / 36'524 - day_of_era / 146'096) /
                              365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  Date date;
  date.day =
      static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5) + 1;
  date.month = static_cast<int>(month_from_march < 10 ? month_from_march + 3
                                                      : month_from_march - 9);
  date.year =
      static_cast<int>(year_of_era + era * 400) + (date.month <= 2 ? 1 : 0);
  return date;
}

int DaysInMonth(int year, int month) {
  const int next_year = month == 12 ? year + 1 : year;
  const int next_month = month == 12 ? 1 : month + 1;
  return static_cast<int>(DaysFromCivil(next_year, next_month, 1) -
                          DaysFromCivil(year, month, 1));
}

int64_t StockholmOffsetUs(int64_t time_us) {
  return IsSummerTime(time_us) ? 2 * kHourUs : kHourUs;
}

int64_t StockholmMidnightUs(int year, int month, int day) {
  // The clocks are not changed within an hour of midnight, so the offset at
  // midnight by standard time is the one at midnight by the clock.
  const int64_t standard = DaysFromCivil(year, month, day) * kDayUs - kHourUs;
  return standard + kHourUs - StockholmOffsetUs(standard);
}

Date StockholmDate(int64_t time_us) {
  return CivilFromDays(
      FloorDivide(time_us + StockholmOffsetUs(time_us), kDayUs));
}

int64_t StockholmDaysSince(int64_t to_us, int64_t instant_us) {
  const auto day = [](int64_t time_us) {
    return FloorDivide(time_us + StockholmOffsetUs(time_us), kDayUs);
  };
  return day(instant_us) - day(to_us - 1);
}

}  // namespace samverk::codec

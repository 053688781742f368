#include "proto/codec/edtf.h"

#include "proto/codec/civil_time.h"
#include "proto/codec/edtf_syntax.h"

namespace samverk::codec {
namespace {

// The first midnight of a point, and the first one after it.
struct Days {
  Date first;
  Date after;
};

Days DaysOf(const EdtfPoint& point) {
  switch (point.precision) {
    case EdtfPrecision::kCentury:
      return {{point.year, 1, 1}, {point.year + 100, 1, 1}};
    case EdtfPrecision::kDecade:
      return {{point.year, 1, 1}, {point.year + 10, 1, 1}};
    case EdtfPrecision::kYear:
      break;
    case EdtfPrecision::kSeason: {
      const int month = 3 + 3 * static_cast<int>(point.season);
      if (month == 12) return {{point.year, 12, 1}, {point.year + 1, 3, 1}};
      return {{point.year, month, 1}, {point.year, month + 3, 1}};
    }
    case EdtfPrecision::kMonth:
      if (point.month == 12) {
        return {{point.year, 12, 1}, {point.year + 1, 1, 1}};
      }
      return {{point.year, point.month, 1}, {point.year, point.month + 1, 1}};
    case EdtfPrecision::kDay:
    case EdtfPrecision::kMinute:
    case EdtfPrecision::kSecond:
      return {
          {point.year, point.month, point.day},
          CivilFromDays(DaysFromCivil(point.year, point.month, point.day) + 1)};
  }
  return {{point.year, 1, 1}, {point.year + 1, 1, 1}};
}

int64_t MidnightUs(const Date& date) {
  return StockholmMidnightUs(date.year, date.month, date.day);
}

// The span of a time of day. Where Stockholm's clocks show it twice (the hour
// before the end of summer time), the span covers both.
absl::StatusOr<TimeSpan> TimeOfDaySpan(std::string_view text,
                                       const EdtfPoint& point) {
  const int64_t clock =
      DaysFromCivil(point.year, point.month, point.day) * kDayUs +
      point.hour * kHourUs + point.minute * kMinuteUs +
      point.second * kSecondUs;
  const int64_t length =
      point.precision == EdtfPrecision::kSecond ? kSecondUs : kMinuteUs;
  TimeSpan span;
  if (point.utc_offset_minutes.has_value()) {
    span.from_us = clock - *point.utc_offset_minutes * kMinuteUs;
    span.to_us = span.from_us + length;
    return span;
  }
  const int64_t if_summer = clock - 2 * kHourUs;
  const int64_t if_standard = clock - kHourUs;
  const bool summer = StockholmOffsetUs(if_summer) == 2 * kHourUs;
  const bool standard = StockholmOffsetUs(if_standard) == kHourUs;
  if (!summer && !standard) {
    return EdtfError(text,
                     "does not exist in Stockholm: the clocks go from 02:00 to "
                     "03:00 that night");
  }
  span.from_us = summer ? if_summer : if_standard;
  span.to_us = (standard ? if_standard : if_summer) + length;
  return span;
}

absl::StatusOr<TimeSpan> PointSpan(std::string_view text,
                                   const EdtfPoint& point) {
  TimeSpan span;
  if (point.precision > EdtfPrecision::kDay) {
    return TimeOfDaySpan(text, point);
  }
  const Days days = DaysOf(point);
  span.from_us = MidnightUs(days.first);
  span.to_us = MidnightUs(days.after);
  span.circa = point.circa;
  span.uncertain = point.uncertain;
  return span;
}

absl::StatusOr<TimeSpan> IntervalSpan(std::string_view text,
                                      const EdtfExpression& expression) {
  TimeSpan span;
  span.open_start = !expression.start.has_value();
  span.open_end = !expression.end.has_value();
  span.from_us = span.open_start ? StockholmMidnightUs(kEdtfFirstYear, 1, 1)
                                 : MidnightUs(DaysOf(*expression.start).first);
  span.to_us = span.open_end ? StockholmMidnightUs(kEdtfLastYear + 1, 1, 1)
                             : MidnightUs(DaysOf(*expression.end).after);
  if (span.to_us <= span.from_us) {
    return EdtfError(text, "ends before it begins: exchange the ends");
  }
  return span;
}

}  // namespace

absl::StatusOr<TimeSpan> ParseEdtf(std::string_view text) {
  const absl::StatusOr<EdtfExpression> expression = ParseEdtfSyntax(text);
  if (!expression.ok()) return expression.status();
  if (expression->interval) return IntervalSpan(text, *expression);
  return PointSpan(text, *expression->start);
}

}  // namespace samverk::codec

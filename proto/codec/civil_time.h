// Calendar arithmetic without a time zone database.
#ifndef SAMVERK_PROTO_CODEC_CIVIL_TIME_H_
#define SAMVERK_PROTO_CODEC_CIVIL_TIME_H_

#include <cstdint>

#include "proto/codec/edtf.h"

namespace samverk::codec {

inline constexpr int64_t kSecondUs = 1'000'000;
inline constexpr int64_t kMinuteUs = 60 * kSecondUs;
inline constexpr int64_t kHourUs = 60 * kMinuteUs;
inline constexpr int64_t kDayUs = 24 * kHourUs;

// Days from 1970-01-01 to a date of the Gregorian calendar; negative before.
// month is 1 to 12; day may lie outside the month and is counted on from it.
int64_t DaysFromCivil(int year, int month, int day);

// The date that is `days` after 1970-01-01.
Date CivilFromDays(int64_t days);

// 28 to 31. month is 1 to 12.
int DaysInMonth(int year, int month);

// How far Stockholm's clocks are ahead of UTC at an instant: one hour, or two
// in summer time.
int64_t StockholmOffsetUs(int64_t time_us);

// `value` divided by `divisor` (positive), rounded towards minus infinity.
int64_t FloorDivide(int64_t value, int64_t divisor);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_CIVIL_TIME_H_

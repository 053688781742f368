// ISO 8601-2 (EDTF) level 1 times as people give them, normalised to intervals.
#ifndef SAMVERK_PROTO_CODEC_EDTF_H_
#define SAMVERK_PROTO_CODEC_EDTF_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace samverk::codec {

// from <= t < to, microseconds since 1970-01-01T00:00:00Z.
struct TimeSpan {
  int64_t from_us = 0;
  int64_t to_us = 0;
  bool circa = false;       // "~" was given
  bool uncertain = false;   // "?" was given
  bool open_start = false;  // "../x": from_us is the least that is accepted
  bool open_end = false;    // "x/..": to_us is the greatest that is accepted

  bool Intersects(const TimeSpan& other) const {
    return from_us < other.to_us && other.from_us < to_us;
  }
  bool Contains(const TimeSpan& other) const {
    return from_us <= other.from_us && other.to_us <= to_us;
  }
};

// Europe/Stockholm, built in: the same on every machine, by the European
// Union's rule for summer time (last Sundays of March and October, 01:00 UTC;
// valid from 1996; earlier dates use standard time).
int64_t StockholmMidnightUs(int year, int month, int day);

// A civil date of Europe/Stockholm.
struct Date {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;    // 1 to 31
};
Date StockholmDate(int64_t time_us);

// Days of the calendar in Europe/Stockholm from the last day of a span, which
// ends before `to_us`, to the day of an instant; negative when it is earlier.
// Example: from "2025-10", recorded on 1 November 2025: 1.
int64_t StockholmDaysSince(int64_t to_us, int64_t instant_us);

// Parses EDTF level 1: "2025-09-17", "2025-09", "2025", "2025-21" (spring),
// "2025-22", "2025-23", "2025-24" (December 2025 to February 2026),
// "2025-03/2025-05", "2025/..", "../2025", "2025-09-17T18:30", with
// "T18:30:00", "Z" or "+02:00"; "?", "~", "%" at the end of a date; "X" for
// unknown digits at the end ("202X", "20XX", "2025-XX", "2025-09-XX"). Years
// 1900 to 2200. Without an offset a time of day is by Stockholm's clocks: in
// the hour that they show twice in October the span covers both. Interval ends
// are years, months or days without a mark. docs/edtf.md has it as a table.
// INVALID_ARGUMENT (INVALID_FIELD) says what is wrong: a date that does not
// exist, a level 2 construct, an interval that ends before it begins.
absl::StatusOr<TimeSpan> ParseEdtf(std::string_view text);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_EDTF_H_

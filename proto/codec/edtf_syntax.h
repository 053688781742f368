// The parts of an EDTF level 1 text, before anything is made of them.
#ifndef SAMVERK_PROTO_CODEC_EDTF_SYNTAX_H_
#define SAMVERK_PROTO_CODEC_EDTF_SYNTAX_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk::codec {

// The years that are understood.
inline constexpr int kEdtfFirstYear = 1900;
inline constexpr int kEdtfLastYear = 2200;

// How fine a time is given.
enum class EdtfPrecision {
  kCentury,  // "20XX": year is 2000
  kDecade,   // "202X": year is 2020
  kYear,
  kSeason,
  kMonth,
  kDay,
  kMinute,
  kSecond,
};

// The quarters of the year by name; winter is December of `year`, and January
// and February of the next.
enum class Season { kSpring, kSummer, kAutumn, kWinter };

// One point of an EDTF text. Fields finer than `precision` are 0. The date
// exists; the time of day is one of the clock.
struct EdtfPoint {
  EdtfPrecision precision = EdtfPrecision::kYear;
  int year = 0;
  Season season = Season::kSpring;  // with kSeason
  int month = 0;                    // 1 to 12
  int day = 0;                      // 1 to 31
  int hour = 0;
  int minute = 0;
  int second = 0;
  // Minutes ahead of UTC, when the text says; otherwise Stockholm's clocks.
  std::optional<int> utc_offset_minutes;
  bool unspecified = false;  // "2025-XX": some time within the precision
  bool circa = false;        // "~" or "%"
  bool uncertain = false;    // "?" or "%"
};

// A point, or an interval. An absent end of an interval is open; both are
// never absent.
struct EdtfExpression {
  bool interval = false;
  std::optional<EdtfPoint> start;  // also the point, when not an interval
  std::optional<EdtfPoint> end;
};

// INVALID_ARGUMENT: `the time "<text>" <why>`.
absl::Status EdtfError(std::string_view text, const std::string& why);

// Takes `text` apart; see ParseEdtf for what is accepted and the errors. Does
// not look at the order of an interval's ends.
absl::StatusOr<EdtfExpression> ParseEdtfSyntax(std::string_view text);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_EDTF_SYNTAX_H_

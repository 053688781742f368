#include "proto/codec/edtf_syntax.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proto/codec/civil_time.h"
#include "proto/codec/errors.h"

namespace samverk::codec {
namespace {

constexpr size_t kTextBytesMax = 64;

absl::Status NotEdtf(std::string_view text) {
  return EdtfError(
      text,
      "is not EDTF level 1: write it like 2025-09-17, 2025-09, 2025, "
      "2025-21 (spring), 2025-03/2025-05 or 2025-09-17T18:30");
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The value of text[at, at + count) when that is digits alone.
std::optional<int> Digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!IsDigit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Fields of "YYYY", "YYYY-MM" and "YYYY-MM-DD"; X stays as it is written.
struct DateFields {
  std::string_view year;
  std::string_view month;  // empty: none
  std::string_view day;    // empty: none
};

std::optional<DateFields> SplitDate(std::string_view date) {
  for (const char c : date) {
    if (!IsDigit(c) && c != 'X' && c != '-') return std::nullopt;
  }
  DateFields fields;
  if (date.size() != 4 && date.size() != 7 && date.size() != 10) {
    return std::nullopt;
  }
  fields.year = date.substr(0, 4);
  if (date.size() >= 7) {
    if (date[4] != '-') return std::nullopt;
    fields.month = date.substr(5, 2);
  }
  if (date.size() == 10) {
    if (date[7] != '-') return std::nullopt;
    fields.day = date.substr(8, 2);
  }
  for (const std::string_view part : {fields.year, fields.month, fields.day}) {
    if (part.find('-') != std::string_view::npos) return std::nullopt;
  }
  return fields;
}

// Parses one text; remembers the whole of it for its sentences.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<EdtfExpression> Parse() const;

 private:
  absl::StatusOr<EdtfPoint> ParsePoint(std::string_view part,
                                       bool in_interval) const;
  absl::StatusOr<EdtfPoint> ParseDate(std::string_view date) const;
  absl::Status ParseYear(std::string_view year, EdtfPoint& point) const;
  absl::Status ParseMonth(const DateFields& fields, EdtfPoint& point) const;
  absl::Status ParseDay(std::string_view day, EdtfPoint& point) const;
  absl::Status ParseTime(std::string_view time, EdtfPoint& point) const;
  absl::Status ParseOffset(std::string_view zone, EdtfPoint& point) const;
  absl::Status CheckInInterval(const EdtfPoint& point) const;

  std::string_view text_;
};

absl::StatusOr<EdtfExpression> Parser::Parse() const {
  EdtfExpression expression;
  const size_t slash = text_.find('/');
  if (slash == std::string_view::npos) {
    absl::StatusOr<EdtfPoint> point = ParsePoint(text_, false);
    if (!point.ok()) return point.status();
    expression.start = *point;
    return expression;
  }
  const std::string_view start = text_.substr(0, slash);
  const std::string_view end = text_.substr(slash + 1);
  if (end.find('/') != std::string_view::npos) {
    return EdtfError(text_,
                     "has more than one \"/\": an interval has two ends");
  }
  if (start.empty() || end.empty()) {
    return EdtfError(text_, "lacks an end: write \"..\" for one that is open");
  }
  if (start == ".." && end == "..") {
    return EdtfError(text_, "is open at both ends: leave the time out instead");
  }
  expression.interval = true;
  for (const bool first : {true, false}) {
    const std::string_view part = first ? start : end;
    if (part == "..") continue;
    absl::StatusOr<EdtfPoint> point = ParsePoint(part, true);
    if (!point.ok()) return point.status();
    (first ? expression.start : expression.end) = *point;
  }
  return expression;
}

absl::StatusOr<EdtfPoint> Parser::ParsePoint(std::string_view part,
                                             bool in_interval) const {
  bool circa = false;
  bool uncertain = false;
  if (!part.empty() &&
      (part.back() == '~' || part.back() == '?' || part.back() == '%')) {
    circa = part.back() != '?';
    uncertain = part.back() != '~';
    part.remove_suffix(1);
  }
  const size_t t = part.find('T');
  absl::StatusOr<EdtfPoint> point = ParseDate(part.substr(0, t));
  if (!point.ok()) return point;
  point->circa = circa;
  point->uncertain = uncertain;
  if (t != std::string_view::npos) {
    if (point->precision != EdtfPrecision::kDay) {
      return EdtfError(text_, "has a time of day without a day");
    }
    absl::Status status = ParseTime(part.substr(t + 1), *point);
    if (!status.ok()) return status;
  }
  if ((circa || uncertain) && (point->precision == EdtfPrecision::kSeason ||
                               point->precision > EdtfPrecision::kDay)) {
    return EdtfError(
        text_,
        "has a mark of doubt where level 1 has none: leave out the "
        "last character, and set the flag circa instead");
  }
  if (in_interval) {
    absl::Status status = CheckInInterval(*point);
    if (!status.ok()) return status;
  }
  return point;
}

absl::StatusOr<EdtfPoint> Parser::ParseDate(std::string_view date) const {
  if (date.find_first_of("~?%") != std::string_view::npos ||
      date.find_first_of("[]{},^E") != std::string_view::npos) {
    return EdtfError(text_,
                     "is EDTF of level 2; only level 1 is understood: marks of "
                     "doubt stand at the end, and sets are several events");
  }
  if (date.size() > 1 && (date[0] == 'Y' || date[0] == '-') && date[1] != '-') {
    return EdtfError(
        text_, absl::StrCat("lies outside the years ", kEdtfFirstYear, " to ",
                            kEdtfLastYear));
  }
  const std::optional<DateFields> fields = SplitDate(date);
  if (!fields.has_value()) return NotEdtf(text_);
  EdtfPoint point;
  absl::Status status = ParseYear(fields->year, point);
  if (status.ok() && !fields->month.empty()) {
    status = ParseMonth(*fields, point);
  }
  if (status.ok() && !fields->day.empty()) {
    status = ParseDay(fields->day, point);
  }
  if (!status.ok()) return status;
  return point;
}

absl::Status Parser::ParseYear(std::string_view year, EdtfPoint& point) const {
  size_t known = year.find('X');
  if (known == std::string_view::npos) known = year.size();
  const std::optional<int> leading = Digits(year, 0, known);
  if (known < 2 ||
      year.find_first_not_of('X', known) != std::string_view::npos) {
    return EdtfError(text_,
                     "has unknown digits that level 1 does not: at most the "
                     "last two of the year may be X");
  }
  int last = 0;
  if (known == 4) {
    point.year = last = *leading;
  } else if (known == 3) {
    point.precision = EdtfPrecision::kDecade;
    point.year = *leading * 10;
    last = point.year + 9;
  } else {
    point.precision = EdtfPrecision::kCentury;
    point.year = *leading * 100;
    last = point.year + 99;
  }
  if (point.year < kEdtfFirstYear || last > kEdtfLastYear) {
    return EdtfError(
        text_, absl::StrCat("lies outside the years ", kEdtfFirstYear, " to ",
                            kEdtfLastYear));
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseMonth(const DateFields& fields,
                                EdtfPoint& point) const {
  if (point.precision != EdtfPrecision::kYear) {
    return EdtfError(text_, "is EDTF of level 2: a year with X stands alone");
  }
  if (fields.month == "XX") {
    if (!fields.day.empty() && fields.day != "XX") {
      return EdtfError(text_,
                       "is EDTF of level 2: only the last parts may be X");
    }
    point.unspecified = true;
    return absl::OkStatus();
  }
  const std::optional<int> month = Digits(fields.month, 0, 2);
  if (!month.has_value()) {
    return EdtfError(text_, "is EDTF of level 2: a month is known or XX");
  }
  if (*month >= 21 && *month <= 24 && fields.day.empty()) {
    point.precision = EdtfPrecision::kSeason;
    point.season = static_cast<Season>(*month - 21);
    return absl::OkStatus();
  }
  if (*month >= 25 && *month <= 41 && fields.day.empty()) {
    return EdtfError(text_, absl::StrCat("is EDTF of level 2: seasons are 21 "
                                         "(spring) to 24 (winter), not ",
                                         *month));
  }
  if (*month < 1 || *month > 12) {
    return EdtfError(text_, absl::StrCat("does not exist: there is no month ",
                                         View(fields.month)));
  }
  point.precision = EdtfPrecision::kMonth;
  point.month = *month;
  return absl::OkStatus();
}

absl::Status Parser::ParseDay(std::string_view day, EdtfPoint& point) const {
  if (day == "XX") {
    point.unspecified = true;
    return absl::OkStatus();
  }
  const std::optional<int> number = Digits(day, 0, 2);
  if (!number.has_value()) {
    return EdtfError(text_, "is EDTF of level 2: a day is known or XX");
  }
  const int days = DaysInMonth(point.year, point.month);
  if (*number < 1 || *number > days) {
    return EdtfError(text_,
                     absl::StrCat("does not exist: that month has the days "
                                  "1 to ",
                                  days));
  }
  point.precision = EdtfPrecision::kDay;
  point.day = *number;
  return absl::OkStatus();
}

absl::Status Parser::ParseTime(std::string_view time, EdtfPoint& point) const {
  if (point.unspecified) return NotEdtf(text_);
  const size_t zone_at = time.find_first_of("Z+-");
  const std::string_view clock = time.substr(0, zone_at);
  const std::optional<int> hour = Digits(clock, 0, 2);
  const std::optional<int> minute = Digits(clock, 3, 2);
  std::optional<int> second = 0;
  if (clock.size() == 8 && clock[5] == ':') second = Digits(clock, 6, 2);
  if ((clock.size() != 5 && clock.size() != 8) || clock[2] != ':' ||
      (clock.size() == 8 && clock[5] != ':') || !hour.has_value() ||
      !minute.has_value() || !second.has_value()) {
    return EdtfError(text_,
                     "has a time of day that is not like T18:30 or "
                     "T18:30:00");
  }
  if (*hour > 23 || *minute > 59 || *second > 59) {
    return EdtfError(text_,
                     "does not exist: a day goes from 00:00:00 to 23:59:59");
  }
  point.precision =
      clock.size() == 8 ? EdtfPrecision::kSecond : EdtfPrecision::kMinute;
  point.hour = *hour;
  point.minute = *minute;
  point.second = *second;
  if (zone_at == std::string_view::npos) return absl::OkStatus();
  return ParseOffset(time.substr(zone_at), point);
}

absl::Status Parser::ParseOffset(std::string_view zone,
                                 EdtfPoint& point) const {
  if (zone == "Z") {
    point.utc_offset_minutes = 0;
    return absl::OkStatus();
  }
  const std::optional<int> hours = Digits(zone, 1, 2);
  const std::optional<int> minutes = Digits(zone, 4, 2);
  if (zone[0] == 'Z' || zone.size() != 6 || zone[3] != ':' ||
      !hours.has_value() || !minutes.has_value() || *hours > 14 ||
      *minutes > 59) {
    return EdtfError(text_,
                     "has an offset from UTC that is not Z or like +02:00");
  }
  const int ahead = *hours * 60 + *minutes;
  point.utc_offset_minutes = zone[0] == '-' ? -ahead : ahead;
  return absl::OkStatus();
}

absl::Status Parser::CheckInInterval(const EdtfPoint& point) const {
  if (point.precision == EdtfPrecision::kSeason) {
    return EdtfError(
        text_,
        "is EDTF of level 2: seasons cannot be an interval's ends; "
        "write months, such as 2025-03/2025-05");
  }
  if (point.circa || point.uncertain) {
    return EdtfError(
        text_,
        "has a mark of doubt within an interval: leave it out, and "
        "set the flag circa instead");
  }
  if (point.unspecified || point.precision < EdtfPrecision::kYear) {
    return EdtfError(text_,
                     "is EDTF of level 2: an interval's ends cannot have X; "
                     "leave out what is not known");
  }
  if (point.precision > EdtfPrecision::kDay) {
    return EdtfError(text_,
                     "has a time of day within an interval, which level 1 does "
                     "not: give the day or the start alone");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status EdtfError(std::string_view text, const std::string& why) {
  return CodecError(absl::StatusCode::kInvalidArgument,
                    error::v1::REASON_INVALID_FIELD,
                    absl::StrCat("the time ", Quoted(text), " ", why),
                    {{"value", std::string(text.substr(0, kTextBytesMax))}});
}

absl::StatusOr<EdtfExpression> ParseEdtfSyntax(std::string_view text) {
  if (text.empty()) {
    return EdtfError(text, "is empty: leave it out when it is not known");
  }
  if (text.size() > kTextBytesMax) {
    return EdtfError(text, absl::StrCat("is longer than ", kTextBytesMax,
                                        " bytes; no EDTF text of level 1 is"));
  }
  return Parser(text).Parse();
}

}  // namespace samverk::codec

#include "proto/codec/text.h"

#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "proto/codec/civil_time.h"
#include "proto/codec/edtf_syntax.h"
#include "proto/codec/utf8.h"

namespace samverk::codec {
namespace {

using event::v1::Precision;

constexpr char kNoBreakSpace[] = "\u00A0";
constexpr char kMinus[] = "\u2212";
constexpr char kDash[] = "\u2013";

constexpr std::array<const char*, 12> kMonthsSwedish = {
    "januari", "februari", "mars",      "april",   "maj",      "juni",
    "juli",    "augusti",  "september", "oktober", "november", "december"};
constexpr std::array<const char*, 12> kMonthsEnglish = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 4> kSeasonsSwedish = {"våren", "sommaren",
                                                        "hösten", "vintern"};
constexpr std::array<const char*, 4> kSeasonsEnglish = {"spring", "summer",
                                                        "autumn", "winter"};

const char* Choose(Language language, const char* swedish,
                   const char* english) {
  return language == Language::kSwedish ? swedish : english;
}

// Digits in groups of three.
std::string Grouped(uint64_t number, Language language) {
  const std::string digits = absl::StrCat(number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      grouped += Choose(language, kNoBreakSpace, ",");
    }
    grouped += digits[i];
  }
  return grouped;
}

// The size of a number; also of the least, which has no positive counterpart.
uint64_t Magnitude(int64_t number) {
  return number < 0 ? ~static_cast<uint64_t>(number) + 1
                    : static_cast<uint64_t>(number);
}

bool IsUnknown(Precision precision) {
  return precision == event::v1::PRECISION_UNKNOWN ||
         precision == event::v1::PRECISION_UNSPECIFIED;
}

// 0 is the worst. Numbers that this program does not know count as unknown.
int Sureness(Precision precision) {
  if (precision == event::v1::PRECISION_EXACT) return 3;
  if (precision == event::v1::PRECISION_STATED) return 2;
  if (precision == event::v1::PRECISION_ESTIMATE) return 1;
  return 0;
}

std::string MonthName(int month, Language language) {
  const size_t i = static_cast<size_t>(month - 1);
  return language == Language::kSwedish ? kMonthsSwedish[i] : kMonthsEnglish[i];
}

// A time of day with an offset from UTC, by Stockholm's clocks.
EdtfPoint InStockholm(EdtfPoint point) {
  if (!point.utc_offset_minutes.has_value()) return point;
  const int64_t utc_us =
      DaysFromCivil(point.year, point.month, point.day) * kDayUs +
      point.hour * kHourUs + point.minute * kMinuteUs -
      *point.utc_offset_minutes * kMinuteUs;
  const int64_t local_us = utc_us + StockholmOffsetUs(utc_us);
  const Date date = CivilFromDays(FloorDivide(local_us, kDayUs));
  point.year = date.year;
  point.month = date.month;
  point.day = date.day;
  const int64_t of_day_us = local_us - FloorDivide(local_us, kDayUs) * kDayUs;
  point.hour = static_cast<int>(of_day_us / kHourUs);
  point.minute = static_cast<int>(of_day_us % kHourUs / kMinuteUs);
  return point;
}

std::string ClockText(const EdtfPoint& point, Language language) {
  const char separator = language == Language::kSwedish ? '.' : ':';
  std::string text =
      absl::StrFormat("%02d%c%02d", point.hour, separator, point.minute);
  if (point.precision == EdtfPrecision::kSecond) {
    absl::StrAppendFormat(&text, "%c%02d", separator, point.second);
  }
  return text;
}

// How much of a date is written: what an interval's other end already says is
// left out.
enum class Parts { kDay, kDayMonth, kAll };

std::string DatePartText(const EdtfPoint& point, Parts parts,
                         Language language) {
  std::string text;
  if (point.precision >= EdtfPrecision::kDay) text = absl::StrCat(point.day);
  if (parts == Parts::kDay) return text;
  if (point.precision >= EdtfPrecision::kMonth) {
    absl::StrAppend(&text, text.empty() ? "" : " ",
                    MonthName(point.month, language));
  }
  if (parts == Parts::kDayMonth) return text;
  absl::StrAppend(&text, text.empty() ? "" : " ", point.year);
  return text;
}

std::string PointText(const EdtfPoint& given, Language language) {
  const EdtfPoint point = InStockholm(given);
  std::string text;
  switch (point.precision) {
    case EdtfPrecision::kCentury:
      text = absl::StrCat(point.year, kDash, point.year + 99);
      break;
    case EdtfPrecision::kDecade:
      text = language == Language::kSwedish
                 ? absl::StrCat(point.year, "-talet")
                 : absl::StrCat("the ", point.year, "s");
      break;
    case EdtfPrecision::kSeason: {
      const size_t i = static_cast<size_t>(point.season);
      text =
          absl::StrCat(Choose(language, kSeasonsSwedish[i], kSeasonsEnglish[i]),
                       " ", point.year);
      if (point.season == Season::kWinter) {
        absl::StrAppend(&text, kDash, point.year + 1);
      }
      break;
    }
    case EdtfPrecision::kYear:
    case EdtfPrecision::kMonth:
    case EdtfPrecision::kDay:
      text = DatePartText(point, Parts::kAll, language);
      break;
    case EdtfPrecision::kMinute:
    case EdtfPrecision::kSecond:
      text = absl::StrCat(DatePartText(point, Parts::kAll, language),
                          Choose(language, " kl. ", ", "),
                          ClockText(point, language));
      break;
  }
  if (!point.unspecified) return text;
  return absl::StrCat(
      Choose(language, "någon gång ", "some time in "),
      language == Language::kSwedish && point.precision == EdtfPrecision::kMonth
          ? "i "
          : "",
      text);
}

std::string IntervalText(const EdtfExpression& expression, Language language) {
  if (!expression.start.has_value()) {
    return absl::StrCat(Choose(language, "till och med ", "until "),
                        PointText(*expression.end, language));
  }
  if (!expression.end.has_value()) {
    return absl::StrCat(Choose(language, "från ", "from "),
                        PointText(*expression.start, language));
  }
  const EdtfPoint& start = *expression.start;
  const EdtfPoint& end = *expression.end;
  Parts parts = Parts::kAll;
  if (start.precision == end.precision && start.year == end.year) {
    if (start.precision == EdtfPrecision::kDay && start.month == end.month) {
      parts = Parts::kDay;
    } else if (start.precision > EdtfPrecision::kYear) {
      parts = Parts::kDayMonth;
    }
  }
  return absl::StrCat(DatePartText(start, parts, language), kDash,
                      DatePartText(end, Parts::kAll, language));
}

// Marks that stand on the character before them, or show nothing at all.
bool TakesNoColumn(uint32_t code) {
  return (code >= 0x0300 && code <= 0x036F) ||
         (code >= 0x1AB0 && code <= 0x1AFF) ||
         (code >= 0x1DC0 && code <= 0x1DFF) ||
         (code >= 0x20D0 && code <= 0x20FF) ||
         (code >= 0xFE20 && code <= 0xFE2F) ||
         (code >= 0x200B && code <= 0x200D) ||
         (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF;
}

}  // namespace

Language LanguageOf(std::string_view tag) {
  const bool swedish =
      tag.empty() ||
      (tag.size() >= 2 && (tag[0] | 0x20) == 's' && (tag[1] | 0x20) == 'v');
  return swedish ? Language::kSwedish : Language::kEnglish;
}

std::string MoneyText(int64_t ore, Precision precision, Language language) {
  if (ore == 0 && IsUnknown(precision)) {
    return PrecisionText(precision, language);
  }
  const uint64_t magnitude = Magnitude(ore);
  std::string number = ore < 0 ? kMinus : "";
  number += Grouped(magnitude / 100, language);
  if (magnitude % 100 != 0) {
    absl::StrAppendFormat(&number, "%s%02d", Choose(language, ",", "."),
                          magnitude % 100);
  }
  const bool about = precision == event::v1::PRECISION_ESTIMATE;
  if (language == Language::kSwedish) {
    return absl::StrCat(about ? "ca " : "", number, kNoBreakSpace, "kr");
  }
  return absl::StrCat(about ? "approx. " : "", "SEK ", number);
}

std::string PrecisionText(Precision precision, Language language) {
  switch (Sureness(precision)) {
    case 3:
      return Choose(language, "exakt", "exact");
    case 2:
      return Choose(language, "uppgivet", "stated");
    case 1:
      return Choose(language, "uppskattning", "estimate");
    default:
      return Choose(language, "okänt", "unknown");
  }
}

Precision WorsePrecision(Precision a, Precision b) {
  const Precision worse = Sureness(a) <= Sureness(b) ? a : b;
  return Sureness(worse) == 0 ? event::v1::PRECISION_UNKNOWN : worse;
}

std::string EdtfText(std::string_view edtf, bool circa, Language language) {
  if (edtf.empty()) return Choose(language, "okänt", "unknown");
  const absl::StatusOr<EdtfExpression> expression = ParseEdtfSyntax(edtf);
  if (!expression.ok()) return std::string(edtf);
  const std::optional<EdtfPoint>& start = expression->start;
  const bool about = circa || (start.has_value() && start->circa);
  const bool uncertain = start.has_value() && start->uncertain;
  return absl::StrCat(
      about ? Choose(language, "ca ", "approx. ") : "",
      expression->interval ? IntervalText(*expression, language)
                           : PointText(*start, language),
      uncertain ? Choose(language, " (osäkert)", " (uncertain)") : "");
}

std::string NumberText(int64_t number, Language language) {
  return absl::StrCat(number < 0 ? kMinus : "",
                      Grouped(Magnitude(number), language));
}

std::string DateText(int64_t time_us) {
  const Date date = StockholmDate(time_us);
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

std::string DateTimeText(int64_t time_us) {
  const int64_t local_us = time_us + StockholmOffsetUs(time_us);
  const int64_t of_day_us = local_us - FloorDivide(local_us, kDayUs) * kDayUs;
  return absl::StrFormat("%s %02d:%02d", DateText(time_us), of_day_us / kHourUs,
                         of_day_us % kHourUs / kMinuteUs);
}

size_t DisplayWidth(std::string_view utf8) {
  size_t width = 0;
  while (!utf8.empty()) {
    const std::string_view character = FirstCharacter(utf8);
    if (!TakesNoColumn(CodePoint(character))) ++width;
    utf8.remove_prefix(character.size());
  }
  return width;
}

}  // namespace samverk::codec

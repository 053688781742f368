#include "services/recording/identity_number.h"

#include <array>
#include <optional>
#include <string>

#include "services/recording/screened_text.h"

namespace samverk::recording {
namespace {

bool IsPossibleDate(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  if (day > kDays[static_cast<size_t>(month) - 1]) return false;
  // Every year that ends in 00 is taken for a leap year: none but 1900 is
  // meant that was not.
  return month != 2 || day != 29 || year % 4 == 0;
}

// Ten or twelve digits, without separators.
bool IsIdentityNumber(std::string_view digits) {
  if (digits.size() == 12) {
    const int year = Number(digits.substr(0, 4));
    if (year < 1880 || year > 2059) return false;
    digits.remove_prefix(2);
  }
  const int day = Number(digits.substr(4, 2));
  const int month = Number(digits.substr(2, 2));
  if (!IsPossibleDate(Number(digits.substr(0, 2)), month,
                      day > 60 ? day - 60 : day)) {
    return false;
  }
  return digits.substr(6, 3) != "000" && HasLuhnCheckDigit(digits);
}

// "20250917" and "1830": a day of this century and a time of day.
bool IsTimestamp(std::string_view digits) {
  const std::string_view clock = digits.substr(digits.size() - 4);
  const bool this_century = digits.size() == 12 ? digits.substr(0, 2) == "20"
                                                : digits.substr(0, 1) == "2";
  return this_century && Number(clock.substr(0, 2)) < 24 &&
         Number(clock.substr(2, 2)) < 60;
}

// What of a text may be an identity number.
struct Candidate {
  std::string digits;
  size_t length = 0;  // in the text, separators included
  bool separated = false;
  // More pairs of digits follow it in the same way: a list of numbers.
  bool goes_on = false;
};

// As numbers are written by rule: one run of digits, or one separator before
// the last four.
std::optional<Candidate> StrictCandidateAt(std::string_view text, size_t at) {
  constexpr size_t kSpaces = 3;
  const size_t first = DigitsAt(text, at);
  Candidate candidate;
  size_t end = at + first;
  candidate.digits = text.substr(at, first);
  const bool dashed_date = first == 4;  // YYYY-MM-DD
  for (int part = 0; dashed_date && part < 2; ++part) {
    if (CharAt(text, end) != '-') return std::nullopt;
    if (DigitsAt(text, end + 1) != 2) return std::nullopt;
    candidate.digits += text.substr(end + 1, 2);
    end += 3;
  }
  if (candidate.digits.size() == 6 || candidate.digits.size() == 8) {
    // Two dates with "/" between them are a stretch of time.
    const size_t serial =
        PassSeparator(text, end, dashed_date ? "-+" : "-+./", kSpaces);
    if (serial == end || DigitsAt(text, serial) != 4) return std::nullopt;
    candidate.digits += text.substr(serial, 4);
    candidate.separated = true;
    end = serial + 4;
  }
  if (candidate.digits.size() != 10 && candidate.digits.size() != 12) {
    return std::nullopt;
  }
  candidate.length = end - at;
  return candidate;
}

// Passes one of the marks that may stand between two pairs of digits; "\0":
// none stands there.
char PairMarkAt(std::string_view text, size_t at) {
  const char mark = CharAt(text, at);
  return IsOneOf(mark, " -./_:") ? mark : '\0';
}

// The groups of digits of a date from `at` on: how many there are of two
// digits after the first, with the same mark between them.
struct DateGroups {
  std::string digits;
  size_t end = 0;
  char mark = '\0';
};

DateGroups DateGroupsAt(std::string_view text, size_t at, int pairs) {
  DateGroups date;
  const size_t first = DigitsAt(text, at);
  date.digits = text.substr(at, first);
  date.end = at + first;
  date.mark = pairs > 0 ? PairMarkAt(text, date.end) : '\0';
  for (int pair = 0; pair < pairs; ++pair) {
    if (CharAt(text, date.end) != date.mark) return {};
    if (DigitsAt(text, date.end + 1) != 2) return {};
    date.digits += text.substr(date.end + 1, 2);
    date.end += 3;
  }
  return date;
}

// What stands between a date and the last four digits, in the looser ways.
// Returns where it ends; `at` when nothing fits.
size_t PassLooseSeparator(std::string_view text, size_t at) {
  constexpr size_t kSpaces = 3;
  if (text.substr(at, 2) == "--") return at + 2;
  if (IsOneOf(CharAt(text, at), "_:,*")) return at + 1;
  const size_t bracket = PassSpaces(text, at, 1);
  if (IsOneOf(CharAt(text, bracket), "([")) return bracket + 1;
  return PassSeparator(text, at, "-+./", kSpaces);
}

// The date that begins at `at` with `pairs` pairs after its first digits, and
// the last four digits as one group or as two pairs.
std::optional<Candidate> LooseCandidateAt(std::string_view text, size_t at,
                                          int pairs) {
  const DateGroups date = DateGroupsAt(text, at, pairs);
  if (date.digits.size() != 6 && date.digits.size() != 8) return std::nullopt;
  const size_t serial = PassLooseSeparator(text, date.end);
  if (serial == date.end) return std::nullopt;
  const std::string_view between = text.substr(date.end, serial - date.end);
  const bool whole_year = date.digits.size() == 8;
  // "1950-01-01/1981": a stretch of time.
  if (whole_year && date.mark != '/' &&
      between.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  Candidate candidate;
  candidate.digits = date.digits;
  candidate.separated = true;
  size_t end = serial + 2;
  candidate.digits += text.substr(serial, 2);
  bool split = false;
  if (DigitsAt(text, serial) == 2) {
    const char mark = PairMarkAt(text, end);
    if (mark == '\0' || DigitsAt(text, end + 1) != 2) return std::nullopt;
    // "1998-09-02 16:53"
    if (mark == ':' && date.mark != ':') return std::nullopt;
    split = true;
    candidate.digits += text.substr(end + 1, 2);
    end += 3;
    candidate.goes_on =
        PairMarkAt(text, end) == mark && DigitsAt(text, end + 1) == 2;
  } else if (DigitsAt(text, serial) == 4) {
    candidate.digits += text.substr(serial + 2, 2);
    end += 2;
  } else {
    return std::nullopt;
  }
  // Days of this century stand before all kinds of numbers.
  const bool strict = between == "-" || between == "+";
  if (whole_year && date.digits.substr(0, 2) == "20" && !(strict && split)) {
    return std::nullopt;
  }
  if (IsOneOf(CharAt(text, end), ")]")) ++end;
  candidate.length = end - at;
  return candidate;
}

// Whether the number may end where the candidate does.
bool EndsLoosely(std::string_view text, size_t end, bool separated) {
  const char after = CharAt(text, end);
  if (IsUnitAt(text, end)) return false;
  if (IsAsciiLetter(after)) return separated || PrecedesWord(text, end);
  if (IsOneOf(after, ":_") && IsDigit(CharAt(text, end + 1))) return false;
  return EndsAt(text, end);
}

// Length of the number written in a looser way; 0: none.
size_t LooseNumberAt(std::string_view text, size_t at) {
  const size_t first = DigitsAt(text, at);
  // 12 digits before 10: "19 81 12 28 98 74".
  constexpr std::array<int, 2> kPairs = {3, 2};
  for (const int pairs : kPairs) {
    const bool fits = (first == 2) || (first == 4 && pairs == 2) ||
                      ((first == 6 || first == 8) && pairs == 2);
    if (!fits) continue;
    const auto candidate = LooseCandidateAt(text, at, first >= 6 ? 0 : pairs);
    if (!candidate.has_value() || candidate->goes_on) continue;
    if (!IsIdentityNumber(candidate->digits)) continue;
    if (IsTimestamp(candidate->digits)) continue;
    if (EndsLoosely(text, at + candidate->length, /*separated=*/true)) {
      return candidate->length;
    }
  }
  return 0;
}

// Length of the number written by rule; 0: none.
size_t StrictNumberAt(std::string_view text, size_t at, Screening screening) {
  const auto candidate = StrictCandidateAt(text, at);
  if (!candidate.has_value()) return 0;
  const size_t end = at + candidate->length;
  if (screening == Screening::kReference) {
    if (!BeginsAt(text, at) || !EndsAt(text, end)) return 0;
    if (!candidate->separated && candidate->digits.size() == 10) return 0;
  } else {
    const bool begins =
        BeginsAt(text, at) || candidate->separated || FollowsWord(text, at);
    const bool ends =
        EndsAt(text, end) || (IsAsciiLetter(CharAt(text, end)) &&
                              EndsLoosely(text, end, candidate->separated));
    if (!begins || !ends) return 0;
  }
  if (!IsIdentityNumber(candidate->digits)) return 0;
  if (screening != Screening::kWords && IsTimestamp(candidate->digits)) {
    return 0;
  }
  return candidate->length;
}

}  // namespace

size_t IdentityNumberAt(std::string_view text, size_t at, Screening screening) {
  const bool after_letter = at > 0 && IsAsciiLetter(text[at - 1]);
  if (!after_letter && !BeginsAt(text, at)) return 0;
  const size_t strict = StrictNumberAt(text, at, screening);
  if (strict > 0 || screening == Screening::kReference) return strict;
  return LooseNumberAt(text, at);
}

bool HasLuhnCheckDigit(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    const int digit = (digits[i] - '0') * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return !digits.empty() && sum % 10 == 0;
}

}  // namespace samverk::recording

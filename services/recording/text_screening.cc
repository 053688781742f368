#include "services/recording/text_screening.h"

#include <algorithm>
#include <array>

namespace samverk::recording {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// Part of a word; every byte of a character beyond ASCII counts as one, but
// for the dashes and spaces that SeparatorAt knows.
bool IsWordByte(char c) {
  return IsDigit(c) || IsAsciiLetter(c) || static_cast<unsigned char>(c) >= 128;
}

// Dashes and spaces beyond ASCII that stand where "-" and " " do.
constexpr std::array<std::string_view, 7> kDashes = {
    "-", "+", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212"};
constexpr std::array<std::string_view, 3> kSpaces = {" ", "\u00A0", "\u202F"};

template <size_t n>
size_t OneOfAt(const std::array<std::string_view, n>& marks,
               std::string_view text, size_t at) {
  for (const std::string_view mark : marks) {
    if (text.substr(at, mark.size()) == mark) return mark.size();
  }
  return 0;
}
// Length of the dash, of the space, of either at `at`; 0: none.
size_t DashAt(std::string_view text, size_t at) {
  return OneOfAt(kDashes, text, at);
}
size_t SpaceAt(std::string_view text, size_t at) {
  return OneOfAt(kSpaces, text, at);
}
size_t SeparatorAt(std::string_view text, size_t at) {
  const size_t dash = DashAt(text, at);
  return dash > 0 ? dash : SpaceAt(text, at);
}

// How many digits begin at `at`.
size_t DigitsAt(std::string_view text, size_t at) {
  size_t count = 0;
  while (at + count < text.size() && IsDigit(text[at + count])) ++count;
  return count;
}

// Whether a number may begin at `at`: not within a word or another number.
bool BeginsAt(std::string_view text, size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (IsDigit(before) || IsAsciiLetter(before)) return false;
  const bool joins = before == '-' || before == '.' || before == ',';
  return !(joins && at >= 2 && IsDigit(text[at - 2]));
}

// Whether a number may end before `at`.
bool EndsAt(std::string_view text, size_t at) {
  if (at >= text.size()) return true;
  const char after = text[at];
  if (IsDigit(after) || IsAsciiLetter(after)) return false;
  if (at + 1 >= text.size()) return true;
  const char next = text[at + 1];
  if (after == '.' || after == ',') return !IsDigit(next);
  return after != '-' || !(IsDigit(next) || IsAsciiLetter(next));
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

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
};

std::optional<Candidate> CandidateAt(std::string_view text, size_t at) {
  const size_t first = DigitsAt(text, at);
  Candidate candidate;
  size_t end = at + first;
  candidate.digits = text.substr(at, first);
  if (first == 4) {  // YYYY-MM-DD
    for (int part = 0; part < 2; ++part) {
      if (end >= text.size() || text[end] != '-') return std::nullopt;
      if (DigitsAt(text, end + 1) != 2) return std::nullopt;
      candidate.digits += text.substr(end + 1, 2);
      end += 3;
    }
    if (end >= text.size() || DashAt(text, end) == 0) return std::nullopt;
  }
  if (candidate.digits.size() == 6 || candidate.digits.size() == 8) {
    const size_t separator = SeparatorAt(text, end);
    if (separator == 0 || DigitsAt(text, end + separator) != 4) {
      return std::nullopt;
    }
    candidate.digits += text.substr(end + separator, 4);
    candidate.separated = true;
    end += separator + 4;
  }
  if (candidate.digits.size() != 10 && candidate.digits.size() != 12) {
    return std::nullopt;
  }
  candidate.length = end - at;
  return candidate;
}

// Length of the identity number that begins at `at`; 0: none does.
size_t IdentityNumberAt(std::string_view text, size_t at, Screening screening) {
  const auto candidate = CandidateAt(text, at);
  if (!candidate.has_value()) return 0;
  if (!EndsAt(text, at + candidate->length)) return 0;
  if (!IsIdentityNumber(candidate->digits)) return 0;
  if (screening == Screening::kReference) {
    if (!candidate->separated && candidate->digits.size() == 10) return 0;
    if (IsTimestamp(candidate->digits)) return 0;
  }
  return candidate->length;
}

// Length of the Swedish area or mobile code that the digits begin with, "0"
// included; 0: none.
size_t AreaCodeLength(std::string_view digits) {
  constexpr std::array<std::string_view, 26> kThree = {
      "010", "011", "013", "016", "018", "019", "020", "021", "023",
      "026", "031", "033", "035", "036", "040", "042", "044", "046",
      "054", "060", "063", "070", "072", "073", "076", "079"};
  if (digits.size() < 2 || digits[0] != '0') return 0;
  if (digits[1] == '8') return 2;
  const std::string_view three = digits.substr(0, 3);
  if (three == "090") return 3;
  if (std::find(kThree.begin(), kThree.end(), three) != kThree.end()) return 3;
  if (digits.substr(0, 4) == "0771") return 4;
  const bool four = digits.size() >= 4 && digits[1] != '0' && digits[1] != '7';
  return four ? 4 : 0;
}

bool IsMobile(std::string_view digits) {
  return digits.size() >= 3 && digits[1] == '7' && AreaCodeLength(digits) == 3;
}

// Digits in groups after a code, each group after a separator: how many, and
// where they end.
struct Groups {
  size_t digits = 0;
  size_t end = 0;
};

// Groups of two and three digits, or one of five to eight. The separator
// before the first is already passed.
Groups GroupsAt(std::string_view text, size_t at) {
  Groups groups{0, at};
  for (size_t next = at;;) {
    const size_t count = DigitsAt(text, next);
    if (groups.digits == 0 && count >= 5 && count <= 8) {
      return {count, next + count};
    }
    if (count != 2 && count != 3) return groups;
    groups.digits += count;
    groups.end = next + count;
    const size_t separator = SeparatorAt(text, groups.end);
    if (separator == 0) return groups;
    next = groups.end + separator;
  }
}

// Passes what stands between a code and the number: spaces, one dash or slash,
// a closing parenthesis. Returns where it ends; `at` when there is nothing.
size_t PassSeparators(std::string_view text, size_t at) {
  bool dashed = false;
  while (at < text.size()) {
    size_t length = SpaceAt(text, at);
    if (length == 0 && !dashed) {
      length = text[at] == '/' ? 1 : DashAt(text, at);
      dashed = length > 0;
    }
    if (length == 0 && text[at] == ')') length = 1;
    if (length == 0) break;
    at += length;
  }
  return at;
}

// Length of the national number that begins at `at`; 0: none does.
size_t NationalNumberAt(std::string_view text, size_t at) {
  const size_t run = DigitsAt(text, at);
  const std::string_view digits = text.substr(at, run);
  const size_t code = AreaCodeLength(digits);
  if (code == 0) return 0;
  if (run > 4) {
    const bool whole =
        IsMobile(digits) ? run == 10 : code <= 3 && (run == 9 || run == 10);
    return whole && EndsAt(text, at + run) ? run : 0;
  }
  if (run != code && !(IsMobile(digits) && run == 4)) return 0;
  const size_t rest = PassSeparators(text, at + run);
  if (rest == at + run) return 0;
  const Groups groups = GroupsAt(text, rest);
  const size_t total = run + groups.digits;
  if (total < 8 || total > 10) return 0;
  return EndsAt(text, groups.end) ? groups.end - at : 0;
}

// Length of the international number that begins at `at`; 0: none does.
size_t InternationalNumberAt(std::string_view text, size_t at) {
  struct Country {
    std::string_view code;
    size_t least;
    size_t most;
  };
  constexpr std::array<Country, 4> kNordic = {
      {{"46", 7, 10}, {"45", 8, 8}, {"47", 8, 8}, {"358", 7, 11}}};
  const size_t prefix = text[at] == '+'              ? 1
                        : text.substr(at, 2) == "00" ? 2
                                                     : 0;
  if (prefix == 0) return 0;
  for (const Country& country : kNordic) {
    const size_t after = at + prefix;
    if (text.substr(after, country.code.size()) != country.code) continue;
    size_t digits = 0;
    size_t end = after + country.code.size();
    for (size_t next = end; next < text.size();) {
      if (text.substr(next, 3) == "(0)") next += 3;
      const size_t run = DigitsAt(text, next);
      if (run == 0) {
        const size_t separator = SeparatorAt(text, next);
        if (separator == 0) break;
        next += separator;
        continue;
      }
      digits += run;
      next += run;
      end = next;
    }
    return digits >= country.least && digits <= country.most ? end - at : 0;
  }
  return 0;
}

bool IsLocalByte(char c) {
  return IsWordByte(c) || c == '.' || c == '_' || c == '%' || c == '+' ||
         c == '-';
}
bool IsDomainByte(char c) { return IsWordByte(c) || c == '.' || c == '-'; }

// The address around the "@" at `at`: where it begins, and its length; length
// 0: there is none.
std::pair<size_t, size_t> EmailAround(std::string_view text, size_t at) {
  size_t begin = at;
  while (begin > 0 && IsLocalByte(text[begin - 1])) --begin;
  size_t end = at + 1;
  while (end < text.size() && IsDomainByte(text[end])) ++end;
  while (end > at + 1 && !IsWordByte(text[end - 1])) --end;
  const std::string_view domain = text.substr(at + 1, end - at - 1);
  const size_t dot = domain.rfind('.');
  if (begin == at || dot == std::string_view::npos || dot == 0) return {0, 0};
  const std::string_view last = domain.substr(dot + 1);
  const bool name =
      last.size() >= 2 && std::none_of(last.begin(), last.end(), IsDigit);
  return {begin, name ? end - begin : 0};
}

std::string MaskEmail(std::string_view address) {
  std::string masked(address.substr(0, 1));
  masked += "•••@•••";
  masked += address.substr(address.rfind('.'));
  return masked;
}

// The detail that begins at `at`, if one does.
std::optional<ScreenedDetail> NumberAt(std::string_view text, size_t at,
                                       Screening screening) {
  const auto detail = [&](PersonalDetail what, size_t length) {
    return ScreenedDetail{what, at, MaskDigits(text.substr(at, length))};
  };
  if (const size_t n = IdentityNumberAt(text, at, screening); n > 0) {
    return detail(PersonalDetail::kIdentityNumber, n);
  }
  if (screening == Screening::kReference) return std::nullopt;
  if (const size_t n = InternationalNumberAt(text, at); n > 0) {
    return detail(PersonalDetail::kPhoneNumber, n);
  }
  if (const size_t n = NationalNumberAt(text, at); n > 0) {
    return detail(PersonalDetail::kPhoneNumber, n);
  }
  return std::nullopt;
}

}  // namespace

bool HasLuhnCheckDigit(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    const int digit = (digits[i] - '0') * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return !digits.empty() && sum % 10 == 0;
}

std::string MaskDigits(std::string_view text) {
  std::string masked;
  int shown = 0;
  for (const char c : text) {
    if (!IsDigit(c) || shown++ < 2) {
      masked += c;
    } else {
      masked += "•";
    }
  }
  return masked;
}

std::optional<ScreenedDetail> ScreenText(std::string_view text,
                                         Screening screening) {
  constexpr ptrdiff_t kLeastDigits = 8;
  const bool digits =
      std::count_if(text.begin(), text.end(), IsDigit) >= kLeastDigits;
  if (!digits && text.find('@') == std::string_view::npos) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '@') {
      const auto [begin, length] = EmailAround(text, i);
      if (length == 0) continue;
      return ScreenedDetail{PersonalDetail::kEmailAddress, begin,
                            MaskEmail(text.substr(begin, length))};
    }
    if (!digits || (!IsDigit(text[i]) && text[i] != '+')) continue;
    if (!BeginsAt(text, i)) continue;
    auto detail = NumberAt(text, i, screening);
    if (detail.has_value()) return detail;
  }
  return std::nullopt;
}

}  // namespace samverk::recording

#include "services/recording/text_screening.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "proto/codec/utf8.h"
#include "services/recording/folded_text.h"

namespace samverk::recording {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// Part of a word; every byte of a character beyond ASCII counts as one, for the
// text is folded.
bool IsWordByte(char c) {
  return IsDigit(c) || IsAsciiLetter(c) || static_cast<unsigned char>(c) >= 128;
}

char CharAt(std::string_view text, size_t at) {
  return at < text.size() ? text[at] : '\0';
}
bool IsOneOf(char c, std::string_view marks) {
  return c != '\0' && marks.find(c) != std::string_view::npos;
}

// Passes up to `most` spaces.
size_t PassSpaces(std::string_view text, size_t at, size_t most) {
  for (size_t i = 0; i < most && CharAt(text, at) == ' '; ++i) ++at;
  return at;
}
// Passes spaces, one of `marks`, and spaces, each of which may be missing.
// Returns `at` when all are.
size_t PassSeparator(std::string_view text, size_t at, std::string_view marks,
                     size_t spaces) {
  at = PassSpaces(text, at, spaces);
  if (IsOneOf(CharAt(text, at), marks)) ++at;
  return PassSpaces(text, at, spaces);
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

// Length of the identity number that begins at `at`; 0: none does.
size_t IdentityNumberAt(std::string_view text, size_t at, Screening screening) {
  const auto candidate = CandidateAt(text, at);
  if (!candidate.has_value()) return 0;
  if (!EndsAt(text, at + candidate->length)) return 0;
  if (!IsIdentityNumber(candidate->digits)) return 0;
  if (screening == Screening::kReference) {
    if (!candidate->separated && candidate->digits.size() == 10) return 0;
  }
  if (screening != Screening::kWords && IsTimestamp(candidate->digits)) {
    return 0;
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

// Digits without anything between them.
struct Group {
  size_t begin = 0;
  size_t size = 0;
  size_t end() const { return begin + size; }
};

bool BeginsWithIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    const bool capital = text[i] >= 'A' && text[i] <= 'Z';
    const char c = capital ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// Whether what stands at `at` makes what is before it a sum or a share.
bool IsUnitAt(std::string_view text, size_t at) {
  constexpr std::array<std::string_view, 9> kUnits = {
      "kr", "kronor", "sek", "tkr", "mkr", "öre", "procent", "%", ":-"};
  // "120 000,50 kr"
  if (CharAt(text, at) == ',' && DigitsAt(text, at + 1) > 0) {
    at += 1 + DigitsAt(text, at + 1);
  }
  const std::string_view rest = text.substr(PassSpaces(text, at, 2));
  for (const std::string_view unit : kUnits) {
    if (!BeginsWithIgnoringCase(rest, unit)) continue;
    const bool letters = IsWordByte(unit.back());
    if (!letters || rest.size() == unit.size() ||
        !IsWordByte(rest[unit.size()])) {
      return true;
    }
  }
  return false;
}

// Takes the sum off the end of groups after which its unit stands: groups of
// three digits and what is before them ("16 120 000 kr").
void DropSum(std::string_view text, std::vector<Group>& groups) {
  if (groups.empty() || !IsUnitAt(text, groups.back().end())) return;
  bool more = true;
  while (more && !groups.empty()) {
    more = groups.back().size == 3;
    groups.pop_back();
    if (groups.empty()) return;
    const Group& before = groups.back();
    if (before.size > 3 || (before.size < 3 && text[before.begin] == '0')) {
      more = false;
    }
  }
}

// Groups from `at` on, with one of `marks`, spaces or both between them.
std::vector<Group> GroupsAt(std::string_view text, size_t at,
                            std::string_view marks) {
  constexpr size_t kGroups = 12;
  std::vector<Group> groups;
  while (groups.size() < kGroups) {
    const size_t size = DigitsAt(text, at);
    if (size == 0) break;
    groups.push_back({at, size});
    const size_t next = PassSeparator(text, at + size, marks, 1);
    if (next == at + size) break;
    at = next;
  }
  return groups;
}

// Whether a number ends with group `index`: more groups may follow it.
bool EndsWithGroup(std::string_view text, const std::vector<Group>& groups,
                   size_t index) {
  return index + 1 < groups.size() || EndsAt(text, groups[index].end());
}

// A number of an invoice, an account, a case: named so right before it.
bool IsNamedBefore(std::string_view text, size_t at) {
  constexpr std::array<std::string_view, 14> kNames = {
      "dnr",      "diarienr",     "diarienummer",  "faktura", "fakturanr",
      "konto",    "kontonr",      "kontonummer",   "ocr",     "bankgiro",
      "plusgiro", "verifikation", "fakturanummer", "ordernr"};
  size_t end = at;
  while (end > 0 && IsOneOf(text[end - 1], " :.#")) --end;
  size_t begin = end;
  while (begin > 0 && IsAsciiLetter(text[begin - 1])) --begin;
  const std::string_view word = text.substr(begin, end - begin);
  if (BeginsWithIgnoringCase(word, "nr") && word.size() == 2 && begin > 0) {
    return IsNamedBefore(text, begin);
  }
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
    return word.size() == name.size() && BeginsWithIgnoringCase(word, name);
  });
}

// Passes what stands between a code and the number: spaces, one dash, slash or
// full stop, a closing parenthesis. Returns where it ends; `at` when there is
// nothing.
size_t PassAfterCode(std::string_view text, size_t at, std::string_view marks) {
  bool marked = false;
  for (; at < text.size(); ++at) {
    const bool mark = IsOneOf(text[at], marks) || text[at] == '/';
    if (mark && marked) break;
    marked |= mark;
    if (!mark && text[at] != ' ' && text[at] != ')') break;
  }
  return at;
}

bool IsClock(std::string_view digits) {
  return Number(digits.substr(0, 2)) < 24 && Number(digits.substr(2, 2)) < 60;
}

// Whether the first `count` groups after a code of `run` digits make a number.
bool MakesNationalNumber(std::string_view text, std::string_view code,
                         const std::vector<Group>& groups, size_t count) {
  size_t total = code.size();
  bool small = true;   // groups of two and three
  bool clocks = true;  // hours: "08-12 13-16"
  for (size_t i = 0; i < count; ++i) {
    const Group& group = groups[i];
    total += group.size;
    small &= group.size == 2 || group.size == 3;
    clocks &= group.size == 2 && Number(text.substr(group.begin, 2)) <= 24;
  }
  if (total < 8 || total > 10) return false;
  const size_t first = groups[0].size;
  if (count == 1) return first >= 5 && first <= 8;
  if (small) return !clocks || code.size() > 2;
  // "070-1740 605", "0701-7406 05"; not "0730-1630 15".
  const bool split = IsMobile(code) && count == 2 && total == 10 &&
                     first == 4 && groups[1].size <= 3;
  return split && !(code.size() == 4 && IsClock(code) &&
                    IsClock(text.substr(groups[0].begin, 4)));
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
    const bool phone = whole && EndsAt(text, at + run) &&
                       !IsUnitAt(text, at + run) && !IsNamedBefore(text, at);
    return phone ? run : 0;
  }
  if (run != code && !(IsMobile(digits) && run == 4)) return 0;
  // A full stop after two digits is that of a time of day.
  const std::string_view marks = run > 2 ? "-." : "-";
  const size_t rest = PassAfterCode(text, at + run, marks);
  if (rest == at + run) return 0;
  std::vector<Group> groups = GroupsAt(text, rest, marks);
  DropSum(text, groups);
  for (size_t count = groups.size(); count > 0; --count) {
    if (!MakesNationalNumber(text, digits, groups, count)) continue;
    if (!EndsWithGroup(text, groups, count - 1)) continue;
    if (count == 1 && IsNamedBefore(text, at)) continue;
    return groups[count - 1].end() - at;
  }
  return 0;
}

// Groups of an international number from `at` on.
std::vector<Group> InternationalGroupsAt(std::string_view text, size_t at) {
  constexpr size_t kGroups = 12;
  constexpr size_t kBetween = 4;
  std::vector<Group> groups;
  while (groups.size() < kGroups) {
    size_t between = 0;
    while (between < kBetween) {
      if (text.substr(at, 3) == "(0)") {
        at += 3;
      } else if (IsOneOf(CharAt(text, at), " -./()")) {
        ++at;
      } else {
        break;
      }
      ++between;
    }
    const size_t size = DigitsAt(text, at);
    if (size == 0 || (between == 0 && !groups.empty())) break;
    groups.push_back({at, size});
    at += size;
  }
  return groups;
}

// "+12 500 000" and "+55.604981": a difference, a coordinate.
bool IsQuantity(std::string_view text, const std::vector<Group>& groups) {
  if (groups.empty() || groups[0].size > 3) return false;
  size_t total = groups[0].size;
  bool thousands = groups.size() > 1;
  for (size_t i = 1; i < groups.size(); ++i) {
    total += groups[i].size;
    thousands &= groups[i].size == 3 && text[groups[i].begin - 1] == ' ';
  }
  if (thousands && total <= 9) return true;
  return groups.size() == 2 && groups[1].size <= 8 &&
         groups[1].begin == groups[0].end() + 1 && text[groups[0].end()] == '.';
}

// How many digits a number may have with the country's code; the one that the
// digits begin with, written as one run.
bool HasNordicLength(std::string_view digits) {
  struct Country {
    std::string_view code;
    size_t least;
    size_t most;
  };
  constexpr std::array<Country, 5> kNordic = {{{"46", 7, 10},
                                               {"45", 8, 8},
                                               {"47", 8, 8},
                                               {"358", 7, 11},
                                               {"354", 7, 7}}};
  for (const Country& country : kNordic) {
    if (digits.substr(0, country.code.size()) != country.code) continue;
    const size_t rest = digits.size() - country.code.size();
    return rest >= country.least && rest <= country.most;
  }
  return false;
}

// Length of the international number that begins at `at`; 0: none does.
size_t InternationalNumberAt(std::string_view text, size_t at) {
  constexpr size_t kLeast = 8;
  constexpr size_t kLeastAfterZeros = 10;
  constexpr size_t kMost = 15;
  const bool plus = text[at] == '+';
  if (!plus && text.substr(at, 2) != "00") return 0;
  const size_t prefix = plus ? 1 : 2;
  const char first = CharAt(text, PassSpaces(text, at + prefix, plus ? 1 : 0));
  if (!IsDigit(first) || first == '0') return 0;
  std::vector<Group> groups = InternationalGroupsAt(text, at + prefix);
  DropSum(text, groups);
  if (plus && IsQuantity(text, groups)) return 0;
  size_t length = 0;
  std::string digits;
  for (size_t i = 0; i < groups.size(); ++i) {
    digits += text.substr(groups[i].begin, groups[i].size);
    if (digits.size() > kMost) break;
    const bool enough = plus ? digits.size() >= kLeast
                             : (i > 0 && digits.size() >= kLeastAfterZeros) ||
                                   HasNordicLength(digits);
    if (enough && EndsWithGroup(text, groups, i)) length = groups[i].end() - at;
  }
  return length;
}

bool IsLocalByte(char c) { return IsWordByte(c) || IsOneOf(c, "._%+-\"'"); }
bool IsDomainByte(char c) { return IsWordByte(c) || c == '.' || c == '-'; }

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsDigit);
}

// The domain that begins at `at`, without what stands after it ("mkb.se" of
// "mkb.se.1"); empty: none does.
std::string_view DomainAt(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsDomainByte(text[end])) ++end;
  while (end > at && !IsWordByte(text[end - 1])) --end;
  for (;;) {
    const std::string_view domain = text.substr(at, end - at);
    const size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    const std::string_view last = domain.substr(dot + 1);
    if (last.size() >= 2 && !HasDigit(last)) return domain;
    end = at + dot;
  }
}

// The address around the "@" at `at`: where it begins, and its length; length
// 0: there is none.
std::pair<size_t, size_t> EmailAround(std::string_view text, size_t at) {
  constexpr size_t kSpaces = 2;
  const size_t domain_at = PassSpaces(text, at + 1, kSpaces);
  size_t local_end = at;
  while (local_end > 0 && at - local_end < kSpaces &&
         text[local_end - 1] == ' ') {
    --local_end;
  }
  size_t begin = local_end;
  while (begin > 0 && IsLocalByte(text[begin - 1])) --begin;
  const std::string_view domain = DomainAt(text, domain_at);
  if (begin == local_end || domain.empty()) return {0, 0};
  // "5 st @ torget.Sen" is no address: with spaces its end must look like one.
  const bool spaced = local_end != at || domain_at != at + 1;
  const std::string_view last = domain.substr(domain.rfind('.') + 1);
  const bool lower = std::all_of(last.begin(), last.end(),
                                 [](char c) { return c >= 'a' && c <= 'z'; });
  if (spaced && (!lower || last.size() > 6)) return {0, 0};
  return {begin, domain_at + domain.size() - begin};
}

std::string MaskEmail(std::string_view address) {
  std::string masked(codec::FirstCharacter(address));
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

std::optional<ScreenedDetail> ScreenText(std::string_view original,
                                         Screening screening) {
  constexpr ptrdiff_t kLeastDigits = 8;
  // Digits and "@" of other scripts begin with a byte beyond those of Latin.
  const auto may_fold = [](char c) {
    return static_cast<unsigned char>(c) >= 0xD9;
  };
  const auto may_be_digit = [&](char c) { return IsDigit(c) || may_fold(c); };
  const bool numbers = std::count_if(original.begin(), original.end(),
                                     may_be_digit) >= kLeastDigits;
  const bool address = original.find('@') != std::string_view::npos ||
                       std::any_of(original.begin(), original.end(), may_fold);
  if (!numbers && !address) return std::nullopt;

  const FoldedText folded(original);
  const std::string_view text = folded.text();
  const bool digits =
      std::count_if(text.begin(), text.end(), IsDigit) >= kLeastDigits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '@') {
      const auto [begin, length] = EmailAround(text, i);
      if (length == 0) continue;
      return ScreenedDetail{PersonalDetail::kEmailAddress,
                            folded.OriginalOffset(begin),
                            MaskEmail(text.substr(begin, length))};
    }
    if (!digits || (!IsDigit(text[i]) && text[i] != '+')) continue;
    if (!BeginsAt(text, i)) continue;
    auto detail = NumberAt(text, i, screening);
    if (!detail.has_value()) continue;
    detail->offset = folded.OriginalOffset(detail->offset);
    return detail;
  }
  return std::nullopt;
}

}  // namespace samverk::recording

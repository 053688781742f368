#include "services/recording/text_screening.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "proto/codec/utf8.h"
#include "services/recording/folded_text.h"
#include "services/recording/identity_number.h"
#include "services/recording/screened_text.h"

namespace samverk::recording {
namespace {

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

// Length of the mobile number in pairs ("07 01 74 06 05") that begins at `at`;
// 0: none does.
size_t PairedMobileAt(std::string_view text, size_t at) {
  constexpr size_t kPairs = 5;
  const char mark = CharAt(text, at + 2);
  if (!IsOneOf(mark, " -_")) return 0;
  std::string digits;
  for (size_t i = 0; i <= kPairs; ++i) {
    const size_t pair = at + 3 * i;
    const bool more =
        DigitsAt(text, pair) == 2 && (i == 0 || text[pair - 1] == mark);
    if (i == kPairs) return more ? 0 : 3 * kPairs - 1;
    if (!more) return 0;
    digits += text.substr(pair, 2);
    if (i == 1 && !IsMobile(digits)) return 0;
    if (i + 1 == kPairs) {
      if (!EndsAt(text, pair + 2) || IsUnitAt(text, pair + 2)) return 0;
    }
  }
  return 0;
}

// Length of the national number that begins at `at`; 0: none does.
size_t NationalNumberAt(std::string_view text, size_t at) {
  const size_t run = DigitsAt(text, at);
  const std::string_view digits = text.substr(at, run);
  const size_t code = AreaCodeLength(digits);
  if (code == 0) return PairedMobileAt(text, at);
  if (run > 4) {
    const bool whole =
        IsMobile(digits) ? run == 10 : code <= 3 && (run == 9 || run == 10);
    const bool ends = EndsAt(text, at + run) || PrecedesWord(text, at + run);
    const bool phone =
        whole && ends && !IsUnitAt(text, at + run) && !IsNamedBefore(text, at);
    return phone ? run : 0;
  }
  if (run != code && !(IsMobile(digits) && run == 4)) return 0;
  // A full stop after two digits is that of a time of day.
  const std::string_view marks = run > 2 ? "-._" : "-";
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

// What a mark that stands for "@" begins with, beside itself.
bool IsOpening(char c) { return c == '(' || c == '[' || c == '{' || c == '<'; }

// Length of the mark at `at` that stands for "@": itself, or "(at)" and the
// like; 0: none does.
size_t AtMarkAt(std::string_view text, size_t at) {
  if (text[at] == '@') return 1;
  if (!IsOpening(text[at])) return 0;
  constexpr std::array<std::string_view, 7> kMarks = {
      "(at)", "[at]", "{at}", "<at>", "(@)", "[@]", "{@}"};
  for (const std::string_view mark : kMarks) {
    if (BeginsWithIgnoringCase(text.substr(at), mark)) return mark.size();
  }
  return 0;
}

// The domain that begins at `at` with a space beside its full stop ("malmo
// .se"); empty: none does.
std::string_view SpacedDomainAt(std::string_view text, size_t at) {
  constexpr std::array<std::string_view, 11> kEnds = {
      "se", "com", "nu", "org", "net", "eu", "info", "dk", "no", "fi", "de"};
  size_t dot = at;
  while (dot < text.size() && (IsWordByte(text[dot]) || text[dot] == '-')) {
    ++dot;
  }
  if (dot == at) return {};
  dot = PassSpaces(text, dot, 1);
  if (CharAt(text, dot) != '.') return {};
  const size_t begin = PassSpaces(text, dot + 1, 1);
  size_t end = begin;
  while (end < text.size() && IsWordByte(text[end])) ++end;
  const std::string_view last = text.substr(begin, end - begin);
  if (std::find(kEnds.begin(), kEnds.end(), last) == kEnds.end()) return {};
  return text.substr(at, end - at);
}

// The address around the mark of `size` bytes at `at`: where it begins, and its
// length; length 0: there is none.
std::pair<size_t, size_t> EmailAround(std::string_view text, size_t at,
                                      size_t size) {
  constexpr size_t kSpaces = 2;
  const size_t domain_at = PassSpaces(text, at + size, kSpaces);
  size_t local_end = at;
  while (local_end > 0 && at - local_end < kSpaces &&
         text[local_end - 1] == ' ') {
    --local_end;
  }
  size_t begin = local_end;
  while (begin > 0 && IsLocalByte(text[begin - 1])) --begin;
  if (begin == local_end) return {0, 0};
  const bool spaced = local_end != at || domain_at != at + size;
  std::string_view domain = DomainAt(text, domain_at);
  if (domain.empty() && !spaced) domain = SpacedDomainAt(text, domain_at);
  if (domain.empty()) return {0, 0};
  // "5 st @ torget.Sen" is no address: with spaces its end must look like one.
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
  const bool digit = IsDigit(text[at]);
  if (const size_t n = digit ? IdentityNumberAt(text, at, screening) : 0;
      n > 0) {
    return detail(PersonalDetail::kIdentityNumber, n);
  }
  if (screening == Screening::kReference) return std::nullopt;
  if (!BeginsAt(text, at) && !FollowsWord(text, at)) return std::nullopt;
  if (const size_t n = InternationalNumberAt(text, at); n > 0) {
    return detail(PersonalDetail::kPhoneNumber, n);
  }
  if (const size_t n = NationalNumberAt(text, at); n > 0) {
    return detail(PersonalDetail::kPhoneNumber, n);
  }
  return std::nullopt;
}

}  // namespace

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
  ptrdiff_t may_be_digits = 0;
  bool address = false;  // "@", "(at)", "[at]", "{at}" or "<at>"
  for (const char c : original) {
    may_be_digits += IsDigit(c) || may_fold(c) ? 1 : 0;
    address |= c == '@' || IsOpening(c) || may_fold(c);
  }
  if (may_be_digits < kLeastDigits && !address) return std::nullopt;

  const FoldedText folded(original);
  const std::string_view text = folded.text();
  const bool digits =
      std::count_if(text.begin(), text.end(), IsDigit) >= kLeastDigits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (const size_t mark = AtMarkAt(text, i); mark > 0) {
      const auto [begin, length] = EmailAround(text, i, mark);
      if (length == 0) continue;
      return ScreenedDetail{PersonalDetail::kEmailAddress,
                            folded.OriginalOffset(begin),
                            MaskEmail(text.substr(begin, length))};
    }
    if (!digits || (!IsDigit(text[i]) && text[i] != '+')) continue;
    if (i > 0 && IsDigit(text[i - 1])) continue;
    auto detail = NumberAt(text, i, screening);
    if (!detail.has_value()) continue;
    detail->offset = folded.OriginalOffset(detail->offset);
    return detail;
  }
  return std::nullopt;
}

}  // namespace samverk::recording

#include "clients/cli/retention_class.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"

namespace samverk::cli {
namespace {

constexpr int kMost = 1'000;

// A word that may stand there, and what it means.
struct Unit {
  std::string_view word;
  int months;
};
// The longer of two that begin alike first.
constexpr std::array<Unit, 7> kUnits = {{{"years", 12},
                                         {"year", 12},
                                         {"år", 12},
                                         {"månader", 1},
                                         {"månad", 1},
                                         {"months", 1},
                                         {"month", 1}}};

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// Small letters, and one space at most between words.
std::string Plain(std::string_view text) {
  // Å and å may also be written as two characters.
  std::string plain = absl::StrReplaceAll(
      absl::string_view(text.data(), text.size()), {{"\u00a0", " "},
                                                    {"\u202f", " "},
                                                    {"A\u030a", "å"},
                                                    {"a\u030a", "å"},
                                                    {"Å", "å"},
                                                    {"Ä", "ä"},
                                                    {"Ö", "ö"}});
  absl::AsciiStrToLower(&plain);
  absl::RemoveExtraAsciiWhitespace(&plain);
  return plain;
}

bool Take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

void TakeSpace(std::string_view& text) { Take(text, " "); }

// A whole word, and the space after it.
bool TakeWord(std::string_view& text, std::string_view word) {
  std::string_view rest = text;
  if (!Take(rest, word) || (!rest.empty() && rest.front() != ' ')) return false;
  TakeSpace(rest);
  text = rest;
  return true;
}

// Digits; empty: there are none.
std::string_view TakeDigits(std::string_view& text) {
  size_t length = 0;
  while (length < text.size() && IsDigit(text[length])) ++length;
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

// "bfl 7 kap. 2 § ", "osl 18:1: ": a word, and where in it. Nothing is taken
// when it is none.
void TakeCitation(std::string_view& text) {
  std::string_view rest = text;
  const size_t space = rest.find(' ');
  if (space == std::string_view::npos || IsDigit(rest.front())) return;
  for (const std::string_view other :
       {"gallras", "gallra", "destroy", "efter", "after", "ej", "inte", "not",
        "tidigast", "senast"}) {
    if (rest.substr(0, space) == other) return;
  }
  rest.remove_prefix(space + 1);
  if (TakeDigits(rest).empty()) return;
  if (Take(rest, ":")) {
    if (TakeDigits(rest).empty()) return;
  } else {
    TakeSpace(rest);
    if (TakeWord(rest, "kap.") || TakeWord(rest, "kap")) {
      if (TakeDigits(rest).empty()) return;
      TakeSpace(rest);
    }
    if (!Take(rest, "§")) return;
  }
  if (!Take(rest, ":")) Take(rest, ",");
  if (!Take(rest, " ")) return;
  text = rest;
}

bool IsKept(std::string_view text) {
  for (const std::string_view word : {"bevaras", "bevara", "keep", "kept"}) {
    std::string_view rest = text;
    if (!TakeWord(rest, word)) continue;
    return rest.empty() ||
           (rest.front() == '(' && rest.find(')') == rest.size() - 1);
  }
  return false;
}

// Months of "gallras efter 7 år"; nullopt: it says something else.
std::optional<int> MonthsOf(std::string_view text) {
  for (const std::string_view word : {"gallras", "gallra", "destroy"}) {
    if (TakeWord(text, word)) break;
  }
  if (!TakeWord(text, "efter")) TakeWord(text, "after");
  const std::string_view digits = TakeDigits(text);
  int number = 0;
  if (!absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()),
                        &number) ||
      number < 1 || number > kMost) {
    return std::nullopt;
  }
  TakeSpace(text);
  for (const Unit& unit : kUnits) {
    if (text == unit.word) return number * unit.months;
  }
  return std::nullopt;
}

}  // namespace

RetentionClass ParseRetentionClass(std::string_view text) {
  using Kind = RetentionClass::Kind;
  const std::string plain = Plain(text);
  if (plain.empty()) return {Kind::kNone, 0};
  std::string_view rest = plain;
  TakeCitation(rest);
  if (IsKept(rest)) return {Kind::kKept, 0};
  const auto months = MonthsOf(rest);
  if (!months.has_value()) return {Kind::kNotUnderstood, 0};
  return {Kind::kDisposed, *months};
}

absl::CivilDay DueAfter(absl::civil_year_t year, int months) {
  return absl::CivilDay(absl::CivilMonth(year + 1, 1) + months);
}

}  // namespace samverk::cli

#include "services/recording/screened_text.h"

#include <algorithm>
#include <array>

namespace samverk::recording {
namespace {

// Letters of a word, and not of a number to the base of 16 alone.
bool IsWord(std::string_view letters) {
  constexpr std::string_view kHex = "abcdefABCDEF";
  return letters.find_first_not_of(kHex) != std::string_view::npos;
}

}  // namespace

size_t PassSpaces(std::string_view text, size_t at, size_t most) {
  for (size_t i = 0; i < most && CharAt(text, at) == ' '; ++i) ++at;
  return at;
}

size_t PassSeparator(std::string_view text, size_t at, std::string_view marks,
                     size_t spaces) {
  at = PassSpaces(text, at, spaces);
  if (IsOneOf(CharAt(text, at), marks)) ++at;
  return PassSpaces(text, at, spaces);
}

size_t DigitsAt(std::string_view text, size_t at) {
  size_t count = 0;
  while (at + count < text.size() && IsDigit(text[at + count])) ++count;
  return count;
}

bool BeginsAt(std::string_view text, size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (IsDigit(before) || IsAsciiLetter(before)) return false;
  const bool joins = before == '-' || before == '.' || before == ',';
  return !(joins && at >= 2 && IsDigit(text[at - 2]));
}

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

bool FollowsWord(std::string_view text, size_t at) {
  size_t begin = at;
  while (begin > 0 && IsAsciiLetter(text[begin - 1])) --begin;
  const bool alone = begin == 0 || !IsDigit(text[begin - 1]);
  return alone && at - begin >= 2 && IsWord(text.substr(begin, at - begin));
}

bool PrecedesWord(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsAsciiLetter(text[end])) ++end;
  return !IsDigit(CharAt(text, end)) && IsWord(text.substr(at, end - at));
}

bool BeginsWithIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    const bool capital = text[i] >= 'A' && text[i] <= 'Z';
    const char c = capital ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

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

}  // namespace samverk::recording

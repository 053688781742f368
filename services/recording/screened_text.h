// How a text is walked through in search of personal details. Pure; for
// text_screening.cc and identity_number.cc alone.
#ifndef SAMVERK_SERVICES_RECORDING_SCREENED_TEXT_H_
#define SAMVERK_SERVICES_RECORDING_SCREENED_TEXT_H_

#include <cstddef>
#include <string_view>

namespace samverk::recording {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// Part of a word; every byte of a character beyond ASCII counts as one, for the
// text is folded.
inline bool IsWordByte(char c) {
  return IsDigit(c) || IsAsciiLetter(c) || static_cast<unsigned char>(c) >= 128;
}
inline char CharAt(std::string_view text, size_t at) {
  return at < text.size() ? text[at] : '\0';
}
inline bool IsOneOf(char c, std::string_view marks) {
  return c != '\0' && marks.find(c) != std::string_view::npos;
}

// Passes up to `most` spaces.
size_t PassSpaces(std::string_view text, size_t at, size_t most);
// Passes spaces, one of `marks`, and spaces, each of which may be missing.
// Returns `at` when all are.
size_t PassSeparator(std::string_view text, size_t at, std::string_view marks,
                     size_t spaces);

// How many digits begin at `at`.
size_t DigitsAt(std::string_view text, size_t at);
// The value of digits.
int Number(std::string_view digits);

// Whether a number may begin at `at`: not within a word or another number.
bool BeginsAt(std::string_view text, size_t at);
// Whether a number may end before `at`.
bool EndsAt(std::string_view text, size_t at);

// Whether the letters right before, or right after, a number make a word of
// their own ("tel0701740605", "8112289874och") and not a part of a hash or of
// another id ("a8112289874", "ab8112289874ff").
bool FollowsWord(std::string_view text, size_t at);
bool PrecedesWord(std::string_view text, size_t at);

// `lower` is in small letters.
bool BeginsWithIgnoringCase(std::string_view text, std::string_view lower);

// Whether what stands at `at` makes what is before it a sum or a share.
bool IsUnitAt(std::string_view text, size_t at);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_SCREENED_TEXT_H_

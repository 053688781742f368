// UTF-8 as RFC 3629 has it: shortest form, no surrogates, at most U+10FFFF.
#ifndef SAMVERK_PROTO_CODEC_UTF8_H_
#define SAMVERK_PROTO_CODEC_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace samverk::codec {

// Offset of the first byte that does not belong to a character, or npos.
size_t FirstInvalidUtf8(std::string_view text);

// The first character of `text` (not empty), or its first byte when that is
// not one.
std::string_view FirstCharacter(std::string_view text);

// The code point of one character as FirstCharacter gives it; U+FFFD for a
// byte that is not one.
uint32_t CodePoint(std::string_view character);

// Appends a code point (at most U+10FFFF, no surrogate).
void AppendUtf8(uint32_t code, std::string& out);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_UTF8_H_

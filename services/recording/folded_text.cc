#include "services/recording/folded_text.h"

#include <algorithm>

#include "proto/codec/utf8.h"

namespace samverk::recording {
namespace {

// The zeros of decimal digits beyond ASCII; nine more follow each. All that
// Unicode 15 has, and those of subscripts.
constexpr uint32_t kZeros[] = {
    0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,
    0x0BE6,  0x0C66,  0x0CE6,  0x0D66,  0x0DE6,  0x0E50,  0x0ED0,  0x0F20,
    0x1040,  0x1090,  0x17E0,  0x1810,  0x1946,  0x19D0,  0x1A80,  0x1A90,
    0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0x2080,  0xA620,  0xA8D0,  0xA900,
    0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0,
    0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60,
    0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140,
    0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0};

// The ASCII character that people read a code point as; 0: none.
char AsciiLookOf(uint32_t code) {
  if (code < 0x80) return static_cast<char>(code);
  for (const uint32_t zero : kZeros) {
    if (code >= zero && code < zero + 10) {
      return static_cast<char>('0' + (code - zero));
    }
  }
  // The wide forms, in the order of ASCII.
  if (code >= 0xFF01 && code <= 0xFF5E) {
    return static_cast<char>(code - 0xFF01 + '!');
  }
  if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212 || code == 0x2043 ||
      code == 0xFE58 || code == 0xFE63) {
    return '-';
  }
  if (code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
      code == 0x202F || code == 0x205F || code == 0x3000) {
    return ' ';
  }
  if (code == 0x2044 || code == 0x2215) return '/';
  if (code == 0x2024 || code == 0x3002 || code == 0xFF61) return '.';
  if (code == 0xFE6B) return '@';
  return 0;
}

}  // namespace

bool IsIgnorable(uint32_t code) {
  return code == 0xAD || code == 0x34F || code == 0x115F || code == 0x1160 ||
         (code >= 0x17B4 && code <= 0x17B5) ||
         (code >= 0x180B && code <= 0x180F) ||
         (code >= 0x200B && code <= 0x200D) ||
         (code >= 0x2060 && code <= 0x2065) ||
         (code >= 0x206A && code <= 0x206F) || code == 0x3164 ||
         (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF ||
         code == 0xFFA0 || (code >= 0xE0000 && code <= 0xE0FFF) ||
         IsDirectionMark(code);
}

bool IsDirectionMark(uint32_t code) {
  return code == 0x61C || code == 0x200E || code == 0x200F ||
         (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool IsBlank(std::string_view text) {
  while (!text.empty()) {
    const std::string_view character = codec::FirstCharacter(text);
    const uint32_t code = codec::CodePoint(character);
    const bool blank = code == '\t' || code == '\n' || code == '\r' ||
                       AsciiLookOf(code) == ' ' || IsIgnorable(code);
    if (!blank) return false;
    text.remove_prefix(character.size());
  }
  return true;
}

FoldedText::FoldedText(std::string_view original) : text_(original) {
  const bool ascii = std::all_of(original.begin(), original.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
  if (ascii) return;
  folded_.reserve(original.size());
  offsets_.reserve(original.size() + 1);
  for (size_t at = 0; at < original.size();) {
    const std::string_view character =
        codec::FirstCharacter(original.substr(at));
    const uint32_t code = codec::CodePoint(character);
    if (const char look = AsciiLookOf(code); look != 0) {
      folded_ += look;
      offsets_.push_back(at);
    } else if (!IsIgnorable(code)) {
      folded_ += character;
      offsets_.insert(offsets_.end(), character.size(), at);
    }
    at += character.size();
  }
  offsets_.push_back(original.size());
  text_ = folded_;
}

bool IsId(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  if (text.empty() || !plain(text[0])) return false;
  for (const char c : text) {
    if (!plain(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

}  // namespace samverk::recording

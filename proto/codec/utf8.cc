#include "proto/codec/utf8.h"

namespace samverk::codec {
namespace {

uint8_t Byte(std::string_view text, size_t i) {
  return static_cast<uint8_t>(text[i]);
}

bool Continues(std::string_view text, size_t i) {
  return i < text.size() && (Byte(text, i) & 0xC0) == 0x80;
}

// Bytes of the character that `text` begins with; 0 when there is none.
size_t CharacterBytes(std::string_view text) {
  const uint8_t first = Byte(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !Continues(text, 1)) return 0;
  if (first < 0xE0) return 2;
  const uint8_t second = Byte(text, 1);
  if (!Continues(text, 2)) return 0;
  if (first < 0xF0) {
    const bool too_long = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return too_long || surrogate ? 0 : 3;
  }
  if (!Continues(text, 3)) return 0;
  const bool too_long = first == 0xF0 && second < 0x90;
  const bool too_great = first == 0xF4 && second >= 0x90;
  return too_long || too_great ? 0 : 4;
}

}  // namespace

size_t FirstInvalidUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = CharacterBytes(text.substr(at));
    if (bytes == 0) return at;
    at += bytes;
  }
  return std::string_view::npos;
}

std::string_view FirstCharacter(std::string_view text) {
  const size_t bytes = CharacterBytes(text);
  return text.substr(0, bytes == 0 ? 1 : bytes);
}

uint32_t CodePoint(std::string_view character) {
  const uint8_t first = Byte(character, 0);
  if (first < 0x80) return first;
  if (character.size() < 2) return 0xFFFD;
  uint32_t code = first & (0xFFu >> (character.size() + 1));
  for (size_t i = 1; i < character.size(); ++i) {
    code = (code << 6) | (Byte(character, i) & 0x3Fu);
  }
  return code;
}

void AppendUtf8(uint32_t code, std::string& out) {
  const auto tail = [&](int shift) {
    out.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace samverk::codec

#include "eventstore/base/strings.h"

#include <cstdint>
#include <cstring>

namespace samverk {
namespace {

// Bytes of the well-formed sequence at `p`, or 0. `left` is at least 1 and the
// first byte is not ASCII.
size_t SequenceLength(const uint8_t* p, size_t left) {
  const auto continues = [&](size_t i, uint8_t low = 0x80,
                             uint8_t high = 0xbf) {
    return p[i] >= low && p[i] <= high;
  };
  const uint8_t c = p[0];
  if (c >= 0xc2 && c <= 0xdf) return left >= 2 && continues(1) ? 2 : 0;
  if (c >= 0xe0 && c <= 0xef) {
    const uint8_t low = c == 0xe0 ? 0xa0 : 0x80;   // no overlong form
    const uint8_t high = c == 0xed ? 0x9f : 0xbf;  // no surrogate
    return left >= 3 && continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (c >= 0xf0 && c <= 0xf4) {
    const uint8_t low = c == 0xf0 ? 0x90 : 0x80;   // no overlong form
    const uint8_t high = c == 0xf4 ? 0x8f : 0xbf;  // up to U+10FFFF
    return left >= 4 && continues(1, low, high) && continues(2) && continues(3)
               ? 4
               : 0;
  }
  return 0;
}

}  // namespace

bool IsValidUtf8(std::string_view s) {
  const auto* p = reinterpret_cast<const uint8_t*>(s.data());
  size_t left = s.size();
  while (left > 0) {
    // Eight ASCII bytes at once: nearly all text is.
    uint64_t word;
    while (left >= sizeof(word)) {
      std::memcpy(&word, p, sizeof(word));
      if ((word & 0x8080808080808080u) != 0) break;
      p += sizeof(word);
      left -= sizeof(word);
    }
    if (left == 0) break;
    const size_t length = *p < 0x80 ? 1 : SequenceLength(p, left);
    if (length == 0) return false;
    p += length;
    left -= length;
  }
  return true;
}

}  // namespace samverk

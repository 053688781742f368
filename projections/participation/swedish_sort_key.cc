#include "projections/participation/swedish_sort_key.h"

#include <array>
#include <cstdint>

#include "proto/codec/utf8.h"

namespace samverk::projections {
namespace {

// Weights above those of 'a' to 'z'.
constexpr char kRingA = 'z' + 1;
constexpr char kDiaeresisA = 'z' + 2;
constexpr char kDiaeresisO = 'z' + 3;
constexpr char kOther = 'z' + 4;
constexpr char kMark = ' ';

// U+00C0 to U+00FF, capitals and small letters in the same 32 columns: what
// each is sorted as. '\1', '\2' and '\3' stand for å, ä and ö, '*' for a mark,
// 'T' for th and 'S' for ss.
constexpr std::string_view kLatin1 = "aaaa\2\1\2ceeeeiiiidnoooo\3*\3uuuyyTS";
// U+0100 to U+017F; 'I' stands for ij and 'O' for oe.
constexpr std::string_view kLatinExtendedA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkk"
    "llllllllllnnnnnnnnnoooo\3\3OOrrrrrrssssssssttttttuuuuuuuuyy"
    "uuwwyyyzzzzzzs";
static_assert(kLatin1.size() == 32 && kLatinExtendedA.size() == 128);

void AppendWeight(char letter, std::string& key) {
  switch (letter) {
    case '\1':
      key.push_back(kRingA);
      return;
    case '\2':
      key.push_back(kDiaeresisA);
      return;
    case '\3':
      key.push_back(kDiaeresisO);
      return;
    case '*':
      key.push_back(kMark);
      return;
    case 'T':
      key.append("th");
      return;
    case 'S':
      key.append("ss");
      return;
    case 'I':
      key.append("ij");
      return;
    case 'O':
      key.append("oe");
      return;
  }
  key.push_back(letter);
}

void AppendAscii(char c, std::string& key) {
  const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  if (c >= 'A' && c <= 'Z') {
    key.push_back(static_cast<char>(c - 'A' + 'a'));
  } else {
    key.push_back(letter_or_digit ? c : kMark);
  }
}

// ß and ÿ stand below Þ and ß, which are not their capitals.
char Latin1Letter(uint32_t code) {
  if (code == 0xDF) return 'S';
  if (code == 0xFF) return 'y';
  return kLatin1[(code - 0xC0) % 32];
}

}  // namespace

std::string SwedishSortKey(std::string_view name) {
  std::string key;
  key.reserve(2 * name.size() + 1);
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view character = codec::FirstCharacter(rest);
    rest.remove_prefix(character.size());
    const uint32_t code = codec::CodePoint(character);
    if (code < 0x80) {
      AppendAscii(character[0], key);
    } else if (code < 0xC0) {
      key.push_back(kMark);
    } else if (code < 0x100) {
      AppendWeight(Latin1Letter(code), key);
    } else if (code - 0x100 < kLatinExtendedA.size()) {
      AppendWeight(kLatinExtendedA[code - 0x100], key);
    } else {
      key.push_back(kOther);
      key.append(character);
    }
  }
  key.push_back('\0');
  key.append(name);
  return key;
}

}  // namespace samverk::projections

#include "services/access/role.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/codec/utf8.h"

namespace samverk::access {
namespace {

struct Names {
  std::string_view swedish;
  std::string_view english;
};

constexpr Names kNames[] = {
    {"projektledare", "project_leader"},
    {"partner", "partner"},
    {"handläggare", "officer"},
    {"ekonom", "finance"},
    {"polis", "police"},
    {"controller", "controller"},
    {"styrgrupp", "steering_group"},
    {"arkivarie", "archivist"},
    {"boende", "resident"},
    {"administratör", "administrator"},
};
static_assert(sizeof(kNames) / sizeof(kNames[0]) == kRoleCount);

constexpr uint32_t kCombiningDiaeresis = 0x308;
constexpr uint32_t kCombiningRing = 0x30A;

// What stands between words, seen or not.
bool IsBetweenWords(uint32_t code) {
  return code <= ' ' || code == '_' || code == '-' || code == '.' ||
         code == 0xA0 || code == 0xAD ||
         (code >= 0x2000 && code <= 0x2015) ||  // spaces, hyphens, dashes
         (code >= 0x2028 && code <= 0x202F) || code == 0x205F ||
         code == 0x2060 || code == 0x3000 || code == 0xFEFF;
}

uint32_t Lower(uint32_t code) {
  if (code >= 'A' && code <= 'Z') return code + ('a' - 'A');
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 0x20;
  return code;
}

// Without case and what stands between words, å, ä and ö as one character.
std::u32string Folded(std::string_view words) {
  std::u32string folded;
  while (!words.empty()) {
    const std::string_view character = codec::FirstCharacter(words);
    words.remove_prefix(character.size());
    uint32_t code = Lower(codec::CodePoint(character));
    if (code >= 0xFF01 && code <= 0xFF5E) code = Lower(code - 0xFEE0);  // wide
    if (IsBetweenWords(code)) continue;
    char32_t* before = folded.empty() ? nullptr : &folded.back();
    if (code == kCombiningDiaeresis && before != nullptr && *before == 'a') {
      *before = U'ä';
    } else if (code == kCombiningDiaeresis && before != nullptr &&
               *before == 'o') {
      *before = U'ö';
    } else if (code == kCombiningRing && before != nullptr && *before == 'a') {
      *before = U'å';
    } else {
      folded.push_back(code);
    }
  }
  return folded;
}

struct FoldedNames {
  std::u32string swedish;
  std::u32string english;
};

const std::array<FoldedNames, kRoleCount>& AllFolded() {
  static const auto& all = *[] {
    auto* names = new std::array<FoldedNames, kRoleCount>();
    for (size_t i = 0; i < names->size(); ++i) {
      (*names)[i] = {Folded(kNames[i].swedish), Folded(kNames[i].english)};
    }
    return names;
  }();
  return all;
}

}  // namespace

std::string_view RoleName(Role role, codec::Language language) {
  const Names& names = kNames[static_cast<size_t>(role)];
  return language == codec::Language::kSwedish ? names.swedish : names.english;
}

std::optional<Role> RoleOfName(std::string_view name) {
  for (int i = 0; i < kRoleCount; ++i) {
    if (kNames[i].swedish == name || kNames[i].english == name) {
      return static_cast<Role>(i);
    }
  }
  return std::nullopt;
}

std::optional<Role> RoleOfWords(std::string_view words) {
  const std::u32string folded = Folded(words);
  const auto& all = AllFolded();
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].swedish == folded || all[i].english == folded) {
      return static_cast<Role>(i);
    }
  }
  return std::nullopt;
}

}  // namespace samverk::access

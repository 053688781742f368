#include "eventstore/audit/tile_path.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr std::string_view kTile = "tile/";
constexpr std::string_view kEntries = "entries/";
constexpr std::string_view kPartial = ".p/";
constexpr uint64_t kLevels = 64;
constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();

// A number in groups of three digits, all but the last with an "x" before.
std::string Grouped(uint64_t number) {
  std::string text = absl::StrFormat("%03d", number % 1000);
  for (number /= 1000; number > 0; number /= 1000) {
    text = absl::StrFormat("x%03d/%s", number % 1000, text);
  }
  return text;
}

// Reads what Grouped wrote off the front of `rest`.
std::optional<uint64_t> TakeGrouped(std::string_view& rest) {
  uint64_t number = 0;
  for (bool first = true;; first = false) {
    const bool more = rest.substr(0, 1) == "x";
    if (more) rest.remove_prefix(1);
    uint64_t group = 0;
    for (int i = 0; i < 3; ++i) {
      if (rest.empty() || rest[0] < '0' || rest[0] > '9') return std::nullopt;
      group = group * 10 + static_cast<uint64_t>(rest[0] - '0');
      rest.remove_prefix(1);
    }
    if (more && first && group == 0) return std::nullopt;
    if (number > (kMost - group) / 1000) return std::nullopt;
    number = number * 1000 + group;
    if (!more) return number;
    if (rest.substr(0, 1) != "/") return std::nullopt;
    rest.remove_prefix(1);
  }
}

}  // namespace

std::optional<uint64_t> TilePath::LeavesNeeded() const {
  // Each hash of the tile is over 256^level leaves.
  const uint32_t bits = kTileHeight * tile.level;
  if (bits >= 63) return std::nullopt;
  const uint64_t most = kMost >> bits;
  if (tile.index > most / kTileWidth) return std::nullopt;
  const uint64_t hashes = tile.index * kTileWidth + width;
  if (hashes > most) return std::nullopt;
  return hashes << bits;
}

std::string FormatTilePath(const TilePath& path) {
  std::string text(kTile);
  if (path.entries) {
    text += kEntries;
  } else {
    absl::StrAppend(&text, path.tile.level, "/");
  }
  text += Grouped(path.tile.index);
  if (path.width != kTileWidth) {
    absl::StrAppend(&text, ToAbsl(kPartial), path.width);
  }
  return text;
}

std::optional<TilePath> ParseTilePath(std::string_view path) {
  TilePath parsed;
  if (path.substr(0, kTile.size()) != kTile) return std::nullopt;
  path.remove_prefix(kTile.size());
  if (path.substr(0, kEntries.size()) == kEntries) {
    parsed.entries = true;
    path.remove_prefix(kEntries.size());
  } else {
    const size_t slash = path.find('/');
    const auto level = ParseDecimal(path.substr(0, slash));
    if (slash == path.npos || !level.has_value() || *level >= kLevels) {
      return std::nullopt;
    }
    parsed.tile.level = static_cast<uint32_t>(*level);
    path.remove_prefix(slash + 1);
  }
  const auto index = TakeGrouped(path);
  if (!index.has_value()) return std::nullopt;
  parsed.tile.index = *index;
  if (path.empty()) return parsed;
  if (path.substr(0, kPartial.size()) != kPartial) return std::nullopt;
  const auto width = ParseDecimal(path.substr(kPartial.size()));
  if (!width.has_value() || *width == 0 || *width >= kTileWidth) {
    return std::nullopt;
  }
  parsed.width = *width;
  return parsed;
}

}  // namespace samverk

#include "eventstore/audit/tile.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"

namespace samverk {

Hash RootWithinTile(std::string_view bytes, uint64_t begin, uint32_t height) {
  SAMVERK_CHECK(bytes.size() == kTileBytes) << bytes.size();
  std::vector<Hash> hashes(size_t{1} << height);
  std::memcpy(hashes.data(), bytes.data() + begin * sizeof(Hash),
              hashes.size() * sizeof(Hash));
  while (hashes.size() > 1) {
    for (size_t i = 0; i < hashes.size() / 2; ++i) {
      hashes[i] = NodeHash(hashes[2 * i], hashes[2 * i + 1]);
    }
    hashes.resize(hashes.size() / 2);
  }
  return hashes[0];
}

absl::StatusOr<TileTail> TileTail::AfterStored(uint64_t size,
                                               const std::vector<Hash>& leaves,
                                               TileReader read_tile) {
  SAMVERK_CHECK(leaves.size() == size % kTileWidth) << leaves.size();
  TileTail tail;
  tail.levels_.push_back(
      {size - leaves.size(), std::deque<Hash>(leaves.begin(), leaves.end())});
  for (uint32_t level = 1; size >> (kTileHeight * level) > 0; ++level) {
    const uint64_t nodes = size >> (kTileHeight * level);
    Level& part = tail.levels_.emplace_back();
    part.first = nodes - nodes % kTileWidth;
    for (uint64_t i = part.first; i < nodes; ++i) {
      ASSIGN_OR_RETURN(const std::string tile, read_tile({level - 1, i}));
      part.hashes.push_back(RootWithinTile(tile, 0, kTileHeight));
    }
  }
  return tail;
}

void TileTail::Add(uint32_t level, uint64_t index, const Hash& hash) {
  if (level % kTileHeight != 0) return;
  const uint32_t tile_level = level / kTileHeight;
  if (levels_.size() <= tile_level) levels_.resize(tile_level + 1);
  Level& part = levels_[tile_level];
  SAMVERK_CHECK(index == part.first + part.hashes.size())
      << "node " << index << " of level " << level << " is out of order";
  part.hashes.push_back(hash);
}

std::optional<Hash> TileTail::Find(uint32_t level, uint64_t index) const {
  const uint32_t tile_level = level / kTileHeight;
  if (level % kTileHeight != 0 || tile_level >= levels_.size()) {
    return std::nullopt;
  }
  const Level& part = levels_[tile_level];
  if (index < part.first || index - part.first >= part.hashes.size()) {
    return std::nullopt;
  }
  return part.hashes[index - part.first];
}

uint64_t TileTail::CompleteAt(uint32_t tile_level, uint64_t size) const {
  const uint64_t nodes = size >> (kTileHeight * tile_level);
  const Level& part = levels_[tile_level];
  const uint64_t have = part.first + part.hashes.size();
  const uint64_t end = std::min(nodes, have);
  return end <= part.first ? 0 : (end - part.first) / kTileWidth;
}

std::vector<Tile> TileTail::CompleteTiles(uint64_t size) const {
  std::vector<Tile> tiles;
  for (uint32_t level = 0; level < levels_.size(); ++level) {
    const Level& part = levels_[level];
    const uint64_t complete = CompleteAt(level, size);
    for (uint64_t t = 0; t < complete; ++t) {
      Tile tile{{level, part.first / kTileWidth + t}, {}};
      tile.bytes.reserve(kTileBytes);
      for (uint64_t i = t * kTileWidth; i < (t + 1) * kTileWidth; ++i) {
        tile.bytes.append(AsBytes(part.hashes[i]));
      }
      tiles.push_back(std::move(tile));
    }
  }
  return tiles;
}

void TileTail::DropComplete(uint64_t size) {
  for (uint32_t level = 0; level < levels_.size(); ++level) {
    Level& part = levels_[level];
    const uint64_t dropped = CompleteAt(level, size) * kTileWidth;
    part.hashes.erase(part.hashes.begin(), part.hashes.begin() + dropped);
    part.first += dropped;
  }
}

}  // namespace samverk

#include "eventstore/audit/tile_maker.h"

namespace samverk {

void TileMaker::Add(const Hash& leaf) {
  tree_.Append(leaf, [this](uint32_t level, uint64_t, const Hash& hash) {
    if (level % kTileHeight != 0) return;
    const uint32_t tile_level = level / kTileHeight;
    if (levels_.size() <= tile_level) levels_.resize(tile_level + 1);
    Level& growing = levels_[tile_level];
    growing.bytes.append(AsBytes(hash));
    if (growing.bytes.size() < kTileBytes) return;
    on_tile_({false, {tile_level, growing.tiles++}, kTileWidth}, growing.bytes);
    growing.bytes.clear();
  });
}

TreeHead TileMaker::Finish() {
  for (uint32_t level = 0; level < levels_.size(); ++level) {
    const Level& rest = levels_[level];
    if (rest.bytes.empty()) continue;
    on_tile_({false, {level, rest.tiles}, rest.bytes.size() / sizeof(Hash)},
             rest.bytes);
  }
  return tree_.Head();
}

}  // namespace samverk

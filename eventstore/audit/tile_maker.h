// The tiles of a tree, made from its leaves alone. Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_TILE_MAKER_H_
#define SAMVERK_EVENTSTORE_AUDIT_TILE_MAKER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/audit/merkle_tree.h"
#include "eventstore/audit/tile_path.h"

namespace samverk {

// Takes leaves in order. One thread.
class TileMaker {
 public:
  // Called with each tile: full ones as soon as they are, partial ones at the
  // end.
  using OnTile =
      std::function<void(const TilePath& path, std::string_view bytes)>;
  explicit TileMaker(OnTile on_tile) : on_tile_(std::move(on_tile)) {}

  void Add(const Hash& leaf);
  // Gives the partial tiles, and the head of the tree. Once, at the end.
  TreeHead Finish();

 private:
  struct Level {
    uint64_t tiles = 0;  // full ones
    std::string bytes;   // of the one that grows
  };

  const OnTile on_tile_;
  TreeFrontier tree_;
  std::vector<Level> levels_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_TILE_MAKER_H_

// Where a tiled log serves what (c2sp.org/tlog-tiles): "tile/0/x001/234/067",
// "tile/entries/000.p/17". Pure.
#ifndef SAMVERK_EVENTSTORE_AUDIT_TILE_PATH_H_
#define SAMVERK_EVENTSTORE_AUDIT_TILE_PATH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/audit/tile.h"

namespace samverk {

// A tile of hashes, or a bundle of entries as wide.
struct TilePath {
  bool entries = false;  // then the tile's level is 0
  TileId tile;
  uint64_t width = kTileWidth;  // 1 to 256; less than 256: a partial tile
  bool operator==(const TilePath&) const = default;

  // Leaves that a tree must have for this tile to be there; nullopt when no
  // tree of at most 2^63 - 1 leaves has it.
  std::optional<uint64_t> LeavesNeeded() const;
};

std::string FormatTilePath(const TilePath& path);
// nullopt of what FormatTilePath writes of nothing.
std::optional<TilePath> ParseTilePath(std::string_view path);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_TILE_PATH_H_

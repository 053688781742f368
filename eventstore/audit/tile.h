// Hash tiles: the tree cut into blocks of 256 hashes. Tile n of tile level L
// holds the roots of 256 complete subtrees of 256^L leaves each: the hashes of
// nodes (level 8 L, indexes 256 n to 256 n + 255), 32 bytes each.
#ifndef SAMVERK_EVENTSTORE_AUDIT_TILE_H_
#define SAMVERK_EVENTSTORE_AUDIT_TILE_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/audit/merkle_tree.h"

namespace samverk {

inline constexpr uint32_t kTileHeight = 8;
inline constexpr uint64_t kTileWidth = 256;
inline constexpr size_t kTileBytes = kTileWidth * sizeof(Hash);

struct TileId {
  uint32_t level = 0;
  uint64_t index = 0;
  auto operator<=>(const TileId&) const = default;
};

// A complete tile.
struct Tile {
  TileId id;
  std::string bytes;
};

// The root of the hashes of part of a tile: 2^height of them from `begin` on, a
// multiple of 2^height. `bytes` is a complete tile.
Hash RootWithinTile(std::string_view bytes, uint64_t begin, uint32_t height);

// The hashes of a tree's tiles that are not stored yet: those of tiles that are
// complete but not written, and of the partial tile at each level. Not
// thread-safe.
class TileTail {
 public:
  TileTail() = default;

  // The tail of a tree of `size` leaves of which every complete tile is stored.
  // `leaves` are the hashes of the last size % 256 leaves; read_tile gives the
  // stored tiles. Errors are read_tile's.
  using TileReader = absl::FunctionRef<absl::StatusOr<std::string>(TileId)>;
  static absl::StatusOr<TileTail> AfterStored(uint64_t size,
                                              const std::vector<Hash>& leaves,
                                              TileReader read_tile);

  // Takes in every node that TreeFrontier::Append reports.
  void Add(uint32_t level, uint64_t index, const Hash& hash);

  // The hash of a node at a level that tiles hold (a multiple of 8), if it is
  // in this tail.
  std::optional<Hash> Find(uint32_t level, uint64_t index) const;

  // The complete tiles in this tail that a tree of `size` leaves has, in order.
  std::vector<Tile> CompleteTiles(uint64_t size) const;

  // Forgets the hashes of the tiles that CompleteTiles(size) gives.
  void DropComplete(uint64_t size);

 private:
  struct Level {
    uint64_t first = 0;  // index of hashes[0]; a multiple of 256
    std::deque<Hash> hashes;
  };
  // The complete tiles at a tile level, of those that begin in this tail.
  uint64_t CompleteAt(uint32_t tile_level, uint64_t size) const;

  std::vector<Level> levels_;  // by tile level
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_AUDIT_TILE_H_

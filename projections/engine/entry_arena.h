// The arenas that entries and decoded events live on.
#ifndef SAMVERK_PROJECTIONS_ENGINE_ENTRY_ARENA_H_
#define SAMVERK_PROJECTIONS_ENGINE_ENTRY_ARENA_H_

#include "google/protobuf/arena.h"

namespace samverk::projections {

// Blocks so large that there are few of them, so small that the allocator
// keeps them for the next arena instead of giving them back.
inline google::protobuf::ArenaOptions EntryArenaOptions() {
  google::protobuf::ArenaOptions options;
  options.start_block_size = 4 << 10;
  options.max_block_size = 64 << 10;
  return options;
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_ENTRY_ARENA_H_

// The positions of one term within one segment, as stored.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_POSTING_BLOCK_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_POSTING_BLOCK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "eventstore/types.h"

namespace samverk {

// Value of a key of keys::Block:
//   varint  number of positions, n
//   varint  for streams the revision before the first, else 0
//   varint  n - 1 times: the distance to the position before
// The first position stands in the key.
struct PostingBlock {
  Revision before;
  std::vector<uint64_t> positions;
};

// `offsets` are ascending, from `base`.
std::string EncodeBlock(Revision before, absl::Span<const uint32_t> offsets);

// False when the bytes are damaged.
bool DecodeBlock(Position first, std::string_view bytes, PostingBlock& block);

// The last position and how many there are, without keeping them.
struct BlockEnd {
  Revision revision;  // after the last, for streams
  Position position;
};
bool DecodeBlockEnd(Position first, std::string_view bytes, BlockEnd& end);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_POSTING_BLOCK_H_

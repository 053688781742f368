#include "eventstore/rocksdb/posting_block.h"

#include "eventstore/base/coding.h"

namespace samverk {
namespace {

// Calls use(position) for each; false when the bytes are damaged.
template <typename Use>
bool ForEach(Position first, std::string_view bytes, Revision& before,
             uint64_t& count, Use use) {
  uint64_t revision;
  if (!TakeVarint(bytes, count) || count == 0 || count - 1 > bytes.size() ||
      !TakeVarint(bytes, revision)) {
    return false;
  }
  before = Revision(revision);
  uint64_t position = first.value();
  use(position);
  for (uint64_t i = 1; i < count; ++i) {
    uint64_t distance;
    if (!TakeVarint(bytes, distance) || distance == 0) return false;
    position += distance;
    use(position);
  }
  return bytes.empty();
}

}  // namespace

std::string EncodeBlock(Revision before, absl::Span<const uint32_t> offsets) {
  std::string bytes;
  bytes.reserve(offsets.size() + 8);
  PutVarint(offsets.size(), bytes);
  PutVarint(before.value(), bytes);
  for (size_t i = 1; i < offsets.size(); ++i) {
    PutVarint(offsets[i] - offsets[i - 1], bytes);
  }
  return bytes;
}

bool DecodeBlock(Position first, std::string_view bytes, PostingBlock& block) {
  block.positions.clear();
  uint64_t count;
  return ForEach(first, bytes, block.before, count,
                 [&](uint64_t p) { block.positions.push_back(p); });
}

bool DecodeBlockEnd(Position first, std::string_view bytes, BlockEnd& end) {
  Revision before;
  uint64_t count;
  uint64_t last = 0;
  if (!ForEach(first, bytes, before, count, [&](uint64_t p) { last = p; })) {
    return false;
  }
  end = {Revision(before.value() + count), Position(last)};
  return true;
}

}  // namespace samverk

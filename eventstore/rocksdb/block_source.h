// The positions of one term in the posting blocks on disk.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_BLOCK_SOURCE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_BLOCK_SOURCE_H_

#include <rocksdb/iterator.h>

#include <memory>
#include <string>

#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/position_source.h"
#include "eventstore/rocksdb/posting_block.h"

namespace samverk {

// Walks the blocks of a term with an iterator over `derived`.
class BlockSource : public PositionSource {
 public:
  // No position above `upto` is given: blocks end at borders of segments, and
  // `upto` is one.
  BlockSource(std::unique_ptr<rocksdb::Iterator> it, keys::TermKind kind,
              std::string_view term, Position upto);

  uint64_t AtOrAfter(uint64_t p) override;
  uint64_t AtOrBefore(uint64_t p) override;
  absl::Status status() const override;

 private:
  bool Loaded() const { return !block_.positions.empty(); }
  uint64_t First() const { return block_.positions.front(); }
  uint64_t Last() const { return block_.positions.back(); }
  // Decodes the block at the iterator. False, and nothing is loaded, when it
  // stands at no block of this term up to upto_.
  bool Load();
  // Stands at the block that begins at or before p, if there is one.
  bool LoadAtOrBefore(uint64_t p);
  uint64_t FindForward(uint64_t p);

  const std::unique_ptr<rocksdb::Iterator> it_;
  const std::string prefix_;
  const uint64_t upto_;
  PostingBlock block_;
  size_t at_ = 0;  // index of the position given last
  absl::Status damage_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_BLOCK_SOURCE_H_

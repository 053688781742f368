// Which ids are surely new: most are, and no table needs to be asked for them.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_ID_FILTER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_ID_FILTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "eventstore/types.h"

namespace samverk {

// A blocked Bloom filter (Putze, Sanders and Singler, 2007): an id sets kBits
// bits within one cache line, so asking costs one access to memory. It never
// denies an id that was added. Of others it takes about one in 400 for added
// when it is full, and more when ids are added beyond that.
//
// Thread-safe. What a thread added before it published something (under a
// mutex) is not denied to who has seen that.
class IdFilter {
 public:
  static constexpr int kBits = 6;
  // How many ids fill a filter.
  static constexpr uint64_t RoomOf(size_t bytes) { return bytes / 2; }

  // `bytes` is a power of two, 64 or more. Pages are taken when ids fall there.
  explicit IdFilter(size_t bytes);

  // False when it had the id, or seemed to.
  bool Add(const EventId& id);
  bool MayHave(const EventId& id) const;

  // All bits, for another filter of this size, also in another process and
  // later. While none is added.
  std::string_view bits() const;
  // Adds every id that is in these bits. False, with nothing added, when they
  // are of a filter of another size.
  bool AddBits(std::string_view bits);

 private:
  static constexpr size_t kWordsPerLine = 8;
  struct alignas(64) Line {
    std::atomic<uint64_t> words[kWordsPerLine];
  };
  // Where an id's bits are: in which line, and six of its 512 bits.
  struct Place {
    size_t line;
    uint64_t bits;
  };
  Place PlaceOf(const EventId& id) const;

  struct Free {
    size_t bytes;
    void operator()(void* memory) const;
  };
  const size_t lines_;
  const std::unique_ptr<Line[], Free> line_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_ID_FILTER_H_

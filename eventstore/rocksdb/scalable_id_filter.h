// Which ids are surely new, however many there are.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_SCALABLE_ID_FILTER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_SCALABLE_ID_FILTER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "eventstore/base/mutex.h"
#include "eventstore/rocksdb/id_filter.h"
#include "eventstore/types.h"

namespace samverk {

// A scalable Bloom filter (Almeida, Baquero, Preguiça and Hutchison, 2007):
// when a filter is full, the next one, twice as large, takes what is added from
// then on, and asking asks them all. So it wrongly takes few ids for added
// while the log grows, and a small log pays for a small filter. Two bytes an
// id.
//
// Thread-safe, as IdFilter is.
class ScalableIdFilter {
 public:
  // With the last one full, which is at 126 million ids and 240 MiB, it takes
  // more and more ids for added.
  static constexpr size_t kFilters = 4;
  // Of the first one: room for 8 million ids.
  static constexpr size_t kDefaultBytes = 16 << 20;

  // `bytes` is what IdFilter takes.
  explicit ScalableIdFilter(size_t bytes = kDefaultBytes);

  void Add(const EventId& id);
  bool MayHave(const EventId& id) const;

  // One filter's bits and how many ids they are of, for another filter of this
  // size, also in another process and later. The bits last as long as the
  // filter.
  struct Part {
    uint64_t ids;
    std::string_view bits;
  };
  // While none is added.
  std::vector<Part> Parts() const;
  // Adds every id that is in them, also while others add. False, with nothing
  // added, when they are not of a filter of this size.
  bool AddParts(const std::vector<Part>& parts);

 private:
  size_t BytesOf(size_t index) const { return first_bytes_ << index; }
  // Makes the one after the first `made`, if it is not there.
  void Grow(size_t made);

  const size_t first_bytes_;
  Mutex growing_;
  // Those below made_ are there, and stay.
  std::array<std::unique_ptr<IdFilter>, kFilters> filters_;
  std::array<std::atomic<uint64_t>, kFilters> ids_{};
  std::atomic<size_t> made_{0};
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_SCALABLE_ID_FILTER_H_

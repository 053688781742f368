#include "eventstore/rocksdb/id_filter.h"

#include <sys/mman.h>

#include "absl/hash/hash.h"
#include "absl/numeric/bits.h"
#include "eventstore/base/check.h"

namespace samverk {
namespace {

constexpr int kBitOfLine = 9;  // 512 bits

}  // namespace

IdFilter::IdFilter(size_t bytes)
    : lines_(bytes / sizeof(Line)),
      line_(static_cast<Line*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)),
            Free{bytes}) {
  SAMVERK_CHECK(lines_ > 0 && absl::has_single_bit(bytes)) << bytes;
  SAMVERK_CHECK(line_.get() != MAP_FAILED) << "no memory for " << bytes;
}

void IdFilter::Free::operator()(void* memory) const { munmap(memory, bytes); }

IdFilter::Place IdFilter::PlaceOf(const EventId& id) const {
  const uint64_t hash = absl::HashOf(id);
  // Two halves that do not share bits of the hash.
  return {(hash >> 32) & (lines_ - 1),
          (hash & 0xffffffffu) * 0x9E3779B97F4A7C15u};
}

void IdFilter::Add(const EventId& id) {
  const Place place = PlaceOf(id);
  uint64_t bits = place.bits;
  for (int i = 0; i < kBits; ++i, bits <<= kBitOfLine) {
    const uint64_t bit = bits >> (64 - kBitOfLine);
    line_[place.line].words[bit / 64].fetch_or(uint64_t{1} << (bit % 64),
                                               std::memory_order_relaxed);
  }
}

bool IdFilter::MayHave(const EventId& id) const {
  const Place place = PlaceOf(id);
  uint64_t bits = place.bits;
  for (int i = 0; i < kBits; ++i, bits <<= kBitOfLine) {
    const uint64_t bit = bits >> (64 - kBitOfLine);
    const uint64_t word =
        line_[place.line].words[bit / 64].load(std::memory_order_relaxed);
    if ((word & (uint64_t{1} << (bit % 64))) == 0) return false;
  }
  return true;
}

}  // namespace samverk

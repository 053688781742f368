#include "eventstore/rocksdb/id_filter.h"

#include <sys/mman.h>

#include "absl/numeric/bits.h"
#include "absl/numeric/int128.h"
#include "eventstore/base/check.h"
#include "eventstore/base/coding.h"

namespace samverk {
namespace {

constexpr int kBitOfLine = 9;  // 512 bits

// Stays the same for ever: bits are kept in a file. (absl::Hash differs from
// process to process.)
uint64_t HashOf(const EventId& id) {
  const char* bytes = reinterpret_cast<const char*>(id.bytes.data());
  const auto mix = [](uint64_t a, uint64_t b) {
    const absl::uint128 product = absl::uint128(a) * b;
    return absl::Uint128Low64(product) ^ absl::Uint128High64(product);
  };
  const uint64_t once =
      mix(GetLittle<uint64_t>(bytes) ^ 0xA0761D6478BD642Fu,
          GetLittle<uint64_t>(bytes + 8) ^ 0xE7037ED1A0B428DBu);
  return mix(once ^ 0x8EBC6AF09C88C6E3u, 0x589965CC75374CC3u);
}

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
  const uint64_t hash = HashOf(id);
  // Two halves that do not share bits of the hash.
  return {(hash >> 32) & (lines_ - 1),
          (hash & 0xffffffffu) * 0x9E3779B97F4A7C15u};
}

bool IdFilter::Add(const EventId& id) {
  const Place place = PlaceOf(id);
  uint64_t bits = place.bits;
  bool added = false;
  for (int i = 0; i < kBits; ++i, bits <<= kBitOfLine) {
    const uint64_t bit = bits >> (64 - kBitOfLine);
    const uint64_t mask = uint64_t{1} << (bit % 64);
    const uint64_t before = line_[place.line].words[bit / 64].fetch_or(
        mask, std::memory_order_relaxed);
    added |= (before & mask) == 0;
  }
  return added;
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

std::string_view IdFilter::bits() const {
  return {reinterpret_cast<const char*>(line_.get()), lines_ * sizeof(Line)};
}

bool IdFilter::AddBits(std::string_view bits) {
  if (bits.size() != lines_ * sizeof(Line)) return false;
  for (size_t i = 0; i < lines_ * kWordsPerLine; ++i) {
    line_[i / kWordsPerLine].words[i % kWordsPerLine].fetch_or(
        GetLittle<uint64_t>(bits.data() + i * sizeof(uint64_t)),
        std::memory_order_relaxed);
  }
  return true;
}

}  // namespace samverk

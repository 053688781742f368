// Which keys may be in a set that is too large to keep.
#ifndef SAMVERK_PROJECTIONS_ENGINE_KEY_FILTER_H_
#define SAMVERK_PROJECTIONS_ENGINE_KEY_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace samverk::projections {

// A Bloom filter of a fixed 2 MiB, taken with the first key; the bits of a key
// lie in one line of the processor's cache. With a million keys a few questions
// in a thousand are answered wrongly, with ten millions every other; an answer
// "no" is always right. Not thread-safe.
class KeyFilter {
 public:
  // Adds the key with this hash.
  void Add(uint64_t hash) {
    if (words_.empty()) words_.resize(kWords);
    for (int i = 0; i < kProbes; ++i) {
      words_[WordOf(hash, i)] |= BitOf(hash, i);
    }
  }

  // False: the key with this hash was never added.
  bool MayHold(uint64_t hash) const {
    if (words_.empty()) return false;
    for (int i = 0; i < kProbes; ++i) {
      if ((words_[WordOf(hash, i)] & BitOf(hash, i)) == 0) return false;
    }
    return true;
  }

 private:
  static constexpr int kProbes = 4;
  static constexpr size_t kWords = (2 << 20) / sizeof(uint64_t);
  static constexpr size_t kLineWords = 8;

  // The upper bits of the hash say which line, nine lower ones at a time which
  // bit of it.
  static size_t WordOf(uint64_t hash, int i) {
    const uint64_t line = (hash >> (kProbes * 9)) % (kWords / kLineWords);
    return line * kLineWords + (hash >> (i * 9) & 511) / 64;
  }
  static uint64_t BitOf(uint64_t hash, int i) {
    return uint64_t{1} << (hash >> (i * 9) & 63);
  }

  std::vector<uint64_t> words_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_KEY_FILTER_H_

// Which keys may be in a set that is too large to keep.
#ifndef SAMVERK_PROJECTIONS_ENGINE_KEY_FILTER_H_
#define SAMVERK_PROJECTIONS_ENGINE_KEY_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "eventstore/base/strings.h"

namespace samverk::projections {

// A Bloom filter of a fixed 2 MiB, taken with the first key. With a million
// keys one question in a thousand is answered wrongly, with ten millions every
// other; an answer "no" is always right. Not thread-safe.
class KeyFilter {
 public:
  void Add(std::string_view key) {
    if (words_.empty()) words_.resize(kWords);
    const uint64_t hash = HashOf(key);
    for (int i = 0; i < kProbes; ++i) {
      words_[WordOf(hash, i)] |= BitOf(hash, i);
    }
  }

  // False: the key was never added.
  bool MayHold(std::string_view key) const {
    if (words_.empty()) return false;
    const uint64_t hash = HashOf(key);
    for (int i = 0; i < kProbes; ++i) {
      if ((words_[WordOf(hash, i)] & BitOf(hash, i)) == 0) return false;
    }
    return true;
  }

 private:
  static constexpr int kProbes = 4;
  static constexpr size_t kWords = (2 << 20) / sizeof(uint64_t);

  static uint64_t HashOf(std::string_view key) { return StringHash()(key); }
  // Double hashing: the halves of one hash give any number of places.
  static uint64_t PlaceOf(uint64_t hash, int i) {
    const uint64_t step = (hash >> 32) | 1;
    return hash + static_cast<uint64_t>(i) * step;
  }
  static size_t WordOf(uint64_t hash, int i) {
    return (PlaceOf(hash, i) >> 6) % kWords;
  }
  static uint64_t BitOf(uint64_t hash, int i) {
    return uint64_t{1} << (PlaceOf(hash, i) & 63);
  }

  std::vector<uint64_t> words_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_KEY_FILTER_H_

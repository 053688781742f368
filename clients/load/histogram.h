// How long things took: counts by value, within one per cent.
#ifndef SAMVERK_CLIENTS_LOAD_HISTOGRAM_H_
#define SAMVERK_CLIENTS_LOAD_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace samverk::load {

// Counts of values from 0 to 2^42 (nanoseconds: more than an hour; larger ones
// count as that). Values below 128 are kept as they are; beyond, each power of
// two is divided into 128 parts, so that a value read back is at most 1/128 too
// large and never too small. One thread.
class Histogram {
 public:
  Histogram();

  void Add(uint64_t value);
  // Takes in what another one has counted.
  void Merge(const Histogram& other);

  uint64_t count() const { return count_; }
  // The largest value, exactly; 0 when there is none.
  uint64_t max() const { return max_; }

  // The least value that at least `share` (0 to 1) of all values do not exceed:
  // the upper end of its part, at most max(). 0 when there is none.
  uint64_t Quantile(double share) const;

 private:
  static size_t PartOf(uint64_t value);
  static uint64_t UpperEnd(size_t part);

  std::vector<uint64_t> parts_;
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace samverk::load

#endif  // SAMVERK_CLIENTS_LOAD_HISTOGRAM_H_

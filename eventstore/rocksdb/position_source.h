// Sorted sets of positions, and how queries combine them.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_POSITION_SOURCE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_POSITION_SOURCE_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "absl/status/status.h"

namespace samverk {

// A set of positions that can be walked in either direction, from anywhere. One
// thread. Cheapest when each call goes on from the last one.
class PositionSource {
 public:
  static constexpr uint64_t kEnd = std::numeric_limits<uint64_t>::max();

  virtual ~PositionSource() = default;
  // The smallest position >= p, or kEnd. p >= 1.
  virtual uint64_t AtOrAfter(uint64_t p) = 0;
  // The largest position <= p, or 0.
  virtual uint64_t AtOrBefore(uint64_t p) = 0;
  // Not OK when something could not be read; then no position given counts.
  virtual absl::Status status() const = 0;
};

using PositionSources = std::vector<std::unique_ptr<PositionSource>>;

// Positions given, ascending.
std::unique_ptr<PositionSource> ListOfPositions(std::vector<uint64_t> sorted);
// Every position from 1 to `upto`.
std::unique_ptr<PositionSource> AllPositions(uint64_t upto);
// All of `low`, then all of `high`, whose positions are all greater than
// `border`, while those of `low` are not.
std::unique_ptr<PositionSource> Concatenate(
    std::unique_ptr<PositionSource> low, uint64_t border,
    std::unique_ptr<PositionSource> high);
// What is in any of the sources. Without sources: nothing.
std::unique_ptr<PositionSource> UnionOf(PositionSources sources);
// What is in all of the sources, of which there is at least one.
std::unique_ptr<PositionSource> IntersectionOf(PositionSources sources);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_POSITION_SOURCE_H_

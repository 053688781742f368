// Last events of streams that were written to the disk lately.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_STREAM_CACHE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_STREAM_CACHE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "eventstore/base/strings.h"
#include "eventstore/conflict.h"

namespace samverk {

// Saves the writer's callers the search for a stream that is in use but not in
// memory any more. Bounded: holds the kGeneration streams used last, and at
// most twice as many. Not thread-safe.
class StreamCache {
 public:
  static constexpr size_t kGeneration = 100'000;

  void Put(std::string_view stream, const StreamState& state) {
    if (young_.size() >= kGeneration) {
      old_ = std::move(young_);
      young_.clear();
    }
    if (const auto it = young_.find(stream); it != young_.end()) {
      it->second = state;
    } else {
      young_.emplace(std::string(stream), state);
    }
  }

  std::optional<StreamState> Find(std::string_view stream) {
    if (const auto it = young_.find(stream); it != young_.end()) {
      return it->second;
    }
    const auto it = old_.find(stream);
    if (it == old_.end()) return std::nullopt;
    const StreamState state = it->second;
    Put(stream, state);
    return state;
  }

  // Calls visit(stream, state) for each.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const auto& [stream, state] : young_) visit(stream, state);
    for (const auto& [stream, state] : old_) {
      if (!young_.contains(stream)) visit(stream, state);
    }
  }

 private:
  // A stream in both has its newest state in young_.
  StringMap<StreamState> young_;
  StringMap<StreamState> old_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_STREAM_CACHE_H_

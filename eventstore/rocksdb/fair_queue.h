// Requests that wait for the writer: bounded, and callers take turns.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_FAIR_QUEUE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_FAIR_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "absl/container/node_hash_map.h"

namespace samverk {

// What a request takes of the queue's room and of a commit.
struct QueuedSize {
  size_t events = 0;
  size_t bytes = 0;
};

// One caller's requests keep their order. Between callers:
//
//   T1  Turns go round (deficit round robin; Shreedhar and Varghese, 1995): in
//       its turn a caller may take kQuantum events, and what it did not use is
//       kept while it waits. Who sends much does not hold up who sends little.
//   T2  The last eighth of the room is kept for callers of whom nothing waits:
//       however much others send, a newcomer's first request finds room.
//
// Not thread-safe.
template <typename Request>
class FairQueue {
 public:
  static constexpr size_t kQuantum = 64;
  static constexpr size_t kKept = 8;  // one in so many
  // Beyond so many, callers of whom nothing waits are forgotten.
  static constexpr size_t kIdleCallers = 1'024;

  FairQueue(size_t max_requests, size_t max_bytes)
      : max_requests_(max_requests), max_bytes_(max_bytes) {}

  enum class Room { kThereIs, kKeptForOthers, kQueueIsFull };
  // Whether a request would be taken.
  Room RoomFor(uint64_t caller, const QueuedSize& size) const {
    if (requests_ >= max_requests_ || bytes_ + size.bytes > max_bytes_) {
      return Room::kQueueIsFull;
    }
    const bool of_the_last =
        requests_ >= max_requests_ - max_requests_ / kKept ||
        bytes_ + size.bytes > max_bytes_ - max_bytes_ / kKept;
    if (!of_the_last) return Room::kThereIs;
    const auto it = callers_.find(caller);
    return it == callers_.end() || it->second.waiting.empty()
               ? Room::kThereIs
               : Room::kKeptForOthers;
  }

  void Push(uint64_t caller, const QueuedSize& size, Request request) {
    Caller& from = callers_[caller];
    from.id = caller;
    if (from.waiting.empty()) turns_.push_back(&from);
    from.waiting.push_back({size, std::move(request)});
    from.bytes += size.bytes;
    ++requests_;
    events_ += size.events;
    bytes_ += size.bytes;
  }

  bool empty() const { return requests_ == 0; }
  size_t size() const { return requests_; }
  size_t events() const { return events_; }
  size_t bytes() const { return bytes_; }

  // Moves requests, in the order of turns, to `take(Request)`: as many as keep
  // within `limit`, and with `at_least_one` the first one whatever its size.
  // False when the limit has kept it from taking all.
  template <typename Take>
  bool TakeUpTo(const QueuedSize& limit, bool at_least_one, Take take) {
    QueuedSize taken;
    bool first = at_least_one;
    while (!turns_.empty()) {
      Caller& caller = *turns_.front();
      if (!caller.in_turn) {
        caller.credit += kQuantum;
        caller.in_turn = true;
      }
      while (!caller.waiting.empty() &&
             caller.waiting.front().size.events <= caller.credit) {
        Waiting& next = caller.waiting.front();
        taken.events += next.size.events;
        taken.bytes += next.size.bytes;
        if (!first &&
            (taken.events > limit.events || taken.bytes > limit.bytes)) {
          return false;  // its turn goes on next time
        }
        first = false;
        caller.credit -= next.size.events;
        caller.bytes -= next.size.bytes;
        bytes_ -= next.size.bytes;
        events_ -= next.size.events;
        --requests_;
        take(std::move(next.request));
        caller.waiting.pop_front();
      }
      caller.in_turn = false;
      turns_.pop_front();
      if (!caller.waiting.empty()) {
        turns_.push_back(&caller);
      } else if (callers_.size() > kIdleCallers) {
        callers_.erase(caller.id);
      } else {
        caller.credit = 0;
      }
    }
    return true;
  }

 private:
  struct Waiting {
    QueuedSize size;
    Request request;
  };
  struct Caller {
    uint64_t id = 0;
    std::deque<Waiting> waiting;
    size_t bytes = 0;
    size_t credit = 0;  // events that it may take in this turn
    bool in_turn = false;
  };

  const size_t max_requests_;
  const size_t max_bytes_;
  size_t requests_ = 0;
  size_t events_ = 0;
  size_t bytes_ = 0;
  // Those with something waiting are in turns_, each once.
  absl::node_hash_map<uint64_t, Caller> callers_;
  std::deque<Caller*> turns_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_FAIR_QUEUE_H_

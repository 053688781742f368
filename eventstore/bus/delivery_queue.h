// Whose turn it is: the order of a consumer group's events per key. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_DELIVERY_QUEUE_H_
#define SAMVERK_EVENTSTORE_BUS_DELIVERY_QUEUE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/time/time.h"
#include "eventstore/base/strings.h"
#include "eventstore/types.h"

namespace samverk::bus {

// The events of a group that are to be given, or have been and are not settled.
// It holds:
//   Q1  Of each key one event at most has the turn: the first of its key. It
//       keeps the turn from when it is first given until it is removed.
//   Q2  What has the turn is ready, waits for an instant, or is out.
//   Q3  A key that is blocked gives the turn to no event beyond the position at
//       which it is blocked.
// Not thread-safe.
class DeliveryQueue {
 public:
  // An event comes; it may be given at `not_before` at the earliest. Its
  // position must not be here already.
  void Add(Position position, std::string_view key, absl::Time recorded_at,
           absl::Time not_before = absl::InfinitePast());
  // Takes the ready event with the smallest position: it is out. Nullopt when
  // there is none.
  std::optional<Position> Take();
  // An event that is out is to be given again, at `not_before` at the earliest.
  void PutBack(Position position, absl::Time not_before);
  // An event is settled or parked: the next of its key has its turn.
  void Remove(Position position);

  // The events of a key beyond this position wait, until it is unblocked again.
  void Block(std::string_view key, Position position);
  void Unblock(std::string_view key, Position position);

  // Events whose instants have come are ready.
  void Advance(absl::Time now);
  // The next such instant; the infinite future when none waits.
  absl::Time NextInstant() const;

  bool Has(Position position) const { return events_.contains(position); }
  const std::string& KeyOf(Position position) const;
  absl::Time RecordedAt(Position position) const;

  size_t ready() const { return ready_.size(); }
  size_t waiting() const { return waiting_.size(); }
  size_t out() const { return out_; }

 private:
  struct Key {
    absl::btree_set<Position> events;
    std::optional<Position> turn;
    absl::btree_set<Position> blocked_at;
  };
  using Keys =
      absl::node_hash_map<std::string, Key, StringHash, std::equal_to<>>;
  struct Event {
    Keys::value_type* key;  // nodes stay where they are
    absl::Time recorded_at;
    absl::Time not_before;
    bool given = false;
    bool out = false;
  };

  Keys::value_type& Find(std::string_view key);
  // Gives the turn to whom it belongs, and forgets the key when it is empty.
  void Turn(Keys::value_type& key);
  void Offer(Position position, const Event& event);
  void Withdraw(Position position, const Event& event);

  Keys keys_;
  absl::btree_map<Position, Event> events_;
  // Those that have the turn and are not out are in one of these.
  absl::btree_set<Position> ready_;
  absl::btree_set<std::pair<absl::Time, Position>> waiting_;
  size_t out_ = 0;
};

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_DELIVERY_QUEUE_H_

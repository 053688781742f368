// Which events a consumer group's members have, and until when. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_LEASES_H_
#define SAMVERK_EVENTSTORE_BUS_LEASES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "eventstore/types.h"

namespace samverk::bus {

// What a member said of a leased event.
enum class Outcome : uint8_t {
  kNone,
  kDone,
  kRefused,
  kRefusedForGood,  // to be parked at once
};

struct LeasedPosition {
  Position position;
  Outcome outcome = Outcome::kNone;
};

struct Lease {
  uint64_t number = 0;
  uint64_t member = 0;
  absl::Time ends;
  std::vector<LeasedPosition> events;  // in order of their positions
  size_t open = 0;                     // without an outcome
  bool waits = false;                  // its member has not sent it

  // Null when the position was not given under this lease.
  const LeasedPosition* Find(Position position) const;
};

// The leases of one life of a group. Those that are over because everything was
// said are remembered for a while, so that saying it again can be answered.
// Pointers to leases last until the next call that is not const. Not
// thread-safe.
class Leases {
 public:
  // `remembered`: so many events of leases that are over, at most.
  explicit Leases(size_t remembered) : remembered_most_(remembered) {}

  // A lease of events, in order of their positions, at least one.
  const Lease& Open(uint64_t member, absl::Time ends,
                    std::vector<Position> positions);
  // A lease that goes on, or is remembered; else null.
  Lease* Find(uint64_t number);
  bool GoesOn(uint64_t number) const { return open_.contains(number); }
  void Extend(uint64_t number, absl::Time ends);
  // Everything was said: the lease is over, and remembered.
  void Settle(uint64_t number);
  // The lease is over before everything was said, and forgotten.
  Lease Take(uint64_t number);
  // A lease whose term is over at this instant; nullopt when there is none.
  std::optional<uint64_t> EndedAt(absl::Time now) const;
  // When the next term is over; the infinite future without leases.
  absl::Time NextEnd() const;

 private:
  absl::btree_map<uint64_t, Lease> open_;
  absl::btree_set<std::pair<absl::Time, uint64_t>> by_end_;
  std::deque<Lease> remembered_;  // by the instants at which they were over
  size_t remembered_events_ = 0;
  const size_t remembered_most_;
  uint64_t last_number_ = 0;
};

// The name of a lease for its member: which life of the group, and its number.
// Whoever does not know the life's number learns from names neither that nor
// how many leases came between two: those of others, and what was withheld.
std::string LeaseToken(uint64_t incarnation, uint64_t number);
// The number, or nullopt when it is no lease of this life.
std::optional<uint64_t> LeaseNumber(uint64_t incarnation,
                                    std::string_view token);

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_LEASES_H_

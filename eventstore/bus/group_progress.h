// How far a consumer group has come: which positions are settled. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_GROUP_PROGRESS_H_
#define SAMVERK_EVENTSTORE_BUS_GROUP_PROGRESS_H_

#include <cstddef>
#include <map>
#include <vector>

#include "absl/container/btree_set.h"
#include "eventstore/types.h"

namespace samverk::bus {

// Positions from `from` to `to`, both included.
struct PositionRange {
  Position from;
  Position to;
  bool operator==(const PositionRange&) const = default;
};

// Knows the positions that match and are not settled, and everything else by
// ranges. It holds:
//   P1  Every unsettled position is greater than the cursor and at most
//       scanned_to.
//   P2  The cursor is the smallest unsettled position minus one; scanned_to
//       when there is none. It never moves back.
//   P3  There are at most as many ranges as unsettled positions, and those that
//       Progress was made with.
// Not thread-safe.
class GroupProgress {
 public:
  // Goes on from a cursor with what was settled beyond it: ranges in order that
  // have no position in common.
  explicit GroupProgress(Position cursor,
                         const std::vector<PositionRange>& settled = {});

  Position cursor() const;
  // Everything up to here was looked at.
  Position scanned_to() const { return scanned_to_; }
  size_t unsettled() const { return unsettled_.size(); }
  // The first of them, at most so many.
  std::vector<Position> Unsettled(size_t most) const;

  // The event at this position matches; it must be beyond scanned_to, and no
  // event between the two may match. False when it was settled before.
  bool Add(Position position);
  // Everything up to here was looked at; nothing new before scanned_to.
  void ScannedTo(Position position);
  // An unsettled event is settled.
  void Settle(Position position);
  // Settled, or of no interest, as far as is known.
  bool IsSettled(Position position) const;

  // What is settled beyond the cursor, as the constructor takes it.
  std::vector<PositionRange> settled() const;

 private:
  // Forgets ranges that the cursor has passed.
  void Trim();

  Position scanned_to_;
  absl::btree_set<Position> unsettled_;
  std::map<Position, Position> ranges_;  // settled beyond the cursor: from, to
};

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_GROUP_PROGRESS_H_

// One consumer group: what is given to whom, and what became of it. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_CONSUMER_GROUP_H_
#define SAMVERK_EVENTSTORE_BUS_CONSUMER_GROUP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "eventstore/bus/acknowledgement.h"
#include "eventstore/bus/delivery_queue.h"
#include "eventstore/bus/group_progress.h"
#include "eventstore/bus/group_record.h"
#include "eventstore/bus/group_settings.h"
#include "eventstore/bus/leases.h"
#include "eventstore/commit_record.h"
#include "eventstore/types.h"

namespace samverk::bus {

// What a member has room for.
struct MemberRoom {
  uint32_t batch = 100;      // events of one lease
  uint32_t open_leases = 2;  // leases at one time
};

// Events that are given to a member, in order of their positions.
struct Delivery {
  struct Event {
    Position position;
    uint32_t attempt = 1;  // 1 for the first time
  };
  uint64_t member = 0;
  std::string lease;  // its token
  absl::Time lease_ends;
  std::vector<Event> events;
};

// How a group stands.
struct GroupState {
  Position cursor;
  Position scanned_to;
  // When the first event that is not settled was recorded; nullopt when none is
  // known.
  std::optional<absl::Time> waits_since;
  size_t in_flight = 0;          // with members
  size_t waiting_for_retry = 0;  // until an instant has come
  size_t unsettled = 0;          // known and not settled, these included
  size_t parked = 0;
  size_t replaying = 0;  // of those parked once, to be given again
  size_t members = 0;
  uint64_t redelivered = 0;  // given again, in this life
  // Nothing new is taken because too many events are parked.
  bool too_many_parked = false;
};

// The state of one group, from when it is made or restored: a *life*. Instants
// are arguments; those before an earlier one are as good as that one. It holds:
//   C1  The cursor never passes an event that matches and is not settled:
//       acknowledged, parked or dropped. With everything settled it is where
//       the last scan ended. Parked events do not move it, given again or not.
//   C2  What was acknowledged is not given again in this life, nor in a later
//       one that is restored from what TakeChanges gave after it.
//   C3  Of one key at most one event is with a member or waits to be given
//       again, and it is the first of its key. With block_key_while_parked
//       nothing of a key is given that is beyond one of its parked events.
//   C4  An event is with one member at a time, until its lease ends.
//   C5  At most settings.in_flight events are with members, at most
//       WindowOf(settings) are known and not settled, and at most
//       limits::kGroupParked + WindowOf(settings) are parked.
//
// A lease ends when its term is over, or everything was said. That a member is
// gone does not end it: the member may come back on another connection and
// acknowledge what it has done meanwhile. To end leases with connections would
// give events to two members at each break of a network.
//
// An ended lease counts as an attempt of each event that was left in it, unless
// its member kept it unsent, and these are given again at once, or parked.
// Attempts under way when a life ends
// do not count: that was not the events' fault.
//
// Not thread-safe.
class ConsumerGroup {
 public:
  // A new group that begins after a position (its changes are all of it), or
  // one as it was stored. `incarnation` is this life's number, and should not
  // be guessable.
  ConsumerGroup(std::string name, GroupSettings settings, Position after,
                uint64_t incarnation);
  ConsumerGroup(std::string name, StoredGroup stored, uint64_t incarnation);

  const std::string& name() const { return name_; }
  const GroupSettings& settings() const { return settings_; }
  GroupState state() const;
  // Parked events, and those that are given again; by position.
  const std::map<Position, Parked>& parked() const { return parked_; }
  // All of it, as it is stored.
  StoredGroup stored() const;
  // The first events that are known and not settled, by position, at most so
  // many.
  std::vector<Position> Unsettled(size_t most) const {
    return progress_.Unsettled(most);
  }

  // Changes what may change: all but query and key, which stay what they are.
  // New terms and delays are those of leases and attempts to come.
  void Change(GroupSettings settings);

  // --- What there is ---

  // Events that may be fed now; 0: first some must be settled.
  size_t Wanted() const;
  // Where to read on: after this.
  Position scanned_to() const { return progress_.scanned_to(); }
  // The next event that matches, with the text that stands for its key.
  void Feed(Position position, std::string_view key, absl::Time recorded_at);
  // Everything up to here was looked at, and what matches was fed.
  void ScannedTo(Position position);

  // --- Members ---

  // A member comes; the result names it.
  uint64_t Join(MemberRoom room);
  // It takes no more; its leases go on to their term.
  void Leave(uint64_t member);
  // It is given nothing while it is held; leases that it has go on.
  void Hold(uint64_t member, bool held);

  // Gives what can be given.
  std::vector<Delivery> Give(absl::Time now);
  // The events of a delivery from a position on did not leave the server: they
  // are to be given again, as if they had not been, and are no more under this
  // lease. Nothing happens when it is over.
  void TakeBack(std::string_view lease, Position from = Position());
  // These events of a delivery must not be shown to whom they would have been
  // given: they are settled, for the group as a whole, and are no more under
  // this lease. Others than those of the lease are not looked at; nothing
  // happens when it is over.
  void Withhold(std::string_view lease, absl::Span<const Position> positions);

  // A lease is kept by its member until it can be sent, or not any more: while
  // it is, the end of its term is no attempt. False: it is over.
  bool Waits(std::string_view lease, bool waits);

  // Takes what a member says, all of it or nothing. To say the same again is
  // OK and changes nothing, while the lease goes on and some time after.
  //   FAILED_PRECONDITION (LEASE_ENDED): the term is over, it is a lease of
  //     another life or no lease; and as OutcomesOf. Nothing was changed.
  //   INVALID_ARGUMENT: as OutcomesOf.
  absl::Status Acknowledge(const Acknowledgement& said, absl::Time now);
  // Keeps a lease for a full term from now; when that ends.
  //   FAILED_PRECONDITION (LEASE_ENDED)
  absl::StatusOr<absl::Time> ExtendLease(std::string_view lease,
                                         absl::Time now);

  // Ends the leases whose term is over; events whose delays are over are ready.
  // Done by all that takes `now`.
  void Expire(absl::Time now);
  // When Expire has something to do next; the infinite future: never.
  absl::Time NextDeadline() const;

  // --- Parked events ---

  // Gives parked events again, as if for the first time, or forgets them. These
  // positions, or all when nullopt; others than parked ones are not counted.
  size_t ReplayParked(std::optional<absl::Span<const Position>> positions);
  size_t DropParked(std::optional<absl::Span<const Position>> positions);

  // --- What must be stored ---

  // True when TakeChanges would give something.
  bool changed() const { return changed_.place; }
  // What has changed, to be stored as a whole before anything that depends on
  // it is answered. Then one of the others is called, before this is again:
  // what was not stored comes again.
  std::vector<CursorEntry> TakeChanges();
  void Stored() { taken_ = {}; }
  void NotStored();

 private:
  struct Member {
    MemberRoom room;
    uint32_t open = 0;  // leases
    bool held = false;
  };
  struct Changes {
    bool place = false;  // or anything else
    bool settings = false;
    absl::btree_set<Position> parked;
  };

  // The lease of a token, if it goes on or is remembered.
  absl::StatusOr<Lease*> FindLease(std::string_view token);
  // The next member with room, after the one that was given something last.
  Member* NextMember();
  Delivery GiveTo(uint64_t id, Member& member, absl::Time now);
  // An event is dealt with for good.
  void Settle(Position position);
  // An attempt has failed; the next may be at `not_before`.
  void Fail(Position position, std::string_view reason, bool park,
            absl::Time not_before, absl::Time now);
  void Park(Position position, uint32_t attempts, std::string_view reason,
            absl::Time now);
  // Its member has room again.
  void IsOver(const Lease& lease);
  // Nothing but these is under a lease any more; it may be over.
  void Keep(Lease& lease, std::vector<LeasedPosition> left);
  bool IsReplayed(Position position) const {
    return parked_.find(position) != parked_.end();
  }
  Retry& RetryOf(Position position);
  void SetBlocks(bool block);
  // Those of these that are parked and not given again; all when nullopt.
  std::vector<Position> OnlyParked(
      std::optional<absl::Span<const Position>> positions) const;

  const std::string name_;
  GroupSettings settings_;
  const uint64_t incarnation_;

  GroupProgress progress_;
  DeliveryQueue queue_;
  std::map<Position, Retry> retries_;  // of unsettled events, once failed
  std::map<Position, Parked> parked_;
  size_t replaying_ = 0;

  Leases leases_;
  absl::btree_map<uint64_t, Member> members_;
  uint64_t last_member_ = 0;
  uint64_t last_given_ = 0;  // the member
  uint64_t redelivered_ = 0;

  Changes changed_;
  Changes taken_;
};

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_CONSUMER_GROUP_H_

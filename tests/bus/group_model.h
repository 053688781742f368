// What a consumer group must do, by definition: a list of events, each with
// what became of it, and rules that are checked by looking at all of them. It
// shares nothing with the group but its interface.
#ifndef SAMVERK_TESTS_BUS_GROUP_MODEL_H_
#define SAMVERK_TESTS_BUS_GROUP_MODEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "eventstore/bus/consumer_group.h"

namespace samverk::bus {

class GroupModel {
 public:
  enum class Fate { kUnsettled, kDone, kParked, kReplaying, kDropped };

  struct Event {
    std::string key;
    Fate fate = Fate::kUnsettled;
    uint32_t failed = 0;  // attempts; parked: attempts in all
    absl::Time not_before = absl::InfinitePast();
    std::string reason;  // parked: why
    absl::Time parked_at;
    // Of this life:
    std::string lease;   // it is with a member
    bool given = false;  // since it was last new
  };

  struct Lease {
    uint64_t member = 0;
    absl::Time ends;
    std::map<uint64_t, char> said;  // position: 0 nothing, d, r, p(ark)
    bool taken = false;             // ended before everything was said
    bool waits = false;             // its member has not sent it
    bool Settled() const;
  };

  struct Member {
    MemberRoom room;
  };

  // What would be found after a crash, if it were stored now.
  struct Snapshot {
    std::map<uint64_t, Event> events;
    uint64_t cursor = 0;
  };

  explicit GroupModel(uint64_t after) : scanned_to_(after) {}

  // Each says what is wrong with what the group did; empty: nothing.
  using Wrong = std::string;

  void Appended(uint64_t position, std::string key);
  void ScannedTo(uint64_t position) { scanned_to_ = position; }
  Wrong Given(const std::vector<Delivery>& deliveries,
              const GroupSettings& settings, absl::Time now);
  void TakenBack(const std::string& lease, uint64_t from);
  // What the group must answer.
  bool Waits(const std::string& lease, bool waits, absl::Time now);
  // What the group must answer: OK, or an error that changes nothing.
  bool MayAcknowledge(const Acknowledgement& said, absl::Time now) const;
  void Acknowledged(const Acknowledgement& said, const GroupSettings& settings,
                    absl::Time now);
  bool GoesOn(const std::string& lease, absl::Time now) const;
  void Extended(const std::string& lease, absl::Time ends);
  void Expire(const GroupSettings& settings, absl::Time now);
  size_t Replayed(const std::vector<Position>* positions);
  size_t Dropped(const std::vector<Position>* positions);

  Snapshot Now() const { return {events_, Cursor()}; }
  // A life ends, another begins with what was stored.
  void Restarted(const Snapshot& stored);

  // Whether the group stands as it must.
  Wrong Compare(const ConsumerGroup& group, absl::Time now) const;
  // Whether everything matching was dealt with up to the head.
  Wrong CompareAtEnd(uint64_t head) const;

  std::map<uint64_t, Member> members;
  const std::map<std::string, Lease>& leases() const { return leases_; }
  const std::map<uint64_t, Event>& events() const { return events_; }

 private:
  static bool IsSettled(const Event& event) {
    return event.fate != Fate::kUnsettled;
  }
  static bool IsToGive(const Event& event) {
    return event.fate == Fate::kUnsettled || event.fate == Fate::kReplaying;
  }
  uint64_t Cursor() const;
  size_t OpenLeases(uint64_t member) const;
  size_t InFlight() const;
  // Empty when an event may be given now.
  Wrong MayGive(uint64_t position, const GroupSettings& settings,
                absl::Time now) const;
  void Fail(uint64_t position, const std::string& reason, bool park,
            absl::Time not_before, const GroupSettings& settings,
            absl::Time now);

  std::map<uint64_t, Event> events_;     // those that match
  std::map<std::string, Lease> leases_;  // of this life
  uint64_t scanned_to_;
};

}  // namespace samverk::bus

#endif  // SAMVERK_TESTS_BUS_GROUP_MODEL_H_

// What has happened to one entity, as far as rules need to know.
#ifndef SAMVERK_SERVICES_RECORDING_STATE_ENTITY_HISTORY_H_
#define SAMVERK_SERVICES_RECORDING_STATE_ENTITY_HISTORY_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::recording {

// When a fact was first recorded; its corrections keep that.
struct FirstRecorded {
  int64_t at_us = 0;   // microseconds since 1970
  uint64_t order = 0;  // among the events that were taken in
};

// When an event counts as having happened, microseconds since 1970: from <= t <
// to. An event without a time counts as happening when it was first recorded
// (from and to are equal then).
struct HappenedAt {
  int64_t from_us = 0;
  int64_t to_us = 0;
  bool known = false;  // somebody said when
  uint64_t order = 0;  // see FirstRecorded

  // True when all of this lies after all of `other`. Two events of the same
  // day, or whose times overlap otherwise, are in no certain order; two of the
  // same instant are in the order of recording.
  bool IsAfter(const HappenedAt& other) const {
    if (from_us != other.to_us) return from_us > other.to_us;
    const bool same_instant = from_us == to_us && other.from_us == other.to_us;
    return !same_instant || order > other.order;
  }
  // True when it comes after `other` for certain or, where the times do not
  // say, was first recorded after it.
  bool Follows(const HappenedAt& other) const {
    if (known && other.known) {
      if (IsAfter(other)) return true;
      if (other.IsAfter(*this)) return false;
    }
    return order > other.order;
  }
};

// The event's time; nothing when it has none, or a text that is no time.
std::optional<Interval> OccurredOf(const event::v1::Event& event);

HappenedAt HappenedAtOf(const std::optional<Interval>& occurred,
                        const FirstRecorded& recorded);
// The same of the event's time.
HappenedAt HappenedAtOf(const event::v1::Event& event,
                        const FirstRecorded& recorded);

// An event that stands, in the history of an entity that it is about.
struct Step {
  // Of the event or, if it was corrected, of its latest correction.
  EventId id;
  // The event as it stands: itself, or the replacement of that correction.
  std::shared_ptr<const event::v1::Event> event;
  HappenedAt when;
  // It brought the entity into being, or would have.
  bool creates = false;
  // What it was recorded as before, and the corrections themselves: their
  // recorders have a part in it too. Empty for what was never corrected.
  std::vector<std::shared_ptr<const event::v1::Event>> earlier;
};

// The steps of one entity, in the order in which their facts were first
// recorded. A value.
class EntityHistory {
 public:
  using FactCase = event::v1::Event::FactCase;

  const std::vector<Step>& steps() const { return steps_; }
  bool empty() const { return steps_.empty(); }

  // Some event brought it into being and stands.
  bool exists() const;
  // The last step of this kind; null: none.
  const Step* Last(FactCase fact) const;
  int Count(std::initializer_list<FactCase> facts) const;
  // A step of one of these kinds that something at `when` comes after, the
  // last such; null: none.
  const Step* LastBefore(const HappenedAt& when,
                         std::initializer_list<FactCase> facts) const;

  // True when something at `when` may come after such a step: one is there that
  // does not lie after it for certain. A step without a time may have happened
  // at any time.
  bool MayFollow(const HappenedAt& when, FactCase fact) const;

  void Add(Step step);
  // Takes out the step of this event, if it is there.
  void Remove(const EventId& id);

 private:
  std::vector<Step> steps_;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_STATE_ENTITY_HISTORY_H_

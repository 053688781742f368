// What has happened to one entity, as far as rules need to know.
#ifndef SAMVERK_SERVICES_RECORDING_STATE_ENTITY_HISTORY_H_
#define SAMVERK_SERVICES_RECORDING_STATE_ENTITY_HISTORY_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::recording {

// When an event counts as having happened, microseconds since 1970: from <= t <
// to. An event without a time counts as happening when it is recorded (from and
// to are equal then).
struct HappenedAt {
  int64_t from_us = 0;
  int64_t to_us = 0;
  bool known = false;  // somebody said when

  // True when all of this lies after all of `other`. Two events of the same
  // day, or whose times overlap otherwise, are in no certain order.
  bool IsAfter(const HappenedAt& other) const { return from_us >= other.to_us; }
};

// The event's time; a text that is no time counts as unknown.
HappenedAt HappenedAtOf(const event::v1::Event& event, int64_t recorded_at_us);

// An event that stands, in the history of an entity that it is about.
struct Step {
  // Of the event or, if it was corrected, of its latest correction.
  EventId id;
  // The event as it stands: itself, or the replacement of that correction.
  std::shared_ptr<const event::v1::Event> event;
  HappenedAt when;
  // It brought the entity into being, or would have.
  bool creates = false;
};

// The steps of one entity, in the order of recording. A value.
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

  void Add(Step step) { steps_.push_back(std::move(step)); }
  // Takes out the step of this event, if it is there.
  void Remove(const EventId& id);

 private:
  std::vector<Step> steps_;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_STATE_ENTITY_HISTORY_H_

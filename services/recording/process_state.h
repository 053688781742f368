// What rules know of a process: the histories of the entities that a batch is
// about, folded from their events. Pure values.
#ifndef SAMVERK_SERVICES_RECORDING_PROCESS_STATE_H_
#define SAMVERK_SERVICES_RECORDING_PROCESS_STATE_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/entity.h"
#include "services/recording/state/entity_history.h"

namespace samverk::recording {

// What follows from an event alone about where the fold puts it.
struct Placement {
  struct Place {
    EntityKey entity;
    bool creates = false;
  };
  std::vector<Place> histories;
  std::optional<Interval> occurred;  // nothing: nobody said when
};

// `event` states a fact and is no amendment.
std::shared_ptr<const Placement> PlacementOf(const event::v1::Event& event);

// An event with its identity, as the fold takes it. `event` is kept.
struct NumberedEvent {
  EventId id;
  std::shared_ptr<const event::v1::Event> event;
  int64_t recorded_at_us = 0;
  // Null: not worked out yet.
  std::shared_ptr<const Placement> placement = nullptr;
};

// The replacement of a correction as the event that stands: with the
// correction's id, and its process and recorder where it has none of its own.
event::v1::Event CompletedReplacement(const event::v1::Event& correction);

// An event that the state has taken in.
struct KnownEvent {
  enum class Standing {
    kStands,
    kReplaced,  // by `successor`
    kTakenOut,  // by `successor`
    kNoFact,    // a reversal or a void: it cannot be amended
  };
  Standing standing = Standing::kStands;
  EventId successor;
  // As it stands (see Step::event).
  std::shared_ptr<const event::v1::Event> event;
  std::shared_ptr<const Placement> placement;  // null for kNoFact
  FirstRecorded recorded;
  // See Step::earlier.
  std::vector<std::shared_ptr<const event::v1::Event>> earlier;
};

// A process as far as it was read. Entities whose streams were not read look
// as if nothing had happened to them: decision_model.h sees to it that what a
// rule asks for was read. Copying is a copy of what it holds.
class ProcessState {
 public:
  explicit ProcessState(std::string process) : process_(std::move(process)) {}

  const std::string& process() const { return process_; }

  // Takes an event in. A correction replaces what its target stands for; a
  // reversal or a void takes it out; one whose target does not stand any more
  // changes nothing. The target of a correction may not have been read: what
  // it was about is then of no interest, and what it is about now may be.
  void Evolve(const NumberedEvent& event);

  // The same state without an event that stands, as if it had not happened.
  ProcessState Without(const EventId& id) const;

  // Takes an event that stands out of the entities' histories and puts it in
  // again: to judge it as if it were yet to come. To be called in pairs, of one
  // event at a time.
  void Suspend(const EventId& id);
  void Resume(const EventId& id);

  // How many events were taken in: the order of the next.
  uint64_t taken_in() const { return taken_in_; }

  // The entity's history; an empty one when nothing is known.
  const EntityHistory& Of(const EntityKey& entity) const;
  const EntityHistory& Of(EntityKind kind, const std::string& id) const {
    return Of(EntityKey{kind, id});
  }
  // The process's own.
  const EntityHistory& own() const {
    return Of(EntityKind::kProcess, process_);
  }
  bool Exists(const EntityKey& entity) const { return Of(entity).exists(); }

  // The event, or null when it was not taken in.
  const KnownEvent* Find(const EventId& id) const;

  // Every event that was taken in.
  const absl::btree_map<EventId, KnownEvent>& known() const { return known_; }

  // Actors in the order of their ids: those read.
  const absl::btree_map<EntityKey, EntityHistory>& entities() const {
    return entities_;
  }

  // From now on the state keeps which standing events name this entity beside
  // those of its own history; `users` are those up to now.
  void Watch(const EntityKey& entity, std::set<EventId> users);
  // A standing event that names a watched entity; nothing: none does.
  std::optional<EventId> UserOf(const EntityKey& entity) const;

 private:
  void Apply(const EventId& id, KnownEvent known);
  void Retract(const EventId& id);
  // Puts a standing event into the histories that it belongs to.
  void AddToHistories(const EventId& id, const KnownEvent& known);
  // Notes which watched entities an event names.
  void NoteUses(const EventId& id, const event::v1::Event& event);

  std::string process_;
  absl::btree_map<EntityKey, EntityHistory> entities_;
  absl::btree_map<EventId, KnownEvent> known_;
  absl::btree_map<EntityKey, std::set<EventId>> users_;
  uint64_t taken_in_ = 0;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_PROCESS_STATE_H_

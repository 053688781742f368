#include "services/recording/process_state.h"

#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/uuid.h"
#include "services/recording/references.h"
#include "services/recording/route.h"

namespace samverk::recording {

using event::v1::Event;

Event CompletedReplacement(const Event& correction) {
  Event event = correction.event_corrected().replacement();
  event.set_id(correction.id());
  if (event.process().empty()) event.set_process(correction.process());
  if (!event.has_recorded_by()) {
    *event.mutable_recorded_by() = correction.recorded_by();
  }
  return event;
}

std::shared_ptr<const Placement> PlacementOf(const Event& event) {
  auto placement = std::make_shared<Placement>();
  const EntityKey subject = SubjectOf(event);
  bool makes_subject = event.has_process_registered();
  for (EntityKey& made : EntitiesMadeBy(event)) {
    if (made == subject) {
      makes_subject = true;
    } else {
      placement->histories.push_back({std::move(made), true});
    }
  }
  placement->histories.push_back({subject, makes_subject});
  placement->occurred = OccurredOf(event);
  return placement;
}

void ProcessState::Evolve(const NumberedEvent& numbered) {
  const Event& event = *numbered.event;
  KnownEvent made;
  made.event = numbered.event;
  made.placement = numbered.placement;
  made.recorded = {numbered.recorded_at_us, taken_in_++};
  if (!IsAmendment(event)) return Apply(numbered.id, std::move(made));
  const auto target = ParseUuid(TargetOf(event));
  const bool corrects = event.has_event_corrected();
  const auto known = target.ok() ? known_.find(*target) : known_.end();
  if (known != known_.end()) {
    if (known->second.standing != KnownEvent::Standing::kStands) return;
    Retract(*target);
    known->second.standing = corrects ? KnownEvent::Standing::kReplaced
                                      : KnownEvent::Standing::kTakenOut;
    known->second.successor = numbered.id;
    // The fact is the same: it was recorded when it was recorded first.
    made.recorded = known->second.recorded;
    made.earlier = known->second.earlier;
    made.earlier.push_back(known->second.event);
  }
  // Its envelope names actors too.
  NoteUses(numbered.id, event);
  if (corrects) {
    made.earlier.push_back(numbered.event);
    made.event = std::make_shared<const Event>(CompletedReplacement(event));
    return Apply(numbered.id, std::move(made));
  }
  made.standing = KnownEvent::Standing::kNoFact;
  known_[numbered.id] = std::move(made);
}

void ProcessState::Apply(const EventId& id, KnownEvent known) {
  const Event& event = *known.event;
  // A replacement that is refused may lack a fact; there is nothing to keep.
  if (event.fact_case() == Event::FACT_NOT_SET || IsAmendment(event)) return;
  if (known.placement == nullptr) known.placement = PlacementOf(event);
  AddToHistories(id, known);
  NoteUses(id, event);
  known_[id] = std::move(known);
}

void ProcessState::AddToHistories(const EventId& id, const KnownEvent& known) {
  const HappenedAt when =
      HappenedAtOf(known.placement->occurred, known.recorded);
  for (const auto& [entity, creates] : known.placement->histories) {
    entities_[entity].Add({id, known.event, when, creates, known.earlier});
  }
}

void ProcessState::NoteUses(const EventId& id, const Event& event) {
  for (auto& [entity, users] : users_) {
    if (Uses(event, entity)) users.insert(id);
  }
}

void ProcessState::Suspend(const EventId& id) {
  const auto known = known_.find(id);
  SAMVERK_CHECK(known != known_.end());
  for (const Placement::Place& place : known->second.placement->histories) {
    entities_[place.entity].Remove(id);
  }
}

void ProcessState::Resume(const EventId& id) {
  const auto known = known_.find(id);
  SAMVERK_CHECK(known != known_.end());
  AddToHistories(id, known->second);
}

void ProcessState::Retract(const EventId& id) {
  if (!known_.contains(id)) return;
  Suspend(id);
  for (auto& [entity, users] : users_) users.erase(id);
}

ProcessState ProcessState::Without(const EventId& id) const {
  ProcessState state = *this;
  state.Retract(id);
  state.known_.erase(id);
  return state;
}

const EntityHistory& ProcessState::Of(const EntityKey& entity) const {
  static const EntityHistory& none = *new EntityHistory;
  const auto found = entities_.find(entity);
  return found == entities_.end() ? none : found->second;
}

const KnownEvent* ProcessState::Find(const EventId& id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : &found->second;
}

void ProcessState::Watch(const EntityKey& entity, std::set<EventId> users) {
  users_[entity] = std::move(users);
}

std::optional<EventId> ProcessState::UserOf(const EntityKey& entity) const {
  const auto users = users_.find(entity);
  if (users == users_.end() || users->second.empty()) return std::nullopt;
  return *users->second.begin();
}

}  // namespace samverk::recording

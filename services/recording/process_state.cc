#include "services/recording/process_state.h"

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

void ProcessState::Evolve(const NumberedEvent& numbered) {
  const Event& event = *numbered.event;
  if (!IsAmendment(event)) {
    return Apply(numbered.id, numbered.event, numbered.recorded_at_us);
  }
  const auto target = ParseUuid(TargetOf(event));
  const bool corrects = event.has_event_corrected();
  const auto known = target.ok() ? known_.find(*target) : known_.end();
  if (known != known_.end()) {
    if (known->second.standing != KnownEvent::Standing::kStands) return;
    Retract(*target);
    known->second.standing = corrects ? KnownEvent::Standing::kReplaced
                                      : KnownEvent::Standing::kTakenOut;
    known->second.successor = numbered.id;
  }
  if (corrects) {
    return Apply(numbered.id,
                 std::make_shared<const Event>(CompletedReplacement(event)),
                 numbered.recorded_at_us);
  }
  known_[numbered.id] = {KnownEvent::Standing::kNoFact, {}, numbered.event};
}

template <typename Visit>
void ProcessState::ForEachHistory(const Event& event, Visit visit) {
  const EntityKey subject = SubjectOf(event);
  bool makes_subject = event.has_process_registered();
  for (const EntityKey& made : EntitiesMadeBy(event)) {
    if (made == subject) {
      makes_subject = true;
    } else {
      visit(made, true);
    }
  }
  visit(subject, makes_subject);
}

void ProcessState::Apply(const EventId& id, std::shared_ptr<const Event> event,
                         int64_t recorded_at_us) {
  // A replacement that is refused may lack a fact; there is nothing to keep.
  if (event->fact_case() == Event::FACT_NOT_SET || IsAmendment(*event)) return;
  const HappenedAt when = HappenedAtOf(*event, recorded_at_us);
  ForEachHistory(*event, [&](const EntityKey& entity, bool creates) {
    entities_[entity].Add({id, event, when, creates});
  });
  for (auto& [entity, users] : users_) {
    if (Uses(*event, entity)) users.insert(id);
  }
  known_[id] = {KnownEvent::Standing::kStands, {}, std::move(event)};
}

void ProcessState::Retract(const EventId& id) {
  const auto known = known_.find(id);
  if (known == known_.end()) return;
  ForEachHistory(*known->second.event, [&](const EntityKey& entity, bool) {
    entities_[entity].Remove(id);
  });
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

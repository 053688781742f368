// Which entities an event names. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_REFERENCES_H_
#define SAMVERK_SERVICES_RECORDING_REFERENCES_H_

#include <string>
#include <vector>

#include "samverk/event/v1/event.pb.h"
#include "services/recording/field_plan.h"

namespace samverk::recording {

// One naming of an entity.
struct Reference {
  EntityKind kind = EntityKind::kNone;
  const std::string* id = nullptr;  // within the event; not empty
  Relation relation = Relation::kNone;
  FieldPath path;
  bool envelope = false;  // named by the envelope, not by the fact

  EntityKey key() const { return {kind, *id}; }
};

// The entities that the envelope and the fact name, in the order of the
// contract; an entity may occur more than once. Those of a correction's
// replacement are not among them. Valid as long as the event.
std::vector<Reference> ReferencesOf(const event::v1::Event& event);

// The entities that the fact brings into being, or would if they were not
// there. Each once.
std::vector<EntityKey> EntitiesMadeBy(const event::v1::Event& event);

// The first events of a process are recorded on behalf of actors that are not
// registered yet: their envelopes may name whom they like.
bool MayPrecedeActors(const event::v1::Event& event);

// True when the fact or the envelope names the entity and rests on its
// existence, without being a part of the entity's own history. Of an amendment
// the envelope alone counts; ask for its replacement by itself.
bool Uses(const event::v1::Event& event, const EntityKey& entity);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_REFERENCES_H_

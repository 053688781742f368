// Where an event is recorded and what it is found by. The server decides, not
// the client. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_ROUTE_H_
#define SAMVERK_SERVICES_RECORDING_ROUTE_H_

#include <string>
#include <vector>

#include "eventstore/limits.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/entity.h"

namespace samverk::recording {

// A stream and tags.
struct Route {
  std::string stream;             // "<process>/<kind>/<id>"
  std::vector<std::string> tags;  // sorted, without repetition
  bool operator==(const Route&) const = default;
};

// On every event that changes the register of actors (also on its corrections),
// in the process: names can be looked up without reading anything else.
std::string ActorRegisterTag(std::string_view process);

// On every event whose envelope names the actor: on whose behalf it was
// recorded, or whose record it is. Not the actor's own tag, for it says nothing
// of what the actor did.
std::string BehalfTag(std::string_view process, std::string_view actor);

// Besides: codec::kSecretTag on what is secret (access::SecretOf).

// On a correction, reversal or void: which event it takes out.
std::string TargetTag(std::string_view process, std::string_view target_uuid);

// The entity whose history an event continues; its stream is the event's. For
// a correction, reversal or void: kNone, for it continues its target's.
// Example: CostAttested{cost: "a-117-1"} is about {kCost, "a-117-1"}.
EntityKey SubjectOf(const event::v1::Event& event);

// True for EventCorrected, EventReversed and EventVoided.
bool IsAmendment(const event::v1::Event& event);

// The UUID that an amendment is about, as its recorder wrote it.
const std::string& TargetOf(const event::v1::Event& amendment);

// Tags that a fact may have: one of the store's is left to its corrections, for
// TargetTag.
inline constexpr size_t kFactTags = limits::kTags - 1;

// The route of an event of `process`. `target` is the route of the event that
// an amendment is about, null for others: the amendment goes to its stream and
// has TargetTag, the tags of a replacement, and its target's: of these, where
// not all have room, those by which entities without a stream and the register
// of actors are read, and then as many as fit. What the event itself names is
// not limited here.
Route RouteOf(const event::v1::Event& event, const Route* target);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_ROUTE_H_

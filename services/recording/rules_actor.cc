// Rules of actors and their roles.
#include <algorithm>

#include "absl/strings/strip.h"
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

event::v1::RoleKind KindOf(event::v1::RoleKind kind) {
  return kind == event::v1::ROLE_KIND_UNSPECIFIED
             ? event::v1::ROLE_KIND_PARTICIPANT
             : kind;
}

std::string RoleName(event::v1::RoleKind kind) {
  const std::string& name = event::v1::RoleKind_Name(kind);
  return std::string(absl::StripPrefix(name, "ROLE_KIND_"));
}

bool Assigns(const Step& step, event::v1::RoleKind kind) {
  return step.event->has_role_assigned() &&
         KindOf(step.event->role_assigned().kind()) == kind;
}
bool Ends(const Step& step, event::v1::RoleKind kind) {
  return step.event->has_role_ended() &&
         KindOf(step.event->role_ended().kind()) == kind;
}

// From when the role of an assignment is held: from the beginning of the time
// that it is for, if that is given.
HappenedAt HeldFrom(const Step& assigned) {
  Event role;
  *role.mutable_occurred() = assigned.event->role_assigned().valid();
  const HappenedAt valid = HappenedAtOf(role, {0, assigned.when.order});
  return valid.known ? valid : assigned.when;
}

// A role of the kind was assigned that may stand at `when`: one end ends all
// roles of its kind that were assigned before it.
bool HasRole(const EntityHistory& actor, event::v1::RoleKind kind,
             const HappenedAt& when) {
  for (const Step& assigned : actor.steps()) {
    if (!Assigns(assigned, kind)) continue;
    const HappenedAt from = HeldFrom(assigned);
    if (from.known && from.IsAfter(when)) continue;
    const bool ended = std::any_of(
        actor.steps().begin(), actor.steps().end(), [&](const Step& step) {
          return Ends(step, kind) && step.when.Follows(from) &&
                 when.Follows(step.when);
        });
    if (!ended) return true;
  }
  return false;
}

}  // namespace

void JudgeActor(Judge& judge) {
  if (!judge.event().has_role_ended()) return;
  const auto& fact = judge.event().role_ended();
  const EntityHistory& actor =
      judge.state().Of(EntityKind::kActor, fact.actor());
  const event::v1::RoleKind kind = KindOf(fact.kind());
  if (!actor.exists() || HasRole(actor, kind, judge.when())) return;
  judge.Refuse(Rule::kRoleNotAssigned, "kind",
               {{"id", fact.actor()}, {"role", RoleName(kind)}});
}

}  // namespace samverk::recording

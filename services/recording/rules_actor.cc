// Rules of actors and their roles.
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

// Roles of the kind that were assigned, less those that ended.
int StandingRoles(const EntityHistory& history, event::v1::RoleKind kind) {
  int roles = 0;
  for (const Step& step : history.steps()) {
    const Event& event = *step.event;
    if (event.has_role_assigned() &&
        KindOf(event.role_assigned().kind()) == kind) {
      ++roles;
    } else if (event.has_role_ended() &&
               KindOf(event.role_ended().kind()) == kind) {
      roles = 0;  // one end ends all roles of its kind
    }
  }
  return roles;
}

}  // namespace

void JudgeActor(Judge& judge) {
  if (!judge.event().has_role_ended()) return;
  const auto& fact = judge.event().role_ended();
  const EntityHistory& actor =
      judge.state().Of(EntityKind::kActor, fact.actor());
  const event::v1::RoleKind kind = KindOf(fact.kind());
  if (!actor.exists() || StandingRoles(actor, kind) > 0) return;
  judge.Refuse(Rule::kRoleNotAssigned, "kind",
               {{"id", fact.actor()}, {"role", RoleName(kind)}});
}

}  // namespace samverk::recording

// Rules of disposal and rights.
#include <algorithm>

#include "services/access/role.h"
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

void JudgeKey(Judge& judge) {
  const auto& fact = judge.event().key_destroyed();
  const EntityHistory& gallring =
      judge.state().Of(EntityKind::kGallring, fact.gallring());
  for (const Step& step : gallring.steps()) {
    const Event& event = *step.event;
    if (event.has_gallring_decided()) {
      const event::v1::Recorder* decider =
          RecorderLike(step, judge.event().recorded_by());
      if (decider != nullptr && !judge.context().disposal_by_one) {
        judge.RefuseEnvelope(
            Rule::kKeyOnOwnDecision, "recorded_by",
            {{"id", fact.gallring()}, {"recorder", RecorderText(*decider)}});
      }
      // A decision without names covers a whole class of records.
      const auto& subjects = event.gallring_decided().subjects();
      const bool covers =
          subjects.empty() || std::find(subjects.begin(), subjects.end(),
                                        fact.subject()) != subjects.end();
      if (!covers) {
        judge.Refuse(Rule::kKeyNotInDisposal, "subject",
                     {{"id", fact.gallring()}, {"subject", fact.subject()}});
      }
    } else if (event.has_key_destroyed() &&
               event.key_destroyed().subject() == fact.subject()) {
      judge.Refuse(Rule::kKeyAlreadyDestroyed, "subject",
                   {{"subject", fact.subject()}, EventValue(step)});
    }
  }
}

// One role, in whichever language.
bool IsSameRole(const std::string& a, const std::string& b) {
  const auto role = access::RoleOfName(a);
  return a == b || (role.has_value() && role == access::RoleOfName(b));
}

// The right was granted and may stand at `when`.
bool HasRight(const EntityHistory& rights,
              const event::v1::RightsWithdrawn& right, const HappenedAt& when) {
  const auto about_it = [&](const auto& fact) {
    return fact.principal() == right.principal() &&
           IsSameRole(fact.role(), right.role());
  };
  for (const Step& granted : rights.steps()) {
    if (!granted.event->has_rights_granted() ||
        !about_it(granted.event->rights_granted()) ||
        (granted.when.known && granted.when.IsAfter(when))) {
      continue;
    }
    const bool withdrawn = std::any_of(
        rights.steps().begin(), rights.steps().end(), [&](const Step& step) {
          return step.event->has_rights_withdrawn() &&
                 about_it(step.event->rights_withdrawn()) &&
                 step.when.Follows(granted.when) && when.Follows(step.when);
        });
    if (!withdrawn) return true;
  }
  return false;
}

void JudgeWithdrawal(Judge& judge) {
  const auto& fact = judge.event().rights_withdrawn();
  const EntityHistory& rights =
      judge.state().Of(EntityKind::kRights, judge.state().process());
  if (HasRight(rights, fact, judge.when())) return;
  judge.Refuse(Rule::kRightNotGranted, "principal",
               {{"principal", fact.principal()}, {"role", fact.role()}});
}

}  // namespace

void JudgeArchive(Judge& judge) {
  if (judge.event().has_key_destroyed()) JudgeKey(judge);
  if (judge.event().has_rights_withdrawn()) JudgeWithdrawal(judge);
}

}  // namespace samverk::recording

// Rules of disposal and rights.
#include <algorithm>

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

void JudgeWithdrawal(Judge& judge) {
  const auto& fact = judge.event().rights_withdrawn();
  const EntityHistory& rights =
      judge.state().Of(EntityKind::kRights, judge.state().process());
  bool granted = false;
  for (const Step& step : rights.steps()) {
    const Event& event = *step.event;
    if (event.has_rights_granted() &&
        event.rights_granted().principal() == fact.principal() &&
        event.rights_granted().role() == fact.role()) {
      granted = true;
    } else if (event.has_rights_withdrawn() &&
               event.rights_withdrawn().principal() == fact.principal() &&
               event.rights_withdrawn().role() == fact.role()) {
      granted = false;
    }
  }
  if (granted) return;
  judge.Refuse(Rule::kRightNotGranted, "principal",
               {{"principal", fact.principal()}, {"role", fact.role()}});
}

}  // namespace

void JudgeArchive(Judge& judge) {
  if (judge.event().has_key_destroyed()) JudgeKey(judge);
  if (judge.event().has_rights_withdrawn()) JudgeWithdrawal(judge);
}

}  // namespace samverk::recording

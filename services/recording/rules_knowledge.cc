// Rules of initiatives and outcomes.
#include <algorithm>

#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

void JudgeInitiative(Judge& judge) {
  const auto& fact = judge.event().initiative_status_observed();
  if (fact.status() == event::v1::INITIATIVE_STATUS_ENDED) return;
  const EntityHistory& initiative =
      judge.state().Of(EntityKind::kInitiative, fact.initiative());
  for (const Step& step : initiative.steps()) {
    const bool ended = step.event->initiative_status_observed().status() ==
                       event::v1::INITIATIVE_STATUS_ENDED;
    if (!ended || !judge.when().IsAfter(step.when)) continue;
    return judge.Refuse(Rule::kInitiativeEnded, "status",
                        {{"id", fact.initiative()}, EventValue(step)});
  }
}

void JudgeSubstantiation(Judge& judge) {
  const auto& fact = judge.event().outcome_substantiated();
  const Step* claimed = judge.state()
                            .Of(EntityKind::kOutcome, fact.outcome())
                            .Last(Event::kOutcomeClaimed);
  if (claimed == nullptr || !fact.independent()) return;
  // Whoever had a part in the claim: also before it was corrected, and in the
  // corrections.
  const auto made_it = [&](const Event& claim) {
    return fact.substantiator() == claim.recorded_by().organisation() ||
           fact.substantiator() == claim.on_behalf_of();
  };
  const bool before =
      std::any_of(claimed->earlier.begin(), claimed->earlier.end(),
                  [&](const auto& earlier) { return made_it(*earlier); });
  if (!before && !made_it(*claimed->event)) return;
  judge.Refuse(Rule::kOutcomeNotIndependent, "independent",
               {{"id", fact.substantiator()}});
}

}  // namespace

void JudgeKnowledge(Judge& judge) {
  if (judge.event().has_initiative_status_observed()) JudgeInitiative(judge);
  if (judge.event().has_outcome_substantiated()) JudgeSubstantiation(judge);
}

}  // namespace samverk::recording

#include "services/recording/state/finding_state.h"

#include <algorithm>

namespace samverk::recording {

using event::v1::Event;

bool IsAsset(const EntityHistory& finding) {
  const Step* logged = finding.Last(Event::kFindingLogged);
  return logged != nullptr && logged->event->finding_logged().polarity() ==
                                  event::v1::POLARITY_ASSET;
}

const Step* MergeOf(const EntityHistory& finding) {
  return finding.Last(Event::kFindingMerged);
}

const Step* EndedBefore(const EntityHistory& finding, const HappenedAt& when,
                        EntityHistory::FactCase end) {
  const Step* ended = finding.LastBefore(when, {end});
  if (ended == nullptr) return nullptr;
  for (const Step& step : finding.steps()) {
    if (!step.event->has_finding_reopened()) continue;
    const bool before_end = ended->when.IsAfter(step.when);
    const bool after_this = step.when.IsAfter(when);
    if (!before_end && !after_this) return nullptr;
  }
  return ended;
}

bool CanBeReopened(const EntityHistory& finding, const HappenedAt& when) {
  for (const Step& end : finding.steps()) {
    const bool ends =
        end.event->has_finding_declined() || end.event->has_finding_closed();
    if (!ends || end.when.IsAfter(when)) continue;
    const bool reopened = std::any_of(
        finding.steps().begin(), finding.steps().end(), [&](const Step& step) {
          return step.event->has_finding_reopened() &&
                 step.when.Follows(end.when) && when.Follows(step.when);
        });
    if (!reopened) return true;
  }
  return false;
}

}  // namespace samverk::recording

// Rules of activities beyond those of order.
#include "services/recording/judge.h"
#include "services/recording/state/activity_state.h"

namespace samverk::recording {

using event::v1::Event;

void JudgeActivity(Judge& judge) {
  const event::v1::Held* held = HeldOf(judge.event());
  if (held == nullptr || !held->title().empty()) return;
  if (HasTitle(judge.state().Of(EntityKind::kActivity, held->activity()))) {
    return;
  }
  judge.Refuse(Rule::kTitleMissing, "held.title", {{"id", held->activity()}});
}

}  // namespace samverk::recording

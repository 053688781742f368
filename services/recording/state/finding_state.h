// What rules ask about a finding.
#ifndef SAMVERK_SERVICES_RECORDING_STATE_FINDING_STATE_H_
#define SAMVERK_SERVICES_RECORDING_STATE_FINDING_STATE_H_

#include "services/recording/state/entity_history.h"

namespace samverk::recording {

// Something to keep (att värna).
bool IsAsset(const EntityHistory& finding);

// The merge that made it go up in another; null: it did not.
const Step* MergeOf(const EntityHistory& finding);

// The step of kind `end` (declined, closed) that the finding was in when
// something happened at `when`: before it, and not reopened in between. Null:
// it was in none.
const Step* EndedBefore(const EntityHistory& finding, const HappenedAt& when,
                        EntityHistory::FactCase end);

// It may have been declined or closed when something happened at `when`, and
// was not reopened in between.
bool CanBeReopened(const EntityHistory& finding, const HappenedAt& when);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_STATE_FINDING_STATE_H_

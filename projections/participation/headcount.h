// Arithmetic of heads: what was not counted stays uncounted.
#ifndef SAMVERK_PROJECTIONS_PARTICIPATION_HEADCOUNT_H_
#define SAMVERK_PROJECTIONS_PARTICIPATION_HEADCOUNT_H_

#include <optional>

#include "samverk/event/v1/activity.pb.h"
#include "samverk/event/v1/types.pb.h"

namespace samverk::projections {

// Heads of two groups together: a number is known only where both are known.
// Categories that one group alone has keep its number. The basis is the less
// sure one.
event::v1::Headcount Together(const event::v1::Headcount& a,
                              const event::v1::Headcount& b);

// Heads at what was held: as recorded for all or, where that was not, those of
// the participants together. Not set when nobody recorded any.
std::optional<event::v1::Headcount> HeadsAt(const event::v1::Held& held);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_PARTICIPATION_HEADCOUNT_H_

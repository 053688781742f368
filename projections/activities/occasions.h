// How many occasions an entry about something held stands for.
#ifndef SAMVERK_PROJECTIONS_ACTIVITIES_OCCASIONS_H_
#define SAMVERK_PROJECTIONS_ACTIVITIES_OCCASIONS_H_

#include <cstdint>

#include "samverk/event/v1/activity.pb.h"

namespace samverk::projections {

// The number given; 1 for what is no series; 0 for a series of unknown number.
inline uint32_t OccasionsOf(const event::v1::Held& held) {
  if (held.has_occasions() && held.occasions() > 0) return held.occasions();
  return held.series() ? 0 : 1;
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ACTIVITIES_OCCASIONS_H_

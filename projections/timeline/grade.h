// How well an outcome is backed.
#ifndef SAMVERK_PROJECTIONS_TIMELINE_GRADE_H_
#define SAMVERK_PROJECTIONS_TIMELINE_GRADE_H_

#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {

// The grade of a claim, by what others have said of it. The first that holds:
//
//   DISPUTED                  the latest word of those who are independent is
//                             that they do not agree
//   INDEPENDENTLY_CONFIRMED   somebody independent agrees, fully or in part
//   SUBSTANTIATED             somebody else than the claimant agrees, fully or
//                             in part; or the claim has evidence with it and
//                             anybody, the claimant too, agrees
//   CLAIMED                   otherwise, however surely it is said
//
// Of each substantiator its latest word counts (by when it was said, then by
// when it was recorded). The claimant is never independent of its claim,
// whatever the record says. A partner that does not agree takes its own backing
// away and no more: the claim is disputed when somebody independent disputes
// it.
view::v1::Grade GradeOf(const view::v1::OutcomeView& outcome);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_TIMELINE_GRADE_H_

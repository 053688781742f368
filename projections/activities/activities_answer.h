// Answers from the activities projection. Pure; `answered` is left to the
// caller.
#ifndef SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_ANSWER_H_
#define SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_ANSWER_H_

#include "absl/functional/function_ref.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/activities.pb.h"

namespace samverk::projections {

// The activities of the period: those that any of their plans puts in it or
// that were held in it, by time (the first occasion, or else the latest plan),
// the unknown last. The caller cuts pages.
//
// Of each, the occasions are those of the period, and are counted so. A planned
// activity whose time had passed at evaluate_at without anything having been
// held is OUTCOME_MISSING.
//
// Kinds count activities, not occasions: a series of six meetings that is one
// entry of the schedule is one. Planned: a plan puts it in the period. Held,
// unplanned: held in the period, the latter without ever having been scheduled.
// Cancelled and outcome missing: of the planned ones.
//
// Contributions are those of the period, by position.
view::v1::ActivitiesAnswer AnswerActivities(const ViewSet& views,
                                            const Question& question);

// Calls `visit` with the same activities in the order of their ids; `planned`
// tells that a plan puts it in the period.
void VisitActivities(
    const ViewSet& views, const Question& question,
    absl::FunctionRef<void(view::v1::ActivityView& activity, bool planned)>
        visit);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_ANSWER_H_

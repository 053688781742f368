// Answers from the activities projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_ANSWER_H_
#define SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_ANSWER_H_

#include <string>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/activities.pb.h"

namespace samverk::projections {

// All activities of the period by time. The caller cuts pages.
view::v1::ActivitiesAnswer AnswerActivities(const ViewSet& views,
                                            const Question& question);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ACTIVITIES_ACTIVITIES_ANSWER_H_

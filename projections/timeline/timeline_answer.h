// Answers from the timeline projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ANSWER_H_
#define SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ANSWER_H_

#include <string>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {

// The progression. Entries come from all projections: phases, decisions, shifts,
// grants, held activities, measures, studies, initiatives, plans, reports.
view::v1::TimelineAnswer AnswerTimeline(const ViewSet& views,
                                        const Question& question);

view::v1::LessonsAnswer AnswerLessons(const ViewSet& views,
                                      const Question& question);

// The process, or null when it is not in the register. Valid until the next
// call on its table.
const view::v1::ProcessView* FindProcess(const ViewSet& views,
                                         std::string_view process);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ANSWER_H_

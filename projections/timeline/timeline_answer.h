// Answers from the timeline projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ANSWER_H_
#define SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ANSWER_H_

#include <functional>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {

// The progression. Entries come from all projections: phases, decisions
// (approval and closing of the process among them), shifts and achievements
// with grade and hedge, grants awarded, settled and disposed of, what was held,
// measures decided, planned, implemented, evaluated and given up, studies and
// their insights, initiatives, reports handed in and approved. What lies ahead
// is of kind PLAN: activities without outcome, measures that are not finished,
// each at the time planned with what it lacks, and the process's horizon.
//
// Selected is what happened in the period; a plan also when it was made in the
// period, whatever time it is for. Order: by the first instant of its time, so
// that a year comes before its days, the unknown last; then by position.
//
// The current phase is the one entered last. Where it cannot be told which of
// two came last, because their times overlap or are not known, it is the one
// with the greater number. It is set whatever the period.
view::v1::TimelineAnswer AnswerTimeline(const ViewSet& views,
                                        const Question& question);

// Lessons and outcomes of the period, by kind (outcomes), order (those without
// one last) and position. Studies and initiatives of which something happened
// in the period, and those that had begun before its end without being
// published or answered; by position.
view::v1::LessonsAnswer AnswerLessons(const ViewSet& views,
                                      const Question& question);

// The process, or null when it is not in the register. Valid until the next
// call on its table.
const view::v1::ProcessView* FindProcess(const ViewSet& views,
                                         std::string_view process);

// Calls `visit` with each process of the register, in the order of its keys,
// until it returns false. Reads one entry or two of each process, however many
// it has.
void ForEachProcess(
    const ViewSet& views,
    const std::function<bool(const view::v1::ProcessView&)>& visit);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ANSWER_H_

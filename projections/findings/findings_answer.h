// Answers from the findings projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_ANSWER_H_
#define SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_ANSWER_H_

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/findings.pb.h"

namespace samverk::projections {

// All findings whose entry, or a step of it, lies in the period, by position.
// A finding whose registration was taken back is none. Reasons of declined ones
// are in the language asked for. controlled_by is who has control over the
// finding's place now; where no place says so, who the finding itself names
// (where.controlled_by); else empty.
//
// The funnel counts these findings by control, or by assignee where control is
// not known, ordered by actor id. Findings merged into others are counted with
// those alone. A declined or closed deficiency counts as assigned, planned or
// implemented when it came so far before; evaluated counts closed ones too.
view::v1::FindingsAnswer AnswerFindings(const ViewSet& views,
                                        const Question& question);

// All measures of which a step, or the time planned, lies in the period, and
// those begun before its end that are not finished (implemented or given up);
// by position. Places are all those of the process.
//
// Lead days run from the first of its findings (or, if none is known, from its
// proposal) to the day it was implemented, by the first days of their times.
// Times vaguer than a month, and a measure that preceded its finding, give -1.
//
// Lacks are told of measures that are not finished: "owner", "place", "date",
// "decision", "cost", in this order. A year or longer is an intention, and no
// date. Overdue: the time planned had passed at evaluate_at, and the measure is
// not finished.
view::v1::MeasuresAnswer AnswerMeasures(const ViewSet& views,
                                        const Question& question);

// Calls `visit` with the same measures in the order of their ids, each with its
// row, in which the measure itself is not set.
void VisitMeasures(const ViewSet& views, const Question& question,
                   absl::FunctionRef<void(const view::v1::MeasureView& measure,
                                          view::v1::MeasureRow& row)>
                       visit);

// The name to show for a place: its name, or the id.
std::string PlaceName(const ViewSet& views, std::string_view process,
                      std::string_view place);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_ANSWER_H_

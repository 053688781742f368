// Answers from the findings projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_ANSWER_H_
#define SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_ANSWER_H_

#include <string>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/findings.pb.h"

namespace samverk::projections {

// All findings whose entry, or a step of it, lies in the period.
view::v1::FindingsAnswer AnswerFindings(const ViewSet& views,
                                        const Question& question);

// All measures of which a step, or the time planned, lies in the period, or
// that are not finished.
view::v1::MeasuresAnswer AnswerMeasures(const ViewSet& views,
                                        const Question& question);

// The name to show for a place: its name, or the id.
std::string PlaceName(const ViewSet& views, std::string_view process,
                      std::string_view place);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_FINDINGS_FINDINGS_ANSWER_H_

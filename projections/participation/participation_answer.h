// Answers from the participation projection. Pure; `answered` is left to the caller.
#ifndef SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_ANSWER_H_
#define SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_ANSWER_H_

#include <string>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/participation.pb.h"

namespace samverk::projections {

view::v1::ParticipationAnswer AnswerParticipation(const ViewSet& views,
                                                  const Question& question);

// The name to show for an actor: its latest name, or the id when it is not in
// the register.
std::string ActorName(const ViewSet& views, std::string_view process,
                      std::string_view actor);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_ANSWER_H_

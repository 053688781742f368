// Answers from the participation projection. Pure; `answered` is left to the
// caller.
#ifndef SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_ANSWER_H_
#define SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_ANSWER_H_

#include <string>
#include <string_view>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/participation.pb.h"

namespace samverk::projections {

// Who took part in the period, and which heads were counted.
//
// Actors: those that took part in something of the period, or held a role in it
// (a role without a time of its own is held from when it was given until it
// ended). Their roles are those of the period; their entries are by time, with
// titles from the schedule where the event gives none. An actor that is not in
// the register has an id and no name. Order: Swedish, by latest name.
//
// Categories: first "", all heads together, then by category. Each entry about
// something held counts once: as counted, or as uncounted. Heads of what was
// counted alone are added; nothing is guessed for the rest.
view::v1::ParticipationAnswer AnswerParticipation(const ViewSet& views,
                                                  const Question& question);

// The name to show for an actor: its latest name, or the id when it is not in
// the register.
std::string ActorName(const ViewSet& views, std::string_view process,
                      std::string_view actor);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_PARTICIPATION_PARTICIPATION_ANSWER_H_

// How far findings and measures have come: the states of both, settled from
// the facts that their views keep.
//
// Facts may be late and their times vague, so states are judged by when things
// happened and never step back by chance: a measure is as far as its furthest
// step, a finding as far as the furthest of its measures. What rests (declined,
// closed, merged, given up) leaves that only by being reopened or, if it was
// declined or given up, by a step whose time lies wholly after.
#ifndef SAMVERK_PROJECTIONS_FINDINGS_PROGRESS_H_
#define SAMVERK_PROJECTIONS_FINDINGS_PROGRESS_H_

#include <vector>

#include "projections/view_table.h"
#include "samverk/view/v1/findings.pb.h"

namespace samverk::projections {

// Settles what follows from a measure's facts and steps: the states after each
// step and now, and its title, owner, place, time and cost as known now. A plan
// goes before a proposal, and what was done before a plan; of the same kind the
// latest that says something. Returns false when no fact is left.
bool SettleMeasure(view::v1::MeasureView& measure);

// The steps that a settled measure gives each of its findings, by time. Closing
// a measure moves no finding. After an evaluation without effect they say
// MEASURE_PROPOSED: the finding waits for another measure. What they say of a
// measure that is given up (see measure_state) does not count. They are made on
// the arena of `views`.
std::vector<const view::v1::FindingStep*> StepsForFindings(
    const view::v1::MeasureView& measure, ViewTable& views);

// Settles a finding's assignee and measures, and its states after each step and
// now. An asset that is assigned is watched, and is not moved by measures; a
// measure given up leaves the finding as it is without it. Returns false when
// no fact is left.
bool SettleFinding(view::v1::FindingView& finding);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_FINDINGS_PROGRESS_H_

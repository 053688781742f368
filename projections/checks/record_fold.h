// How facts about documents, reports and control remarks change entries, and
// what any fact says of the actors that it mentions.
#ifndef SAMVERK_PROJECTIONS_CHECKS_RECORD_FOLD_H_
#define SAMVERK_PROJECTIONS_CHECKS_RECORD_FOLD_H_

#include "projections/fact.h"
#include "projections/kept_facts.h"
#include "projections/view_table.h"

namespace samverk::projections {

// Each takes a fact whose arm is the one that its name says. A check is raised
// once under an id: admission refuses a second one. If there is one
// nevertheless, the one applied last counts.
void FoldCheckRaised(Way way, const Fact& fact, ViewTable& views);
void FoldCheckExplained(Way way, const Fact& fact, ViewTable& views);
void FoldCheckResolved(Way way, const Fact& fact, ViewTable& views);

// Of documents attached (noted missing) more than once, the one that happened
// last counts.
void FoldDocumentAttached(Way way, const Fact& fact, ViewTable& views);
void FoldDocumentMissingNoted(Way way, const Fact& fact, ViewTable& views);

// Any of the four kinds of fact about a report.
void FoldReportStep(Way way, const Fact& fact, ViewTable& views);

// Any fact: keeps whom it mentions, if it mentions anybody.
void FoldMention(Way way, const Fact& fact, ViewTable& views);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_RECORD_FOLD_H_

// How facts about documents, reports and control remarks change entries, and
// what any fact says of the actors that it mentions and of the documents that
// it rests on.
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

// Any fact: keeps which documents its envelope names, as what it was
// transcribed from and as evidence, and those of a survey's questions and of a
// published study. One entry for each document and event,
// "process/reference/document/position"; its `mentioned` is the document.
void FoldReferences(Way way, const Fact& fact, ViewTable& views);

// A cost or a contribution in kind: keeps what shows it, so that the two can be
// held against each other. One entry for each file or document and event,
// "process/cost_evidence/token/position" or "process/in_kind_evidence/…"; its
// `mentioned` is the id of the cost or contribution, and the locator.
void FoldMoneyEvidence(Way way, const Fact& fact, ViewTable& views);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_RECORD_FOLD_H_

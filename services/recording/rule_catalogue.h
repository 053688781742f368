// The two halves of the catalogue; see rule.h.
#ifndef SAMVERK_SERVICES_RECORDING_RULE_CATALOGUE_H_
#define SAMVERK_SERVICES_RECORDING_RULE_CATALOGUE_H_

#include "services/recording/rule.h"

namespace samverk::recording {

// Rules about the event alone, in the order of the enumeration.
absl::Span<const RuleEntry> EventRules();

// Rules about the event and what is recorded, in the order of the enumeration.
absl::Span<const RuleEntry> HistoryRules();

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_RULE_CATALOGUE_H_

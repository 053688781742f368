// What the rules about single costs and contributions find, in one look at all
// of them.
#ifndef SAMVERK_PROJECTIONS_CHECKS_COST_SURVEY_H_
#define SAMVERK_PROJECTIONS_CHECKS_COST_SURVEY_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "projections/budget/money_facts.h"
#include "projections/checks/suspects.h"
#include "projections/question.h"
#include "projections/view_table.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// By grant; "": own money.
using SuspectCosts = absl::btree_map<std::string, Suspects<view::v1::CostView>>;
// By contributor.
using SuspectInKind =
    absl::btree_map<std::string, Suspects<view::v1::InKindView>>;

// Ids of costs that share a piece of evidence with a contribution in kind, by
// id of the contribution.
using SharedEvidence =
    absl::btree_map<std::string, absl::btree_set<std::string>>;
// Reads it from the entries of the checks projection. The same document counts
// as the same evidence unless both name places in it, and other ones.
SharedEvidence FindSharedEvidence(const ViewReader& checks,
                                  std::string_view process);

struct CostSurvey {
  SuspectCosts without_voucher;         // C4; never spoken of one by one
  SuspectInKind doubly_financed;        // C6
  SuspectCosts outside_period;          // C7
  SuspectCosts self_attested;           // C14
  SuspectInKind self_attested_in_kind;  // C14
  // The costs that doubly financed contributions name or share evidence with,
  // by id.
  absl::btree_map<std::string, view::v1::CostView> named_costs;
};

// Looks at the booked costs, but for reversed ones, that are dated in the
// period or on a grant of the period, and at the contributions of the period.
// `spoken_of` says whether there are words on the check of a rule about an
// entity.
using SpokenOf =
    std::function<bool(std::string_view rule, const std::string& entity)>;
CostSurvey SurveyCosts(const ViewReader& budget, const Question& question,
                       const MoneyFacts& money, const SharedEvidence& shared,
                       const SpokenOf& spoken_of);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_COST_SURVEY_H_

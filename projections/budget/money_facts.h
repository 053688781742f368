// What the outcome table and the checks on money are made from.
#ifndef SAMVERK_PROJECTIONS_BUDGET_MONEY_FACTS_H_
#define SAMVERK_PROJECTIONS_BUDGET_MONEY_FACTS_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "projections/budget/booked.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/event/v1/money.pb.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {

// Contributions in kind of one contributor, by the statement that they are said
// to be parts of.
struct InKindKey {
  std::string contributor;
  std::string statement;  // empty: none
  auto operator<=>(const InKindKey&) const = default;
};
struct InKindTotal {
  FigureSum counted;          // after review
  uint64_t without_rate = 0;  // of them without quantity or rate
};

// Everything about money that the question selects.
struct MoneyFacts {
  std::vector<view::v1::GrantView> grants;          // by id, without own money
  std::vector<view::v1::GrantView> other_grants;    // not of the period
  std::vector<view::v1::StatementView> statements;  // by position
  Booked booked;
  absl::btree_map<InKindKey, InKindTotal> in_kind;
};
MoneyFacts CollectMoneyFacts(const ViewSet& views, const Question& question);

// For which time a grant is: its period, else when it was awarded or applied
// for.
view::v1::When TimeOfGrant(const view::v1::GrantView& grant);

// The first instant after the time in which a grant may be used: the last day
// of use, else the end of its period; 0 when neither is known.
int64_t EndOfGrantUs(const view::v1::GrantView& grant);

// Whether the time has come to ask what happens with a grant's remainder: its
// end has passed at the question's instant. When its end is not known: the end
// of the question's period, or, without one, whether anybody has accounted for
// it.
bool IsAccountable(const view::v1::GrantView& grant, bool use_is_known,
                   const Question& question);

// No registry number and no evidence for the award.
bool LacksDecision(const view::v1::GrantView& grant);

// By when a statement was made: when it is said to have been, at the latest
// when it was recorded.
int64_t StatedAtUs(const view::v1::Origin& origin);

// What is claimed about one thing. A later statement takes the place of earlier
// ones about the same time; those without a period are about any time.
struct Claim {
  // The statements that stand, latest first. Several when they are about
  // different times: they are then added up.
  std::vector<const view::v1::StatementView*> standing;
  // The others, latest first.
  std::vector<const view::v1::StatementView*> superseded;

  bool empty() const { return standing.empty(); }
  // Their sum. With one statement: that one, with its words.
  view::v1::Figure Sum() const;
};
// About the use of a grant, or a contributor's own contribution. Pointers into
// `facts`.
Claim ClaimOfUse(const MoneyFacts& facts, std::string_view grant);
Claim ClaimOfInKind(const MoneyFacts& facts, std::string_view contributor);

// Contributors with contributions or statements, in the order of their ids.
std::vector<std::string> Contributors(const MoneyFacts& facts);

// What a contributor has specified, part by part.
InKindTotal SpecifiedBy(const MoneyFacts& facts, std::string_view contributor);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_MONEY_FACTS_H_

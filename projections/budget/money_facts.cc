#include "projections/budget/money_facts.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/container/btree_set.h"
#include "projections/budget/last_happened.h"
#include "projections/fact.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::BudgetEntry;
using view::v1::Figure;
using view::v1::GrantFact;
using view::v1::GrantView;
using view::v1::InKindView;
using view::v1::StatementView;
using view::v1::When;

bool Intersect(const When& a, const When& b) {
  return a.from_us() < b.to_us() && b.from_us() < a.to_us();
}

void CollectGrants(const ViewReader& budget, const Question& question,
                   MoneyFacts& facts) {
  budget.Scan<BudgetEntry>(KeyPrefix(question.process, "grant"), "",
                           [&](std::string_view, const BudgetEntry& entry) {
                             const GrantView& grant = entry.grant();
                             if (grant.grant().empty()) return true;
                             (question.Selects(TimeOfGrant(grant))
                                  ? facts.grants
                                  : facts.other_grants)
                                 .push_back(grant);
                             return true;
                           });
}

const GrantView* FindGrant(const MoneyFacts& facts, std::string_view id) {
  for (const auto* grants : {&facts.grants, &facts.other_grants}) {
    for (const GrantView& grant : *grants) {
      if (grant.grant() == id) return &grant;
    }
  }
  return nullptr;
}

// For which time a statement is: the time that it names. Else when it was made,
// unless that lies outside the time of the grant that it is about: a statement
// in January about last year's grant is about last year.
When TimeOfStatement(const StatementView& statement, const MoneyFacts& facts) {
  if (IsKnown(statement.period())) return statement.period();
  const When& made = statement.origin().occurred();
  const GrantView* grant = FindGrant(facts, statement.grant());
  if (grant == nullptr) return made;
  const When of_grant = TimeOfGrant(*grant);
  if (!IsKnown(of_grant)) return made;
  return IsKnown(made) && Intersect(made, of_grant) ? made : of_grant;
}

void CollectStatements(const ViewReader& budget, const Question& question,
                       MoneyFacts& facts) {
  budget.Scan<BudgetEntry>(
      KeyPrefix(question.process, "statement"), "",
      [&](std::string_view, const BudgetEntry& entry) {
        const StatementView& statement = entry.statement();
        if (question.Selects(TimeOfStatement(statement, facts))) {
          facts.statements.push_back(statement);
        }
        return true;
      });
  std::sort(facts.statements.begin(), facts.statements.end(),
            [](const StatementView& a, const StatementView& b) {
              return a.origin().position() < b.origin().position();
            });
}

event::v1::Precision PrecisionOf(const InKindView& in_kind) {
  if (in_kind.state() == view::v1::IN_KIND_STATE_REJECTED) {
    return event::v1::PRECISION_EXACT;  // exactly nothing
  }
  return in_kind.value().precision();
}

void CollectInKind(const ViewReader& budget, const Question& question,
                   MoneyFacts& facts) {
  budget.Scan<BudgetEntry>(
      KeyPrefix(question.process, "in_kind"), "",
      [&](std::string_view, const BudgetEntry& entry) {
        const InKindView& in_kind = entry.in_kind();
        if (!in_kind.has_origin() || TimingOf(in_kind.origin().occurred(),
                                              question) != Timing::kInPeriod) {
          return true;
        }
        InKindTotal& total =
            facts.in_kind[{in_kind.contributor(), in_kind.part_of_statement()}];
        total.counted.Add(in_kind.counted_ore(), PrecisionOf(in_kind),
                          in_kind.origin().position());
        if (in_kind.quantity_hundredths() == 0 || in_kind.rate_ore() == 0) {
          ++total.without_rate;
        }
        return true;
      });
}

// Latest first.
bool MadeAfter(const StatementView* a, const StatementView* b) {
  const auto key = [](const StatementView* statement) {
    return std::make_pair(StatedAtUs(statement->origin()),
                          statement->origin().position());
  };
  return key(a) > key(b);
}

bool AboutTheSameTime(const StatementView& a, const StatementView& b) {
  return !IsKnown(a.period()) || !IsKnown(b.period()) ||
         Intersect(a.period(), b.period());
}

Claim ClaimOf(const MoneyFacts& facts,
              const std::function<bool(const StatementView&)>& is_about) {
  std::vector<const StatementView*> all;
  for (const StatementView& statement : facts.statements) {
    if (is_about(statement)) all.push_back(&statement);
  }
  std::sort(all.begin(), all.end(), MadeAfter);
  Claim claim;
  for (const StatementView* statement : all) {
    const bool stands =
        std::none_of(claim.standing.begin(), claim.standing.end(),
                     [statement](const StatementView* later) {
                       return AboutTheSameTime(*statement, *later);
                     });
    (stands ? claim.standing : claim.superseded).push_back(statement);
  }
  return claim;
}

}  // namespace

MoneyFacts CollectMoneyFacts(const ViewSet& views, const Question& question) {
  const ViewReader& budget = views.Of(ProjectionId::kBudget);
  MoneyFacts facts;
  CollectGrants(budget, question, facts);
  CollectStatements(budget, question, facts);
  CollectInKind(budget, question, facts);
  facts.booked = CollectBooked(budget, question);
  return facts;
}

When TimeOfGrant(const GrantView& grant) {
  if (IsKnown(grant.period())) return grant.period();
  if (grant.has_awarded()) return grant.awarded().origin().occurred();
  return grant.applied_for().origin().occurred();
}

int64_t EndOfGrantUs(const GrantView& grant) {
  const GrantFact* award = LastHappened(
      grant.facts(), [](const GrantFact& fact) { return fact.has_awarded(); });
  if (award != nullptr) {
    const When last_use = WhenOf(award->awarded().last_use());
    if (IsKnown(last_use)) return last_use.to_us();
  }
  return grant.period().to_us();
}

bool IsAccountable(const GrantView& grant, bool use_is_known,
                   const Question& question) {
  const int64_t end_us = EndOfGrantUs(grant);
  if (end_us != 0) return end_us <= question.evaluate_at_us;
  if (question.period.has_value()) {
    return question.period->to_us <= question.evaluate_at_us;
  }
  return use_is_known;
}

bool LacksDecision(const GrantView& grant) {
  return grant.has_awarded() && grant.registry_number().empty() &&
         grant.awarded().origin().without_evidence();
}

int64_t StatedAtUs(const view::v1::Origin& origin) {
  if (!IsKnown(origin.occurred())) return origin.recorded_at_us();
  return std::min<int64_t>(origin.occurred().to_us(), origin.recorded_at_us());
}

Figure Claim::Sum() const {
  const auto figure = [](const StatementView& statement) {
    return MakeFigure(statement.amount(), view::v1::BASIS_STATED,
                      statement.origin().position());
  };
  if (standing.size() == 1) return figure(*standing.front());
  FigureSum sum;
  for (const StatementView* statement : standing) sum.Add(figure(*statement));
  return sum.Result(view::v1::BASIS_STATED);
}

Claim ClaimOfUse(const MoneyFacts& facts, std::string_view grant) {
  return ClaimOf(facts, [grant](const StatementView& statement) {
    return statement.kind() == event::v1::STATED_KIND_GRANT_USED &&
           statement.grant() == grant;
  });
}

Claim ClaimOfInKind(const MoneyFacts& facts, std::string_view contributor) {
  return ClaimOf(facts, [contributor](const StatementView& statement) {
    return statement.kind() == event::v1::STATED_KIND_IN_KIND &&
           statement.contributor() == contributor;
  });
}

std::vector<std::string> Contributors(const MoneyFacts& facts) {
  absl::btree_set<std::string> contributors;
  for (const auto& [key, total] : facts.in_kind) {
    contributors.insert(key.contributor);
  }
  for (const StatementView& statement : facts.statements) {
    if (statement.kind() == event::v1::STATED_KIND_IN_KIND) {
      contributors.insert(statement.contributor());
    }
  }
  return {contributors.begin(), contributors.end()};
}

InKindTotal SpecifiedBy(const MoneyFacts& facts, std::string_view contributor) {
  InKindTotal specified;
  for (const auto& [key, total] : facts.in_kind) {
    if (key.contributor != contributor) continue;
    specified.counted.Add(total.counted.Result(view::v1::BASIS_SPECIFIED));
    specified.without_rate += total.without_rate;
  }
  return specified;
}

}  // namespace samverk::projections

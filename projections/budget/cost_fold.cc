#include "projections/budget/cost_fold.h"

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "google/protobuf/repeated_field.h"
#include "projections/budget/grant_fold.h"
#include "projections/budget/wide_sum.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {
namespace {

using google::protobuf::RepeatedPtrField;
using view::v1::BookedSum;
using view::v1::BudgetEntry;
using view::v1::CostStep;
using view::v1::CostView;
using view::v1::GrantView;

// What a cost counts for in the sums of its grant.
struct Share {
  std::string grant;
  std::string line;
  int year = 0;
  int64_t ore = 0;
  bool attested = false;
  bool operator==(const Share&) const = default;
};

// Nothing for a cost that is not booked (any more) or is reversed.
std::optional<Share> ShareOf(const CostView& cost) {
  if (!cost.has_origin() || cost.has_reversed()) return std::nullopt;
  return Share{cost.grant(), cost.budget_line(),
               YearOf(cost.origin().occurred()), cost.amount().ore(),
               cost.has_attested()};
}

// The sum of a line and year, made if it is not there, in the order of line
// and year.
int PlaceOf(const Share& share, RepeatedPtrField<BookedSum>& sums) {
  const auto before = [](const BookedSum& sum, const Share& wanted) {
    return std::forward_as_tuple(sum.line(), sum.year()) <
           std::forward_as_tuple(wanted.line, wanted.year);
  };
  const auto found = std::lower_bound(sums.begin(), sums.end(), share, before);
  const int place = static_cast<int>(found - sums.begin());
  if (found != sums.end() && found->line() == share.line &&
      found->year() == share.year) {
    return place;
  }
  BookedSum& added = *sums.Add();
  added.set_line(share.line);
  added.set_year(share.year);
  for (int at = sums.size() - 1; at > place; --at)
    sums.SwapElements(at, at - 1);
  return place;
}

enum class Sign { kPlus, kMinus };

void Book(Sign sign, const Share& share, const Fact& fact, ViewTable& views) {
  EditGrant(fact.event, share.grant, views, [&](GrantView& grant) {
    auto& sums = *grant.mutable_booked();
    const int place = PlaceOf(share, sums);
    BookedSum& sum = sums[place];
    const bool plus = sign == Sign::kPlus;
    const WideSum ore = Join(sum.ore(), sum.ore_high()) +
                        (plus ? WideSum{share.ore} : -WideSum{share.ore});
    const SplitSum split = Split(ore);
    sum.set_ore(split.low);
    sum.set_ore_high(split.high);
    const uint64_t attested = share.attested ? 1 : 0;
    sum.set_count(plus ? sum.count() + 1 : sum.count() - 1);
    sum.set_attested(plus ? sum.attested() + attested
                          : sum.attested() - attested);
    if (sum.count() == 0) sums.erase(sums.begin() + place);
  });
}

template <typename Edit>
void EditCost(const Fact& fact, std::string_view id, ViewTable& views,
              Edit edit) {
  const std::string key = EntryKey(fact.event, "cost", id);
  CostView& cost = *views.Mutable<BudgetEntry>(key).mutable_cost();
  Assign(id, *cost.mutable_cost());
  const std::optional<Share> before = ShareOf(cost);
  edit(cost);
  const std::optional<Share> after = ShareOf(cost);
  if (!cost.has_origin() && !cost.has_reversed() && !cost.has_attested()) {
    views.Erase(key);
  }
  if (before == after) return;
  if (before.has_value()) Book(Sign::kMinus, *before, fact, views);
  if (after.has_value()) Book(Sign::kPlus, *after, fact, views);
}

void SetBooked(const event::v1::CostBooked& booked, CostView& cost) {
  std::string voucher = booked.voucher_series();
  if (!voucher.empty() && !booked.voucher_number().empty()) voucher += " ";
  voucher += booked.voucher_number();
  cost.set_voucher(std::move(voucher));
  cost.set_account(booked.account());
  cost.set_grant(booked.grant());
  cost.set_budget_line(booked.budget_line());
  *cost.mutable_amount() = booked.amount();
  cost.set_text(booked.text());
}

void ClearBooked(CostView& cost) {
  cost.clear_voucher();
  cost.clear_account();
  cost.clear_grant();
  cost.clear_budget_line();
  cost.clear_amount();
  cost.clear_text();
  cost.clear_origin();
}

// All steps of one kind: the first from the cost itself, the others from the
// list beside it. They are taken out of the cost.
RepeatedPtrField<CostStep> TakeSteps(bool reversal, CostView& cost) {
  RepeatedPtrField<CostStep> steps;
  if (reversal && cost.has_reversed()) {
    CostStep& first = *steps.Add();
    first.set_reversal(true);
    first.mutable_origin()->Swap(cost.mutable_reversed());
    cost.clear_reversed();
  }
  if (!reversal && cost.has_attested()) {
    CostStep& first = *steps.Add();
    first.mutable_origin()->Swap(cost.mutable_attested());
    first.set_by(cost.attester());
    first.set_by_subject(cost.attester_subject());
    cost.clear_attested();
    cost.clear_attester();
    cost.clear_attester_subject();
  }
  RepeatedPtrField<CostStep> others;
  for (CostStep& step : *cost.mutable_further_steps()) {
    (step.reversal() == reversal ? steps : others).Add(std::move(step));
  }
  cost.mutable_further_steps()->Swap(&others);
  return steps;
}

// The first step of a kind stands in the cost itself.
void PutFirst(CostStep& step, CostView& cost) {
  if (step.reversal()) {
    *cost.mutable_reversed() = std::move(*step.mutable_origin());
    return;
  }
  *cost.mutable_attested() = std::move(*step.mutable_origin());
  cost.set_attester(step.by());
  cost.set_attester_subject(step.by_subject());
}

// Undoes TakeSteps. `steps` are of one kind, by position.
void PutSteps(RepeatedPtrField<CostStep> steps, CostView& cost) {
  for (int i = 0; i < steps.size(); ++i) {
    if (i == 0) {
      PutFirst(steps[i], cost);
    } else {
      ChangeList(Way::kApply, Order::kByPosition, std::move(steps[i]),
                 *cost.mutable_further_steps());
    }
  }
}

void RecordStep(Way way, const Fact& fact, std::string_view id, CostStep& step,
                ViewTable& views) {
  SetOrigin(fact, *step.mutable_origin());
  EditCost(fact, id, views, [&](CostView& cost) {
    const bool another =
        step.reversal() ? cost.has_reversed() : cost.has_attested();
    if (way == Way::kApply && !another) return PutFirst(step, cost);
    RepeatedPtrField<CostStep> steps = TakeSteps(step.reversal(), cost);
    ChangeList(way, Order::kByPosition, std::move(step), steps);
    PutSteps(std::move(steps), cost);
  });
}

}  // namespace

void FoldCostBooked(Way way, const Fact& fact, ViewTable& views) {
  const auto& booked = fact.event.cost_booked();
  EditCost(fact, booked.cost(), views, [&](CostView& cost) {
    if (way == Way::kApply) {
      SetBooked(booked, cost);
      SetOrigin(fact, *cost.mutable_origin());
    } else if (cost.origin().position() == fact.position.value()) {
      ClearBooked(cost);
    }
  });
}

void FoldCostReversed(Way way, const Fact& fact, ViewTable& views) {
  CostStep& step = views.New<CostStep>();
  step.set_reversal(true);
  RecordStep(way, fact, fact.event.cost_reversed().cost(), step, views);
}

void FoldCostAttested(Way way, const Fact& fact, ViewTable& views) {
  const auto& attested = fact.event.cost_attested();
  CostStep& step = views.New<CostStep>();
  step.set_by(attested.attester().organisation() + "/" +
              attested.attester().role());
  step.set_by_subject(attested.attester().subject());
  RecordStep(way, fact, attested.cost(), step, views);
}

}  // namespace samverk::projections

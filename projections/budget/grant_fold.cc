#include "projections/budget/grant_fold.h"

#include <string>
#include <utility>

#include "absl/container/btree_set.h"
#include "google/protobuf/repeated_field.h"
#include "projections/budget/last_happened.h"
#include "projections/budget/wide_sum.h"

namespace samverk::projections {
namespace {

using event::v1::Event;
using google::protobuf::RepeatedPtrField;
using view::v1::BudgetEntry;
using view::v1::BudgetLineFact;
using view::v1::BudgetLineView;
using view::v1::DatedAmount;
using view::v1::GrantFact;
using view::v1::GrantReportStep;
using view::v1::GrantReportView;
using view::v1::GrantStep;
using view::v1::GrantView;

bool SaysNothing(const GrantView& grant) {
  return grant.facts().empty() && grant.disbursed().empty() &&
         grant.booked().empty() && grant.dispositions().empty() &&
         grant.reclaimed().empty() && grant.steps().empty();
}

DatedAmount Dated(const event::v1::Money& amount,
                  const view::v1::Origin& origin) {
  DatedAmount dated;
  *dated.mutable_amount() = amount;
  *dated.mutable_origin() = origin;
  return dated;
}

DatedAmount DatedBy(const Fact& fact, const event::v1::Money& amount) {
  DatedAmount dated;
  *dated.mutable_amount() = amount;
  SetOrigin(fact, *dated.mutable_origin());
  return dated;
}

void TakeOverApplication(const GrantFact& fact, GrantView& grant) {
  const auto& applied = fact.applied_for();
  grant.set_funder(applied.funder());
  grant.set_purpose(applied.purpose());
  *grant.mutable_applied_for() = Dated(applied.amount(), fact.origin());
}

void TakeOverAward(const GrantFact& fact, GrantView& grant) {
  const auto& awarded = fact.awarded();
  grant.set_funder(awarded.funder());
  grant.set_recipient(awarded.recipient());
  if (!awarded.purpose().empty()) grant.set_purpose(awarded.purpose());
  grant.set_conditions(awarded.conditions());
  grant.set_registry_number(awarded.registry_number());
  if (awarded.has_period()) *grant.mutable_period() = WhenOf(awarded.period());
  *grant.mutable_awarded() = Dated(awarded.amount(), fact.origin());
}

void TakeOverSettlement(const GrantFact& fact, GrantView& grant) {
  const auto& settled = fact.settled();
  *grant.mutable_settled_used() = Dated(settled.used(), fact.origin());
  grant.mutable_settled_used()->set_reference(settled.decision());
  *grant.mutable_settled_remainder() =
      Dated(settled.remainder(), fact.origin());
  grant.mutable_settled_remainder()->set_reference(settled.decision());
}

// What a grant says of itself: the latest fact of each kind, and an award
// before an application.
void RefoldFacts(GrantView& grant) {
  grant.clear_funder();
  grant.clear_recipient();
  grant.clear_purpose();
  grant.clear_conditions();
  grant.clear_registry_number();
  grant.clear_period();
  grant.clear_applied_for();
  grant.clear_awarded();
  grant.clear_settled_used();
  grant.clear_settled_remainder();
  const auto last = [&grant](GrantFact::FactCase kind) {
    return LastHappened(grant.facts(), [kind](const GrantFact& fact) {
      return fact.fact_case() == kind;
    });
  };
  const GrantFact* applied = last(GrantFact::kAppliedFor);
  const GrantFact* awarded = last(GrantFact::kAwarded);
  const GrantFact* settled = last(GrantFact::kSettled);
  if (applied != nullptr) TakeOverApplication(*applied, grant);
  if (awarded != nullptr) TakeOverAward(*awarded, grant);
  if (settled != nullptr) TakeOverSettlement(*settled, grant);
}

void RecordGrantFact(Way way, const Fact& fact, std::string_view grant,
                     GrantFact kept, ViewTable& views) {
  SetOrigin(fact, *kept.mutable_origin());
  EditGrant(fact.event, grant, views, [&](GrantView& view) {
    ChangeList(way, Order::kByPosition, std::move(kept), *view.mutable_facts());
    RefoldFacts(view);
  });
}

// What a line says of itself: as set last, and the sum of what was moved.
void RefoldLine(BudgetLineView& line) {
  line.clear_name();
  line.clear_grant();
  line.clear_planned();
  line.clear_origin();
  const BudgetLineFact* set = LastHappened(
      line.facts(), [](const BudgetLineFact& fact) { return fact.has_set(); });
  if (set != nullptr) {
    line.set_name(set->set().name());
    line.set_grant(set->set().grant());
    *line.mutable_planned() = set->set().amount();
    *line.mutable_origin() = set->origin();
  }
  WideSum moved = 0;
  for (const BudgetLineFact& fact : line.facts()) {
    if (!fact.has_reallocated()) continue;
    const auto& move = fact.reallocated();
    if (move.to_line() == line.line()) moved += move.amount().ore();
    if (move.from_line() == line.line()) moved -= move.amount().ore();
  }
  line.set_reallocated_ore(ClampToInt64(moved));
}

void RecordLineFact(Way way, const Fact& fact, std::string_view id,
                    BudgetLineFact kept, ViewTable& views) {
  SetOrigin(fact, *kept.mutable_origin());
  const std::string key = EntryKey(fact.event, "line", id);
  BudgetLineView& line = *views.Mutable<BudgetEntry>(key).mutable_line();
  Assign(id, *line.mutable_line());
  ChangeList(way, Order::kByPosition, std::move(kept), *line.mutable_facts());
  RefoldLine(line);
  if (line.facts().empty()) views.Erase(key);
}

using Steps = RepeatedPtrField<GrantReportStep>;

// The grants that a report is about: those that it names where it is handed in.
absl::btree_set<std::string> GrantsOf(const Steps& steps) {
  absl::btree_set<std::string> grants;
  for (const GrantReportStep& step : steps) {
    if (!step.grant().empty()) grants.insert(step.grant());
  }
  return grants;
}

GrantStep GrantStepOf(const GrantReportStep& step) {
  GrantStep given;
  given.set_state(step.state());
  *given.mutable_origin() = step.origin();
  return given;
}

// Gives the grants of a report the steps that it has now, in place of those
// that it had. A report may be sent back before it is known which grant it is
// about, so its steps are kept with the report and dealt out anew each time.
void DealOutSteps(const Event& event, const Steps& before, const Steps& after,
                  ViewTable& views) {
  const absl::btree_set<std::string> takers = GrantsOf(after);
  absl::btree_set<std::string> all = GrantsOf(before);
  all.insert(takers.begin(), takers.end());
  for (const std::string& id : all) {
    EditGrant(event, id, views, [&](GrantView& grant) {
      for (const GrantReportStep& step : before) {
        ChangeList(Way::kRetract, Order::kByPosition, GrantStepOf(step),
                   *grant.mutable_steps());
      }
      if (!takers.contains(id)) return;
      for (const GrantReportStep& step : after) {
        ChangeList(Way::kApply, Order::kByPosition, GrantStepOf(step),
                   *grant.mutable_steps());
      }
    });
  }
}

void RecordReportStep(Way way, const Fact& fact, std::string_view id,
                      view::v1::GrantState state, std::string_view grant,
                      ViewTable& views) {
  GrantReportStep step;
  step.set_state(state);
  step.set_grant(std::string(grant));
  SetOrigin(fact, *step.mutable_origin());
  const std::string key = EntryKey(fact.event, "report", id);
  GrantReportView& report = *views.Mutable<BudgetEntry>(key).mutable_report();
  Assign(id, *report.mutable_report());
  const Steps before = report.steps();
  ChangeList(way, Order::kByPosition, std::move(step), *report.mutable_steps());
  const Steps after = report.steps();
  if (after.empty()) views.Erase(key);
  DealOutSteps(fact.event, before, after, views);
}

}  // namespace

void EditGrant(const Event& event, std::string_view grant, ViewTable& views,
               absl::FunctionRef<void(GrantView&)> edit) {
  const std::string key = EntryKey(event, "grant", grant);
  GrantView& view = *views.Mutable<BudgetEntry>(key).mutable_grant();
  Assign(grant, *view.mutable_grant());
  edit(view);
  if (SaysNothing(view)) views.Erase(key);
}

void FoldGrantAppliedFor(Way way, const Fact& fact, ViewTable& views) {
  const auto& applied = fact.event.grant_applied_for();
  GrantFact kept;
  *kept.mutable_applied_for() = applied;
  RecordGrantFact(way, fact, applied.grant(), std::move(kept), views);
}

void FoldGrantAwarded(Way way, const Fact& fact, ViewTable& views) {
  const auto& awarded = fact.event.grant_awarded();
  GrantFact kept;
  *kept.mutable_awarded() = awarded;
  RecordGrantFact(way, fact, awarded.grant(), std::move(kept), views);
}

void FoldGrantSettled(Way way, const Fact& fact, ViewTable& views) {
  const auto& settled = fact.event.grant_settled();
  GrantFact kept;
  *kept.mutable_settled() = settled;
  RecordGrantFact(way, fact, settled.grant(), std::move(kept), views);
}

void FoldGrantDisbursed(Way way, const Fact& fact, ViewTable& views) {
  const auto& disbursed = fact.event.grant_disbursed();
  DatedAmount dated = DatedBy(fact, disbursed.amount());
  dated.set_reference(disbursed.payment_reference().empty()
                          ? disbursed.payment()
                          : disbursed.payment_reference());
  EditGrant(fact.event, disbursed.grant(), views, [&](GrantView& grant) {
    ChangeList(way, Order::kByPosition, std::move(dated),
               *grant.mutable_disbursed());
  });
}

void FoldGrantRepaid(Way way, const Fact& fact, ViewTable& views) {
  const auto& repaid = fact.event.grant_repaid();
  DatedAmount dated = DatedBy(fact, repaid.amount());
  dated.set_disposition(view::v1::DISPOSITION_REPAID);
  dated.set_reference(repaid.payment_reference().empty()
                          ? repaid.payment()
                          : repaid.payment_reference());
  EditGrant(fact.event, repaid.grant(), views, [&](GrantView& grant) {
    ChangeList(way, Order::kByPosition, std::move(dated),
               *grant.mutable_dispositions());
  });
}

void FoldCarryOverApproved(Way way, const Fact& fact, ViewTable& views) {
  const auto& carried = fact.event.carry_over_approved();
  DatedAmount dated = DatedBy(fact, carried.amount());
  if (carried.against_grant().empty()) {
    dated.set_disposition(view::v1::DISPOSITION_CARRIED_OVER);
    dated.set_reference(carried.decision());
  } else {
    dated.set_disposition(view::v1::DISPOSITION_OFFSET);
    dated.set_reference(carried.against_grant());
  }
  if (carried.has_until()) *dated.mutable_until() = WhenOf(carried.until());
  EditGrant(fact.event, carried.grant(), views, [&](GrantView& grant) {
    ChangeList(way, Order::kByPosition, std::move(dated),
               *grant.mutable_dispositions());
  });
}

void FoldGrantReclaimed(Way way, const Fact& fact, ViewTable& views) {
  const auto& reclaimed = fact.event.grant_reclaimed();
  DatedAmount dated = DatedBy(fact, reclaimed.amount());
  dated.set_disposition(view::v1::DISPOSITION_RECLAIMED);
  dated.set_reference(reclaimed.decision().empty() ? reclaimed.reason()
                                                   : reclaimed.decision());
  EditGrant(fact.event, reclaimed.grant(), views, [&](GrantView& grant) {
    ChangeList(way, Order::kByPosition, std::move(dated),
               *grant.mutable_reclaimed());
  });
}

void FoldBudgetLineSet(Way way, const Fact& fact, ViewTable& views) {
  const auto& set = fact.event.budget_line_set();
  BudgetLineFact kept;
  *kept.mutable_set() = set;
  RecordLineFact(way, fact, set.line(), std::move(kept), views);
}

void FoldBudgetReallocated(Way way, const Fact& fact, ViewTable& views) {
  const auto& moved = fact.event.budget_reallocated();
  BudgetLineFact kept;
  *kept.mutable_reallocated() = moved;
  RecordLineFact(way, fact, moved.from_line(), kept, views);
  RecordLineFact(way, fact, moved.to_line(), std::move(kept), views);
}

void FoldReportSubmitted(Way way, const Fact& fact, ViewTable& views) {
  const auto& submitted = fact.event.report_submitted();
  RecordReportStep(way, fact, submitted.report(),
                   view::v1::GRANT_STATE_REPORTED, submitted.grant(), views);
}

void FoldReportReturned(Way way, const Fact& fact, ViewTable& views) {
  RecordReportStep(way, fact, fact.event.report_returned().report(),
                   view::v1::GRANT_STATE_RETURNED, "", views);
}

void FoldReportApproved(Way way, const Fact& fact, ViewTable& views) {
  RecordReportStep(way, fact, fact.event.report_approved().report(),
                   view::v1::GRANT_STATE_APPROVED, "", views);
}

}  // namespace samverk::projections

#include "projections/budget/in_kind_fold.h"

#include <string>
#include <utility>

#include "projections/budget/last_happened.h"
#include "samverk/view/v1/budget.pb.h"

namespace samverk::projections {
namespace {

using view::v1::BudgetEntry;
using view::v1::InKindState;
using view::v1::InKindStep;
using view::v1::InKindView;
using view::v1::StatementView;
using view::v1::VolunteerTimeView;

InKindState StateOf(event::v1::InKindVerdict verdict) {
  if (verdict == event::v1::IN_KIND_VERDICT_REJECTED) {
    return view::v1::IN_KIND_STATE_REJECTED;
  }
  if (verdict == event::v1::IN_KIND_VERDICT_PARTLY_REJECTED) {
    return view::v1::IN_KIND_STATE_PARTLY_REJECTED;
  }
  return view::v1::IN_KIND_STATE_ACCEPTED;
}

bool IsReview(const InKindStep& step) {
  return step.state() != view::v1::IN_KIND_STATE_ATTESTED;
}

int64_t CountedOre(const InKindView& in_kind) {
  const InKindStep* review = LastHappened(in_kind.steps(), IsReview);
  if (review != nullptr) {
    if (review->state() == view::v1::IN_KIND_STATE_REJECTED) return 0;
    if (review->state() == view::v1::IN_KIND_STATE_PARTLY_REJECTED) {
      return review->accepted().ore();
    }
  }
  return in_kind.value().ore();
}

// State and what counts follow from what was recorded and its steps, in the
// order in which they happened.
void Refold(InKindView& in_kind) {
  in_kind.clear_state();
  in_kind.clear_counted_ore();
  if (!in_kind.has_origin()) return;
  const InKindStep* last =
      LastHappened(in_kind.steps(), [](const InKindStep&) { return true; });
  if (last != nullptr) {
    in_kind.set_state(last->state());
  } else if (in_kind.quantity_hundredths() != 0 && in_kind.rate_ore() != 0) {
    in_kind.set_state(view::v1::IN_KIND_STATE_SPECIFIED);
  } else {
    in_kind.set_state(view::v1::IN_KIND_STATE_STATED);
  }
  in_kind.set_counted_ore(CountedOre(in_kind));
}

template <typename Edit>
void EditInKind(const Fact& fact, std::string_view id, ViewTable& views,
                Edit edit) {
  const std::string key = EntryKey(fact.event, "in_kind", id);
  InKindView& in_kind = *views.Mutable<BudgetEntry>(key).mutable_in_kind();
  Assign(id, *in_kind.mutable_in_kind());
  edit(in_kind);
  Refold(in_kind);
  if (!in_kind.has_origin() && in_kind.steps().empty()) views.Erase(key);
}

void SetRecorded(const event::v1::InKindRecorded& recorded,
                 InKindView& in_kind) {
  in_kind.set_kind(recorded.kind());
  in_kind.set_contributor(recorded.contributor());
  *in_kind.mutable_value() = recorded.value();
  in_kind.set_quantity_hundredths(recorded.quantity_hundredths());
  in_kind.set_unit(recorded.unit());
  in_kind.set_rate_ore(recorded.rate_ore());
  in_kind.set_rate_basis(recorded.rate_basis());
  in_kind.set_part_of_statement(recorded.part_of_statement());
  *in_kind.mutable_same_as_costs() = recorded.same_as_costs();
}

void RecordStep(Way way, const Fact& fact, std::string_view id,
                const event::v1::Recorder& by, InKindStep& step,
                ViewTable& views) {
  step.set_by(by.organisation() + "/" + by.role());
  step.set_by_subject(by.subject());
  SetOrigin(fact, *step.mutable_origin());
  EditInKind(fact, id, views, [&](InKindView& in_kind) {
    ChangeList(way, Order::kByPosition, std::move(step),
               *in_kind.mutable_steps());
  });
}

}  // namespace

void FoldInKindRecorded(Way way, const Fact& fact, ViewTable& views) {
  const auto& recorded = fact.event.in_kind_recorded();
  EditInKind(fact, recorded.in_kind(), views, [&](InKindView& in_kind) {
    if (way == Way::kApply) {
      SetRecorded(recorded, in_kind);
      SetOrigin(fact, *in_kind.mutable_origin());
    } else if (in_kind.origin().position() == fact.position.value()) {
      InKindView left;
      left.set_in_kind(recorded.in_kind());
      left.mutable_steps()->Swap(in_kind.mutable_steps());
      in_kind = std::move(left);
    }
  });
}

void FoldInKindAttested(Way way, const Fact& fact, ViewTable& views) {
  const auto& attested = fact.event.in_kind_attested();
  InKindStep& step = views.New<InKindStep>();
  step.set_state(view::v1::IN_KIND_STATE_ATTESTED);
  RecordStep(way, fact, attested.in_kind(), attested.attester(), step, views);
}

void FoldInKindReviewed(Way way, const Fact& fact, ViewTable& views) {
  const auto& reviewed = fact.event.in_kind_reviewed();
  InKindStep& step = views.New<InKindStep>();
  step.set_state(StateOf(reviewed.verdict()));
  if (reviewed.has_accepted_value()) {
    *step.mutable_accepted() = reviewed.accepted_value();
  }
  RecordStep(way, fact, reviewed.in_kind(), reviewed.reviewer(), step, views);
}

void FoldVolunteerTimeReported(Way way, const Fact& fact, ViewTable& views) {
  const auto& reported = fact.event.volunteer_time_reported();
  const std::string key =
      EntryKey(fact.event, "volunteer_time", reported.report());
  VolunteerTimeView& time =
      *views.Mutable<BudgetEntry>(key).mutable_volunteer_time();
  if (way == Way::kRetract) {
    if (time.origin().position() == fact.position.value()) views.Erase(key);
    return;
  }
  time.set_report(reported.report());
  time.set_association(reported.association());
  time.set_hours_hundredths(reported.hours_hundredths());
  *time.mutable_headcount() = reported.headcount();
  SetOrigin(fact, *time.mutable_origin());
}

void FoldAmountStated(Way way, const Fact& fact, ViewTable& views) {
  const auto& stated = fact.event.amount_stated();
  const std::string key = EntryKey(fact.event, "statement", stated.statement());
  StatementView& statement =
      *views.Mutable<BudgetEntry>(key).mutable_statement();
  if (way == Way::kRetract) {
    if (statement.origin().position() == fact.position.value()) {
      views.Erase(key);
    }
    return;
  }
  statement.set_statement(stated.statement());
  statement.set_kind(stated.kind());
  *statement.mutable_amount() = stated.amount();
  statement.set_grant(stated.grant());
  statement.set_contributor(stated.contributor());
  *statement.mutable_in_kind_parts() = stated.in_kind_parts();
  *statement.mutable_total_of() = stated.total_of();
  SetOrigin(fact, *statement.mutable_origin());
  statement.clear_period();
  if (stated.has_period())
    *statement.mutable_period() = WhenOf(stated.period());
}

}  // namespace samverk::projections

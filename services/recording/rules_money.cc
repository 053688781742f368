// Rules of costs and contributions in kind: who attests, what is left.
#include "absl/strings/str_cat.h"
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using event::v1::Recorder;

// Two persons: `checker` (attester or reviewer) did not record what they
// check. Imported history is only noticed (notices.h).
void RequireTwoPersons(Judge& judge, const Event& checking,
                       const Recorder& checker, const Recorder& recorder,
                       std::string_view field, const std::string& id) {
  if (IsImported(checking) || !MayBeSamePerson(checker, recorder)) return;
  judge.Refuse(Rule::kRecorderIsAttester, field,
               {{"id", id}, {"recorder", RecorderText(recorder)}});
}

void JudgeCostReversed(Judge& judge) {
  const std::string& id = judge.event().cost_reversed().cost();
  const Step* reversed =
      judge.state().Of(EntityKind::kCost, id).Last(Event::kCostReversed);
  if (reversed == nullptr) return;
  judge.Refuse(Rule::kCostAlreadyReversed, "cost",
               {{"id", id}, EventValue(*reversed)});
}

void JudgeCostAttested(Judge& judge) {
  const auto& fact = judge.event().cost_attested();
  const EntityHistory& cost = judge.state().Of(EntityKind::kCost, fact.cost());
  if (const Step* reversed =
          cost.LastBefore(judge.when(), {Event::kCostReversed})) {
    judge.Refuse(Rule::kCostAlreadyReversed, "cost",
                 {{"id", fact.cost()}, EventValue(*reversed)});
  }
  if (const Step* booked = cost.Last(Event::kCostBooked)) {
    RequireTwoPersons(judge, judge.event(), fact.attester(),
                      booked->event->recorded_by(), "attester", fact.cost());
  }
}

// A correction may come after the attest: its recorder must not be the
// attester either.
void JudgeCostBooked(Judge& judge) {
  const std::string& id = judge.event().cost_booked().cost();
  for (const Step& step : judge.state().Of(EntityKind::kCost, id).steps()) {
    if (!step.event->has_cost_attested()) continue;
    RequireTwoPersons(judge, *step.event,
                      step.event->cost_attested().attester(),
                      judge.event().recorded_by(), "", id);
  }
}

const Recorder* CheckerOf(const Event& event) {
  if (event.has_in_kind_attested()) return &event.in_kind_attested().attester();
  if (event.has_in_kind_reviewed()) return &event.in_kind_reviewed().reviewer();
  return nullptr;
}

void JudgeInKindRecorded(Judge& judge) {
  const std::string& id = judge.event().in_kind_recorded().in_kind();
  for (const Step& step : judge.state().Of(EntityKind::kInKind, id).steps()) {
    if (const Recorder* checker = CheckerOf(*step.event)) {
      RequireTwoPersons(judge, *step.event, *checker,
                        judge.event().recorded_by(), "", id);
    }
  }
}

void JudgeInKindAttested(Judge& judge) {
  const auto& fact = judge.event().in_kind_attested();
  const Step* recorded = judge.state()
                             .Of(EntityKind::kInKind, fact.in_kind())
                             .Last(Event::kInKindRecorded);
  if (recorded == nullptr) return;
  RequireTwoPersons(judge, judge.event(), fact.attester(),
                    recorded->event->recorded_by(), "attester", fact.in_kind());
}

void JudgeInKindReviewed(Judge& judge) {
  const auto& fact = judge.event().in_kind_reviewed();
  const EntityHistory& in_kind =
      judge.state().Of(EntityKind::kInKind, fact.in_kind());
  const Step* recorded = in_kind.Last(Event::kInKindRecorded);
  if (recorded == nullptr) return;
  RequireTwoPersons(judge, judge.event(), fact.reviewer(),
                    recorded->event->recorded_by(), "reviewer", fact.in_kind());
  if (fact.verdict() != event::v1::IN_KIND_VERDICT_REJECTED &&
      in_kind.Last(Event::kInKindAttested) == nullptr) {
    judge.Refuse(Rule::kInKindNotAttested, "in_kind", {{"id", fact.in_kind()}});
  }
  const int64_t value = recorded->event->in_kind_recorded().value().ore();
  if (fact.has_accepted_value() && fact.accepted_value().ore() >= value) {
    judge.Refuse(Rule::kAcceptedValueNotLess, "accepted_value",
                 {{"amount_ore", absl::StrCat(fact.accepted_value().ore())},
                  {"value_ore", absl::StrCat(value)}});
  }
}

}  // namespace

void JudgeMoney(Judge& judge) {
  const Event& event = judge.event();
  if (event.has_cost_booked()) JudgeCostBooked(judge);
  if (event.has_cost_reversed()) JudgeCostReversed(judge);
  if (event.has_cost_attested()) JudgeCostAttested(judge);
  if (event.has_in_kind_recorded()) JudgeInKindRecorded(judge);
  if (event.has_in_kind_attested()) JudgeInKindAttested(judge);
  if (event.has_in_kind_reviewed()) JudgeInKindReviewed(judge);
}

}  // namespace samverk::recording

// Rules of costs and contributions in kind: who attests, what is left.
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using event::v1::Recorder;

std::vector<RuleValue> SamePerson(const std::string& id,
                                  const Recorder& recorder) {
  return {{"id", id}, {"recorder", RecorderText(recorder)}};
}

// Two persons: neither `checker` (attester or reviewer) nor whoever records the
// check has had a part in recording what they check. Imported history is only
// noticed (notices.h), but for what a person calls so.
void RequireTwoPersons(Judge& judge, const Step& recorded,
                       const Recorder& checker, std::string_view field,
                       const std::string& id) {
  if (IsImported(judge.event()) && !judge.context().by_person) return;
  if (const Recorder* recorder = RecorderLike(recorded, checker)) {
    return judge.Refuse(Rule::kRecorderIsAttester, field,
                        SamePerson(id, *recorder));
  }
  const Recorder* recorder =
      RecorderLike(recorded, judge.event().recorded_by());
  if (recorder == nullptr && judge.correction() != nullptr) {
    recorder = RecorderLike(recorded, judge.correction()->recorded_by());
  }
  if (recorder == nullptr) return;
  judge.RefuseEnvelope(Rule::kRecorderIsAttester, "recorded_by",
                       SamePerson(id, *recorder));
}

// What was checked is recorded, or corrected, afterwards: by nobody who had a
// part in the check.
void RequireAnotherThanChecker(Judge& judge, const Step& checking,
                               const Recorder& checker, const std::string& id) {
  if (IsImported(*checking.event) && !judge.context().by_person) return;
  std::vector<const Recorder*> recorders = {&judge.event().recorded_by()};
  if (judge.correction() != nullptr) {
    recorders.push_back(&judge.correction()->recorded_by());
  }
  for (const Recorder* recorder : recorders) {
    if (!MayBeSamePerson(checker, *recorder) &&
        RecorderLike(checking, *recorder) == nullptr) {
      continue;
    }
    return judge.Refuse(Rule::kRecorderIsAttester, "",
                        SamePerson(id, *recorder));
  }
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
    RequireTwoPersons(judge, *booked, fact.attester(), "attester", fact.cost());
  }
}

// A correction may come after the attest: its recorder must not be the
// attester either.
void JudgeCostBooked(Judge& judge) {
  const std::string& id = judge.event().cost_booked().cost();
  for (const Step& step : judge.state().Of(EntityKind::kCost, id).steps()) {
    if (!step.event->has_cost_attested()) continue;
    RequireAnotherThanChecker(judge, step,
                              step.event->cost_attested().attester(), id);
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
      RequireAnotherThanChecker(judge, step, *checker, id);
    }
  }
}

void JudgeInKindAttested(Judge& judge) {
  const auto& fact = judge.event().in_kind_attested();
  const Step* recorded = judge.state()
                             .Of(EntityKind::kInKind, fact.in_kind())
                             .Last(Event::kInKindRecorded);
  if (recorded == nullptr) return;
  RequireTwoPersons(judge, *recorded, fact.attester(), "attester",
                    fact.in_kind());
}

void JudgeInKindReviewed(Judge& judge) {
  const auto& fact = judge.event().in_kind_reviewed();
  const EntityHistory& in_kind =
      judge.state().Of(EntityKind::kInKind, fact.in_kind());
  const Step* recorded = in_kind.Last(Event::kInKindRecorded);
  if (recorded == nullptr) return;
  RequireTwoPersons(judge, *recorded, fact.reviewer(), "reviewer",
                    fact.in_kind());
  if (fact.verdict() != event::v1::IN_KIND_VERDICT_REJECTED &&
      !in_kind.MayFollow(judge.when(), Event::kInKindAttested)) {
    judge.Refuse(Rule::kInKindNotAttested, "in_kind", {{"id", fact.in_kind()}});
  }
  const int64_t value = recorded->event->in_kind_recorded().value().ore();
  if (fact.has_accepted_value() && fact.accepted_value().ore() >= value) {
    judge.Refuse(Rule::kAcceptedValueNotLess, "accepted_value",
                 {{"amount_ore", absl::StrCat(fact.accepted_value().ore())},
                  {"value_ore", absl::StrCat(value)}});
  }
}

void JudgeGrantSettled(Judge& judge) {
  const std::string& id = judge.event().grant_settled().grant();
  const Step* settled =
      judge.state().Of(EntityKind::kGrant, id).Last(Event::kGrantSettled);
  if (settled == nullptr) return;
  judge.Refuse(Rule::kGrantAlreadySettled, "grant",
               {{"id", id}, EventValue(*settled)});
}

}  // namespace

void JudgeMoney(Judge& judge) {
  const Event& event = judge.event();
  if (event.has_grant_settled()) JudgeGrantSettled(judge);
  if (event.has_cost_booked()) JudgeCostBooked(judge);
  if (event.has_cost_reversed()) JudgeCostReversed(judge);
  if (event.has_cost_attested()) JudgeCostAttested(judge);
  if (event.has_in_kind_recorded()) JudgeInKindRecorded(judge);
  if (event.has_in_kind_attested()) JudgeInKindAttested(judge);
  if (event.has_in_kind_reviewed()) JudgeInKindReviewed(judge);
}

}  // namespace samverk::recording

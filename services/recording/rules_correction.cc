// Rules of corrections, reversals and voids.
#include <algorithm>

#include "absl/strings/strip.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "google/protobuf/util/message_differencer.h"
#include "proto/codec/event_codec.h"
#include "services/recording/judge.h"
#include "services/recording/references.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using google::protobuf::util::MessageDifferencer;

// "cost_booked".
std::string FactName(const Event& event) {
  return std::string(ToStd(absl::StripPrefix(
      ToAbsl(codec::TypeName(event.fact_case())), ToAbsl(codec::kTypePrefix))));
}

// What the target stands for; null, and a violation, when it cannot be amended.
const KnownEvent* TargetIn(Judge& judge) {
  const std::string& name = TargetOf(judge.event());
  const auto id = ParseUuid(name);
  if (!id.ok()) return nullptr;  // refused as malformed
  const KnownEvent* known = judge.state().Find(*id);
  if (known == nullptr) {
    const auto located = judge.context().located.find(*id);
    const bool other_process =
        located != judge.context().located.end() &&
        located->second.process != judge.state().process();
    judge.Refuse(
        other_process ? Rule::kTargetOtherProcess : Rule::kTargetUnknown,
        "target", {{"target", name}});
    return nullptr;
  }
  switch (known->standing) {
    case KnownEvent::Standing::kStands:
      return known;
    case KnownEvent::Standing::kReplaced:
      judge.Refuse(
          Rule::kTargetReplaced, "target",
          {{"target", name}, {"latest", FormatUuid(known->successor)}});
      return nullptr;
    case KnownEvent::Standing::kTakenOut:
      judge.Refuse(Rule::kTargetTakenOut, "target",
                   {{"target", name}, {"by", FormatUuid(known->successor)}});
      return nullptr;
    case KnownEvent::Standing::kNoFact:
      judge.Refuse(Rule::kTargetNotAFact, "target", {{"target", name}});
      return nullptr;
  }
  return nullptr;
}

// A booked cost follows bookkeeping: what stands in the ledger is changed by
// another voucher.
void JudgeCostCorrection(Judge& judge, const event::v1::CostBooked& old,
                         const event::v1::CostBooked& corrected) {
  const auto refuse_if = [&](bool changed, const char* field) {
    if (!changed) return;
    judge.Refuse(Rule::kCostNeedsReversal,
                 std::string("replacement.cost_booked.") + field,
                 {{"id", old.cost()}});
  };
  refuse_if(!MessageDifferencer::Equals(old.amount(), corrected.amount()),
            "amount");
  refuse_if(old.voucher_series() != corrected.voucher_series(),
            "voucher_series");
  refuse_if(old.voucher_number() != corrected.voucher_number(),
            "voucher_number");
  refuse_if(old.account() != corrected.account(), "account");
  refuse_if(old.grant() != corrected.grant(), "grant");
  refuse_if(old.booked_by() != corrected.booked_by(), "booked_by");
}

// What was attested is not changed behind the attester's back.
void JudgeInKindCorrection(Judge& judge, const event::v1::InKindRecorded& old,
                           const event::v1::InKindRecorded& corrected) {
  const EntityHistory& in_kind =
      judge.state().Of(EntityKind::kInKind, old.in_kind());
  const Step* checked = in_kind.Last(Event::kInKindReviewed);
  if (checked == nullptr) checked = in_kind.Last(Event::kInKindAttested);
  if (checked == nullptr) return;
  const auto refuse_if = [&](bool changed, const char* field) {
    if (!changed) return;
    judge.Refuse(Rule::kInKindAlreadyAttested,
                 std::string("replacement.in_kind_recorded.") + field,
                 {{"id", old.in_kind()}, EventValue(*checked)});
  };
  refuse_if(old.kind() != corrected.kind(), "kind");
  refuse_if(old.contributor() != corrected.contributor(), "contributor");
  refuse_if(old.quantity_hundredths() != corrected.quantity_hundredths(),
            "quantity_hundredths");
  refuse_if(old.unit() != corrected.unit(), "unit");
  refuse_if(old.rate_ore() != corrected.rate_ore(), "rate_ore");
  refuse_if(old.value().ore() != corrected.value().ore(), "value");
}

// The replacement is of the same kind, about the same entity, and could be
// recorded if what it replaces had not been. Returns its own violations.
std::vector<Violation> JudgeReplacement(Judge& judge, const EventId& target,
                                        const Event& old) {
  const Event replacement = CompletedReplacement(judge.event());
  if (replacement.fact_case() != old.fact_case()) {
    judge.Refuse(
        Rule::kCorrectionOfOtherKind, "replacement",
        {{"fact", FactName(replacement)}, {"expected", FactName(old)}});
    return {};
  }
  const EntityKey is = SubjectOf(replacement);
  const EntityKey was = SubjectOf(old);
  if (is != was) {
    judge.Refuse(Rule::kCorrectionOfOtherEntity, "replacement",
                 {{"id", is.id}, {"expected", was.id}});
    return {};
  }
  if (old.has_cost_booked()) {
    JudgeCostCorrection(judge, old.cost_booked(), replacement.cost_booked());
  }
  if (old.has_in_kind_recorded()) {
    JudgeInKindCorrection(judge, old.in_kind_recorded(),
                          replacement.in_kind_recorded());
  }
  const ProcessState without = judge.state().Without(target);
  Judge of_replacement(without, replacement, judge.context());
  of_replacement.SetCorrection(judge.event());
  // A correction of the registration is judged as if it were the first event.
  JudgeFact(of_replacement);
  return of_replacement.Take();
}

// Whether what is left of the history of what an event was about needs that
// event, which is taken out of it. Returns the step that does, or null.
const Step* DependentStep(const EntityHistory& left, const Event& out,
                          bool made_it) {
  if (made_it && !left.exists() && !left.empty()) return &left.steps().front();
  for (const Prerequisite& prerequisite : Prerequisites()) {
    if (prerequisite.needs != out.fact_case()) continue;
    if (left.Last(prerequisite.needs) != nullptr) continue;
    if (const Step* step = left.Last(prerequisite.fact)) return step;
  }
  return nullptr;
}

// Nothing that stands rests on what is taken out.
void JudgeTakingOut(Judge& judge, const EventId& target, const Event& out) {
  if (out.has_process_registered() || out.has_key_destroyed() ||
      out.has_sealed_data_read()) {
    return judge.Refuse(
        Rule::kTargetPermanent, "target",
        {{"target", TargetOf(judge.event())}, {"fact", FactName(out)}});
  }
  if (out.has_cost_booked() && judge.event().has_event_reversed()) {
    return judge.Refuse(Rule::kCostNeedsReversal, "target",
                        {{"id", out.cost_booked().cost()}});
  }
  const ProcessState without = judge.state().Without(target);
  const auto refuse = [&](const EntityKey& entity, const EventId& event) {
    judge.Refuse(Rule::kEntityInUse, "target",
                 {{"id", entity.id},
                  {"kind", std::string(KindName(entity.kind))},
                  {"event", FormatUuid(event)}});
  };
  const EntityKey subject = SubjectOf(out);
  const std::vector<EntityKey> made = EntitiesMadeBy(out);
  const bool made_it =
      std::find(made.begin(), made.end(), subject) != made.end();
  if (const Step* step = DependentStep(without.Of(subject), out, made_it)) {
    return refuse(subject, step->id);
  }
  for (const EntityKey& entity : made) {
    if (without.Exists(entity)) continue;
    if (const auto user = without.UserOf(entity)) {
      return refuse(entity, *user);
    }
  }
}

}  // namespace

void JudgeCorrection(Judge& judge) {
  JudgeEnvelope(judge);
  if (!judge.state().own().exists()) {
    return judge.RefuseEnvelope(Rule::kProcessNotRegistered, "process",
                                {{"process", judge.state().process()}});
  }
  const KnownEvent* target = TargetIn(judge);
  if (target == nullptr) return;
  const EventId id = *ParseUuid(TargetOf(judge.event()));
  if (!judge.event().has_event_corrected()) {
    return JudgeTakingOut(judge, id, *target->event);
  }
  for (Violation& violation : JudgeReplacement(judge, id, *target->event)) {
    judge.Add(std::move(violation));
  }
}

}  // namespace samverk::recording

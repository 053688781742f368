// Rules of corrections, reversals and voids.
#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/strip.h"
#include "eventstore/base/check.h"
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

// What was read stays read, what was destroyed stays destroyed, and a right
// that was given is taken by withdrawing it: by an amendment somebody might
// give it to themselves.
bool IsPermanent(const Event& event) {
  return event.has_key_destroyed() || event.has_sealed_data_read() ||
         event.has_secret_data_read() || event.has_rights_granted() ||
         event.has_rights_withdrawn();
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
  const bool replaced = known->standing == KnownEvent::Standing::kReplaced;
  // What became of it in the end.
  EventId latest = *id;
  while (known->standing == KnownEvent::Standing::kReplaced) {
    latest = known->successor;
    const KnownEvent* successor = judge.state().Find(latest);
    if (successor == nullptr) break;
    known = successor;
  }
  switch (known->standing) {
    case KnownEvent::Standing::kStands:
      if (!replaced) return known;
      [[fallthrough]];
    case KnownEvent::Standing::kReplaced:
      judge.Refuse(Rule::kTargetReplaced, "target",
                   {{"target", name}, {"latest", FormatUuid(latest)}});
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

// True when a correction says another time than before. A time where there was
// none adds to what is known and changes nothing.
bool ChangesTime(const Event& old, const Event& corrected) {
  return !old.occurred().edtf().empty() &&
         !MessageDifferencer::Equals(old.occurred(), corrected.occurred());
}

// A booked cost follows bookkeeping: what stands in the ledger is changed by
// another voucher.
void JudgeCostCorrection(Judge& judge, const Event& was, const Event& is) {
  const event::v1::CostBooked& old = was.cost_booked();
  const event::v1::CostBooked& corrected = is.cost_booked();
  const auto refuse_if = [&](bool changed, const char* field) {
    if (!changed) return;
    judge.Refuse(Rule::kCostNeedsReversal, std::string("replacement.") + field,
                 {{"id", old.cost()}});
  };
  refuse_if(ChangesTime(was, is), "occurred");
  refuse_if(!MessageDifferencer::Equals(old.amount(), corrected.amount()),
            "cost_booked.amount");
  refuse_if(old.voucher_series() != corrected.voucher_series(),
            "cost_booked.voucher_series");
  refuse_if(old.voucher_number() != corrected.voucher_number(),
            "cost_booked.voucher_number");
  refuse_if(old.account() != corrected.account(), "cost_booked.account");
  refuse_if(old.grant() != corrected.grant(), "cost_booked.grant");
  refuse_if(old.booked_by() != corrected.booked_by(), "cost_booked.booked_by");
}

// What was attested is not changed behind the attester's back.
void JudgeInKindCorrection(Judge& judge, const Event& was, const Event& is) {
  const event::v1::InKindRecorded& old = was.in_kind_recorded();
  const event::v1::InKindRecorded& corrected = is.in_kind_recorded();
  const EntityHistory& in_kind =
      judge.state().Of(EntityKind::kInKind, old.in_kind());
  const Step* checked = in_kind.Last(Event::kInKindReviewed);
  if (checked == nullptr) checked = in_kind.Last(Event::kInKindAttested);
  if (checked == nullptr) return;
  const auto refuse_if = [&](bool changed, const char* field) {
    if (!changed) return;
    judge.Refuse(Rule::kInKindAlreadyAttested,
                 std::string("replacement.") + field,
                 {{"id", old.in_kind()}, EventValue(*checked)});
  };
  refuse_if(ChangesTime(was, is), "occurred");
  refuse_if(old.kind() != corrected.kind(), "in_kind_recorded.kind");
  refuse_if(old.contributor() != corrected.contributor(),
            "in_kind_recorded.contributor");
  refuse_if(old.quantity_hundredths() != corrected.quantity_hundredths(),
            "in_kind_recorded.quantity_hundredths");
  refuse_if(old.unit() != corrected.unit(), "in_kind_recorded.unit");
  refuse_if(old.rate_ore() != corrected.rate_ore(),
            "in_kind_recorded.rate_ore");
  refuse_if(old.value().ore() != corrected.value().ore(),
            "in_kind_recorded.value");
}

// What the event of a step would be refused for if it were yet to come, with
// all the others there.
std::vector<Rule> RulesBrokenBy(ProcessState& state, const EventId& id,
                                const AdmissionContext& context) {
  const KnownEvent* known = state.Find(id);
  SAMVERK_CHECK(known != nullptr && known->event != nullptr);
  state.Suspend(id);
  Judge judge(state, *known->event, context, known->recorded);
  JudgeFact(judge);
  state.Resume(id);
  std::vector<Rule> rules;
  for (const Violation& violation : judge.Take()) {
    rules.push_back(violation.rule);
  }
  return rules;
}

// A step that the register would not take any more.
struct Undermined {
  EventId id;
  Rule rule;
};

// The first step of an entity that is in both states and breaks a rule in
// `after` that it does not break in `before`; nothing: none does. `after` is as
// before when it returns.
std::optional<Undermined> UnderminedStep(const ProcessState& before,
                                         ProcessState& after,
                                         const EntityKey& entity,
                                         const AdmissionContext& context) {
  std::optional<ProcessState> copy;  // of `before`, when it is needed
  for (const Step& step : before.Of(entity).steps()) {
    const KnownEvent* known = after.Find(step.id);
    if (known == nullptr || known->standing != KnownEvent::Standing::kStands) {
      continue;
    }
    const std::vector<Rule> now = RulesBrokenBy(after, step.id, context);
    if (now.empty()) continue;
    if (!copy.has_value()) copy = before;
    const std::vector<Rule> then = RulesBrokenBy(*copy, step.id, context);
    for (const Rule rule : now) {
      if (std::find(then.begin(), then.end(), rule) == then.end()) {
        return Undermined{step.id, rule};
      }
    }
  }
  return std::nullopt;
}

// What already rests on the corrected fact still holds with the correction.
void JudgeWhatRestsOn(Judge& judge, const EntityKey& subject) {
  const auto id = ParseUuid(judge.event().id());
  const EntityHistory& history = judge.state().Of(subject);
  if (!id.ok() || history.steps().size() < 2) return;
  ProcessState after = judge.state();
  after.Evolve({*id, std::make_shared<const Event>(judge.event()),
                judge.context().now_us});
  const auto undermined =
      UnderminedStep(judge.state(), after, subject, judge.context());
  if (!undermined.has_value()) return;
  judge.Refuse(Rule::kCorrectionUndermines, "replacement",
               {{"event", FormatUuid(undermined->id)},
                {"rule", std::string(EntryOf(undermined->rule).id)}});
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
  if (IsPermanent(old)) {
    judge.Refuse(
        Rule::kTargetPermanent, "target",
        {{"target", TargetOf(judge.event())}, {"fact", FactName(old)}});
    return {};
  }
  const EntityKey is = SubjectOf(replacement);
  const EntityKey was = SubjectOf(old);
  if (is != was) {
    judge.Refuse(Rule::kCorrectionOfOtherEntity, "replacement",
                 {{"id", is.id}, {"expected", was.id}});
    return {};
  }
  if (old.has_cost_booked()) JudgeCostCorrection(judge, old, replacement);
  if (old.has_in_kind_recorded()) {
    JudgeInKindCorrection(judge, old, replacement);
  }
  const ProcessState without = judge.state().Without(target);
  Judge of_replacement(without, replacement, judge.context(),
                       judge.state().Find(target)->recorded);
  of_replacement.SetCorrection(judge.event());
  // A correction of the registration is judged as if it were the first event.
  JudgeFact(of_replacement);
  std::vector<Violation> violations = of_replacement.Take();
  // Reads of sealed data rest on nothing, and there are many.
  if (violations.empty() && is.kind != EntityKind::kReading) {
    JudgeWhatRestsOn(judge, is);
  }
  return violations;
}

// Whether an entity is left without the event that brought it into being, while
// others of its history stay. Returns one of those, or null.
const Step* OrphanedStep(const EntityHistory& left, bool made_it) {
  const bool orphaned = made_it && !left.exists() && !left.empty();
  return orphaned ? &left.steps().front() : nullptr;
}

// Nothing that stands rests on what is taken out.
void JudgeTakingOut(Judge& judge, const EventId& target, const Event& out) {
  if (out.has_process_registered() || IsPermanent(out)) {
    return judge.Refuse(
        Rule::kTargetPermanent, "target",
        {{"target", TargetOf(judge.event())}, {"fact", FactName(out)}});
  }
  if (out.has_cost_booked() && judge.event().has_event_reversed()) {
    return judge.Refuse(Rule::kCostNeedsReversal, "target",
                        {{"id", out.cost_booked().cost()}});
  }
  ProcessState without = judge.state().Without(target);
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
  if (const Step* step = OrphanedStep(without.Of(subject), made_it)) {
    return refuse(subject, step->id);
  }
  if (const auto undermined =
          UnderminedStep(judge.state(), without, subject, judge.context())) {
    return refuse(subject, undermined->id);
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
  JudgeReferences(judge);
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

// Rules of ids: what is named must exist, what is new must not.
#include <functional>

#include "absl/strings/str_cat.h"
#include "services/recording/judge.h"
#include "services/recording/references.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// The event that took the id, or null. An id of a payment is taken whichever
// way the money goes; the events that may begin an entity together (applied for
// and awarded, scheduled and held) are one of each kind.
const Step* TakenBy(const EntityHistory& history, const Reference& reference,
                    Event::FactCase fact) {
  for (const Step& step : history.steps()) {
    if (!step.creates) continue;
    if (reference.kind == EntityKind::kPayment ||
        step.event->fact_case() == fact) {
      return &step;
    }
  }
  return nullptr;
}

// What an entity is said to be a part of, or to come after, by itself: the
// fields in which a circle makes no sense.
void ForEachUpward(const Event& event,
                   const std::function<void(std::string_view field,
                                            const std::string& id)>& visit) {
  const auto given = [&](std::string_view field, const std::string& id) {
    if (!id.empty()) visit(field, id);
  };
  if (event.has_actor_registered()) {
    given("part_of", event.actor_registered().part_of());
  } else if (event.has_amount_stated()) {
    const auto& parts = event.amount_stated().total_of();
    for (int i = 0; i < parts.size(); ++i) {
      given(absl::StrCat("total_of[", i, "].statement"), parts[i].statement());
    }
  } else if (event.has_safety_walk_held()) {
    given("follows_up", event.safety_walk_held().follows_up());
  } else if (event.has_finding_logged()) {
    given("similar_to", event.finding_logged().similar_to());
  } else if (event.has_report_submitted()) {
    given("corrects_report", event.report_submitted().corrects_report());
  }
}

}  // namespace

void JudgeCircles(Judge& judge) {
  const EntityKey subject = SubjectOf(judge.event());
  ForEachUpward(judge.event(), [&](std::string_view field,
                                   const std::string& id) {
    for (const Step& step : judge.state().Of(subject.kind, id).steps()) {
      ForEachUpward(*step.event, [&](std::string_view, const std::string& up) {
        if (up != subject.id) return;
        judge.Refuse(Rule::kReferenceCircle, field,
                     {{"id", id}, {"own", subject.id}, EventValue(step)});
      });
    }
  });
}

void JudgeReferences(Judge& judge) {
  for (const Reference& reference : ReferencesOf(judge.event())) {
    const EntityHistory& history = judge.state().Of(reference.key());
    switch (reference.relation) {
      case Relation::kAbout:
      case Relation::kRefers:
        if (history.exists()) break;
        if (reference.envelope && MayPrecedeActors(judge.event())) break;
        judge.RefusePath(UnknownRule(reference.kind), reference.path.ToString(),
                         {{"id", *reference.id}});
        break;
      case Relation::kCreates:
        if (const Step* step =
                TakenBy(history, reference, judge.event().fact_case())) {
          judge.RefusePath(Rule::kIdTaken, reference.path.ToString(),
                           {{"id", *reference.id},
                            {"kind", std::string(KindName(reference.kind))},
                            EventValue(*step)});
        }
        break;
      case Relation::kMakes:
      case Relation::kMentions:
      case Relation::kNone:
        break;
    }
  }
}

}  // namespace samverk::recording

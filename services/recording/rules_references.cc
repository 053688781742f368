// Rules of ids: what is named must exist, what is new must not.
#include "services/recording/judge.h"
#include "services/recording/references.h"

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

// The first events of a process are recorded on behalf of actors that are not
// registered yet.
bool MayPrecedeActors(const Event& event) {
  return event.has_process_registered() || event.has_actor_registered();
}

}  // namespace

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

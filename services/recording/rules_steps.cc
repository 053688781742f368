// Rules of order: what a step presupposes, and what nothing follows. Judged by
// when things happened, not by when they are recorded: a late event is
// accepted whatever came before it in the register.
#include "services/recording/judge.h"
#include "services/recording/references.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// A step that another presupposes: `fact` is refused with `rule` unless the
// entity's history has a `needs` that it may follow.
struct Prerequisite {
  Event::FactCase fact;
  Event::FactCase needs;
  Rule rule;
};
constexpr Prerequisite kPrerequisites[] = {
    {Event::kGrantDisbursed, Event::kGrantAwarded, Rule::kGrantNotAwarded},
    {Event::kGrantSettled, Event::kGrantAwarded, Rule::kGrantNotAwarded},
    {Event::kGrantRepaid, Event::kGrantAwarded, Rule::kGrantNotAwarded},
    {Event::kCarryOverApproved, Event::kGrantAwarded, Rule::kGrantNotAwarded},
    {Event::kGrantReclaimed, Event::kGrantAwarded, Rule::kGrantNotAwarded},
    {Event::kActivityRescheduled, Event::kActivityScheduled,
     Rule::kActivityNotScheduled},
    {Event::kActivityCancelled, Event::kActivityScheduled,
     Rule::kActivityNotScheduled},
    {Event::kMeasurePlanned, Event::kMeasureDecided, Rule::kMeasureNotDecided},
    {Event::kMeasureEvaluated, Event::kMeasureImplemented,
     Rule::kMeasureNotImplemented},
    {Event::kMeasureClosed, Event::kMeasureEvaluated,
     Rule::kMeasureNotEvaluated},
    {Event::kReportReturned, Event::kReportSubmitted,
     Rule::kReportNotSubmitted},
    {Event::kReportApproved, Event::kReportSubmitted,
     Rule::kReportNotSubmitted},
};

// A step that ends an entity: nothing about it happens afterwards.
struct FinalStep {
  EntityKind kind;
  Event::FactCase fact;
  Rule rule;
};
constexpr FinalStep kFinalSteps[] = {
    {EntityKind::kActivity, Event::kActivityCancelled,
     Rule::kActivityCancelled},
    {EntityKind::kMeasure, Event::kMeasureClosed, Rule::kMeasureClosed},
    {EntityKind::kMeasure, Event::kMeasureAbandoned, Rule::kMeasureAbandoned},
    {EntityKind::kStudy, Event::kStudyPublished, Rule::kStudyPublished},
    {EntityKind::kReport, Event::kReportApproved, Rule::kReportApproved},
};

// Where the event names what it is about: "meeting_held.held.activity".
std::string SubjectPath(const Event& event, const EntityKey& subject) {
  for (const Reference& reference : ReferencesOf(event)) {
    if (!reference.envelope && reference.key() == subject) {
      return reference.path.ToString();
    }
  }
  return "";
}

}  // namespace

void JudgeSteps(Judge& judge) {
  const Event& event = judge.event();
  const EntityKey subject = SubjectOf(event);
  const EntityHistory& history = judge.state().Of(subject);
  // What does not exist is refused as such.
  if (!history.exists()) return;
  for (const Prerequisite& prerequisite : kPrerequisites) {
    if (prerequisite.fact != event.fact_case()) continue;
    if (history.MayFollow(judge.when(), prerequisite.needs)) continue;
    judge.RefusePath(prerequisite.rule, SubjectPath(event, subject),
                     {{"id", subject.id}});
  }
  for (const FinalStep& final_step : kFinalSteps) {
    if (final_step.kind != subject.kind) continue;
    const Step* step = history.LastBefore(judge.when(), {final_step.fact});
    if (step == nullptr) continue;
    judge.RefusePath(final_step.rule, SubjectPath(event, subject),
                     {{"id", subject.id}, EventValue(*step)});
  }
}

}  // namespace samverk::recording

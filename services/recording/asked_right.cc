#include "services/recording/asked_right.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/base/uuid.h"
#include "services/access/permission_table.h"
#include "services/recording/judge.h"
#include "services/recording/route.h"

namespace samverk::recording {
namespace {

using access::OwnBy;
using access::Person;
using event::v1::Event;
using event::v1::Recorder;

Person PersonOf(const Recorder& recorder) {
  return {recorder.organisation(), recorder.role(), recorder.subject()};
}

// A text that says somebody; nullopt: nobody.
std::optional<std::string> Somebody(const std::string& id) {
  return id.empty() ? std::nullopt : std::optional(id);
}

// Who owns a measure: whoever the last plan said, else its proposal.
std::optional<std::string> OwnerOfMeasure(const ProcessState& state,
                                          const std::string& measure,
                                          const Event& event) {
  const EntityHistory& history = state.Of(EntityKind::kMeasure, measure);
  std::optional<std::string> owner;
  for (const Step& step : history.steps()) {
    const std::string& said = step.event->has_measure_planned()
                                  ? step.event->measure_planned().owner()
                                  : step.event->measure_proposed().owner();
    if (!said.empty()) owner = said;
  }
  // A measure that nobody owned is planned by who says that they own it.
  return owner.has_value() ? owner : Somebody(event.measure_planned().owner());
}

// The last one whom a finding was assigned to.
std::optional<std::string> AssigneeOf(const ProcessState& state,
                                      const std::string& finding) {
  const Step* assigned =
      state.Of(EntityKind::kFinding, finding).Last(Event::kFindingAssigned);
  return assigned == nullptr
             ? std::nullopt
             : Somebody(assigned->event->finding_assigned().assignee());
}

// Whoever has control of what the event is about.
std::optional<std::string> ControlOf(const ProcessState& state,
                                     const Event& event) {
  if (event.has_finding_declined()) {
    return AssigneeOf(state, event.finding_declined().finding());
  }
  const std::string* measure = nullptr;
  if (event.has_measure_decided()) measure = &event.measure_decided().measure();
  if (event.has_measure_planned()) measure = &event.measure_planned().measure();
  if (event.has_measure_started()) measure = &event.measure_started().measure();
  if (event.has_measure_implemented()) {
    measure = &event.measure_implemented().measure();
  }
  if (event.has_measure_closed()) measure = &event.measure_closed().measure();
  if (event.has_measure_abandoned()) {
    measure = &event.measure_abandoned().measure();
  }
  return measure == nullptr ? std::nullopt
                            : OwnerOfMeasure(state, *measure, event);
}

std::optional<std::string> OwnerOf(const ProcessState& state,
                                   const Event& event, OwnBy own_by) {
  switch (own_by) {
    case OwnBy::kNobody:
    case OwnBy::kTarget:  // the target's recorder: AskedRightOf has it
      return std::nullopt;
    case OwnBy::kRecorder:
      return Somebody(event.on_behalf_of().empty()
                          ? event.recorded_by().organisation()
                          : event.on_behalf_of());
    case OwnBy::kControl:
      return ControlOf(state, event);
    case OwnBy::kContributor:
      return Somebody(event.in_kind_recorded().contributor());
    case OwnBy::kSubstantiator:
      return Somebody(event.outcome_substantiated().substantiator());
    case OwnBy::kInformationOwner:
      return Somebody(event.information_owner());
  }
  return std::nullopt;
}

// Everybody who recorded one of these kinds of an entity; nullopt: nobody did.
std::optional<std::vector<Person>> RecordersOfEntity(
    const ProcessState& state, EntityKind kind, const std::string& id,
    std::initializer_list<Event::FactCase> facts) {
  std::vector<Person> persons;
  for (const Step& step : state.Of(kind, id).steps()) {
    for (const Event::FactCase fact : facts) {
      if (step.event->fact_case() != fact) continue;
      for (const Recorder* recorder : RecordersOf(step)) {
        persons.push_back(PersonOf(*recorder));
      }
    }
  }
  if (persons.empty()) return std::nullopt;
  return persons;
}

std::optional<std::vector<Person>> CheckedBy(const ProcessState& state,
                                             const Event& event) {
  if (event.has_cost_attested()) {
    return RecordersOfEntity(state, EntityKind::kCost,
                             event.cost_attested().cost(),
                             {Event::kCostBooked});
  }
  if (event.has_in_kind_attested()) {
    return RecordersOfEntity(state, EntityKind::kInKind,
                             event.in_kind_attested().in_kind(),
                             {Event::kInKindRecorded});
  }
  if (event.has_in_kind_reviewed()) {
    return RecordersOfEntity(state, EntityKind::kInKind,
                             event.in_kind_reviewed().in_kind(),
                             {Event::kInKindRecorded});
  }
  if (event.has_check_explained()) {
    return RecordersOfEntity(state, EntityKind::kCheck,
                             event.check_explained().check(),
                             {Event::kCheckRaised, Event::kCheckExplained});
  }
  if (event.has_key_destroyed()) {
    return RecordersOfEntity(state, EntityKind::kGallring,
                             event.key_destroyed().gallring(),
                             {Event::kGallringDecided});
  }
  return std::nullopt;
}

std::optional<Person> ApproverOf(const Event& event) {
  if (event.has_cost_attested()) {
    return PersonOf(event.cost_attested().attester());
  }
  if (event.has_in_kind_attested()) {
    return PersonOf(event.in_kind_attested().attester());
  }
  if (event.has_in_kind_reviewed()) {
    return PersonOf(event.in_kind_reviewed().reviewer());
  }
  if (event.check_explained().has_accepted_by()) {
    return PersonOf(event.check_explained().accepted_by());
  }
  return std::nullopt;
}

access::RecordAction ActionOf(const ProcessState& state, const Event& event) {
  access::RecordAction action;
  // A key is the register's, whichever process its decision is of.
  if (!event.has_key_destroyed()) action.process = state.process();
  action.kind = event.fact_case();
  action.recorder = PersonOf(event.recorded_by());
  if (const auto* row = access::RowOf(event.fact_case()); row != nullptr) {
    action.owner = OwnerOf(state, event, row->own_by);
  }
  action.checked = CheckedBy(state, event);
  action.approver = ApproverOf(event);
  return action;
}

}  // namespace

AskedRight AskedRightOf(const ProcessState& state, const Event& event) {
  AskedRight asked;
  asked.action = ActionOf(state, event);
  if (!IsAmendment(event)) return asked;
  const auto id = ParseUuid(TargetOf(event));
  const KnownEvent* target = id.ok() ? state.Find(*id) : nullptr;
  asked.target_known = target != nullptr && target->event != nullptr;
  if (!asked.target_known) return asked;
  asked.action.owner = Somebody(target->event->recorded_by().organisation());
  // The same kind of fact about the same entity: the rules see to that.
  asked.target = std::make_unique<access::RecordAction>(
      ActionOf(state, event.has_event_corrected() ? CompletedReplacement(event)
                                                  : *target->event));
  asked.action.target = asked.target.get();
  return asked;
}

}  // namespace samverk::recording

#include "projections/timeline/timeline_entries.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

#include "projections/kept_facts.h"
#include "projections/participation/participation_answer.h"
#include "projections/timeline/join_words.h"
#include "proto/codec/text.h"

namespace samverk::projections {
namespace {

using view::v1::InitiativeView;
using view::v1::InsightView;
using view::v1::Origin;
using view::v1::OutcomeView;
using view::v1::PhaseView;
using view::v1::ProcessView;
using view::v1::StudyView;
using view::v1::TimelineEntry;
using view::v1::TimelineStored;

struct StatusText {
  event::v1::InitiativeStatus status;
  std::string_view swedish;
  std::string_view english;
};

constexpr std::array kStatuses = {
    StatusText{event::v1::INITIATIVE_STATUS_SUBMITTED, "inskickat",
               "submitted"},
    StatusText{event::v1::INITIATIVE_STATUS_PUBLISHED, "publicerat",
               "published"},
    StatusText{event::v1::INITIATIVE_STATUS_THRESHOLD_REACHED,
               "minst 100 röster", "at least 100 votes"},
    StatusText{event::v1::INITIATIVE_STATUS_WITH_COMMITTEE, "hos nämnden",
               "with the committee"},
    StatusText{event::v1::INITIATIVE_STATUS_GRANTED, "bifall", "granted"},
    StatusText{event::v1::INITIATIVE_STATUS_REJECTED, "avslag", "rejected"},
    StatusText{event::v1::INITIATIVE_STATUS_IN_PROGRESS, "besvarat, pågår",
               "answered, in progress"},
    StatusText{event::v1::INITIATIVE_STATUS_ENDED, "avslutat under 100 röster",
               "ended below 100 votes"},
};

std::string StatusInWords(event::v1::InitiativeStatus status,
                          codec::Language language) {
  for (const StatusText& text : kStatuses) {
    if (text.status != status) continue;
    return std::string(language == codec::Language::kSwedish ? text.swedish
                                                             : text.english);
  }
  return language == codec::Language::kSwedish ? "okänd status"
                                               : "unknown status";
}

// First instant of its time (the unknown last), first position.
std::tuple<int64_t, uint64_t> PlaceOf(const TimelineEntry& entry) {
  return {IsKnown(entry.when()) ? entry.when().from_us()
                                : std::numeric_limits<int64_t>::max(),
          entry.positions(0)};
}

std::string RegistryNumber(const std::string& number, bool swedish) {
  if (number.empty()) return "";
  return (swedish ? "dnr " : "reg. no. ") + number;
}

}  // namespace

std::string TimelineComposer::Money(const event::v1::Money& money) const {
  return codec::MoneyText(money.ore(), money.precision(), question_.language);
}

std::string TimelineComposer::ActorsName(const std::string& actor) const {
  return ActorName(views_, question_.process, actor);
}

TimelineEntry TimelineComposer::EntryOf(view::v1::TimelineKind kind,
                                        const Origin& origin,
                                        std::string entity, std::string title) {
  TimelineEntry entry;
  entry.set_kind(kind);
  if (origin.has_occurred()) *entry.mutable_when() = origin.occurred();
  entry.set_title(std::move(title));
  entry.set_entity(std::move(entity));
  entry.add_positions(origin.position());
  return entry;
}

void TimelineComposer::Add(TimelineEntry entry) {
  if (question_.Selects(entry.when())) entries_.push_back(std::move(entry));
}

void TimelineComposer::AddPlan(TimelineEntry entry, const Origin& made) {
  const bool ahead = IsKnown(entry.when()) && question_.Selects(entry.when());
  if (ahead || question_.Selects(made.occurred())) {
    entries_.push_back(std::move(entry));
  }
}

std::vector<TimelineEntry> TimelineComposer::TakeSorted() {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const TimelineEntry& a, const TimelineEntry& b) {
                     return PlaceOf(a) < PlaceOf(b);
                   });
  return std::move(entries_);
}

void TimelineComposer::AddProcess() {
  const auto* entry =
      views_.Of(ProjectionId::kTimeline)
          .Find<TimelineStored>(KeyPrefix(question_.process, "process") +
                                question_.process);
  if (entry == nullptr) return;
  const ProcessView& process = entry->process();
  if (process.has_approved_origin()) {
    const auto& approved = process.approved();
    TimelineEntry added = EntryOf(view::v1::TIMELINE_KIND_DECISION,
                                  process.approved_origin(), process.process(),
                                  Say("Processen godkänd", "Process approved"));
    added.set_detail(
        JoinWords({approved.body(), approved.paragraph(),
                   RegistryNumber(approved.registry_number(), InSwedish())},
                  ", "));
    Add(std::move(added));
  }
  if (process.has_closed()) {
    TimelineEntry added =
        EntryOf(view::v1::TIMELINE_KIND_DECISION, process.closed(),
                process.process(), Say("Processen avslutad", "Process closed"));
    added.set_detail(process.closed_motivation());
    Add(std::move(added));
  }
  const auto& horizon = process.registered().horizon();
  if (horizon.edtf().empty()) return;
  TimelineEntry ahead = EntryOf(
      view::v1::TIMELINE_KIND_PLAN, process.origin(), process.process(),
      Say("Samverkan fortsätter ", "The collaboration goes on ") +
          codec::EdtfText(horizon.edtf(), horizon.circa(), question_.language));
  *ahead.mutable_when() = WhenOf(horizon);
  ahead.set_detail(process.registered().vision());
  AddPlan(std::move(ahead), process.origin());
}

void TimelineComposer::AddPhases() {
  views_.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question_.process, "phase"), "",
          [this](std::string_view, const TimelineStored& entry) {
            const PhaseView& phase = entry.phase();
            TimelineEntry added =
                EntryOf(view::v1::TIMELINE_KIND_PHASE, phase.origin(), "",
                        Say("Fas ", "Phase ") +
                            std::to_string(phase.entered().phase()) + ": " +
                            phase.entered().name());
            added.set_detail(JoinWords({phase.entered().criteria_met().begin(),
                                        phase.entered().criteria_met().end()},
                                       "; "));
            added.set_phase(phase.entered().phase());
            added.set_claimed_only(phase.entered().claimed_only());
            Add(std::move(added));
            return true;
          });
}

void TimelineComposer::AddDecisions() {
  views_.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question_.process, "decision"), "",
          [this](std::string_view, const TimelineStored& entry) {
            const auto& decision = entry.decision().recorded();
            TimelineEntry added = EntryOf(view::v1::TIMELINE_KIND_DECISION,
                                          entry.decision().origin(),
                                          decision.decision(), decision.text());
            added.set_detail(JoinWords(
                {decision.body(), decision.paragraph(),
                 RegistryNumber(decision.registry_number(), InSwedish())},
                ", "));
            Add(std::move(added));
            return true;
          });
}

void TimelineComposer::AddOutcomes() {
  views_.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question_.process, "outcome"), "",
          [this](std::string_view, const TimelineStored& entry) {
            const OutcomeView& outcome = entry.outcome();
            const auto& claimed = outcome.claimed();
            const bool shift = claimed.kind() == event::v1::OUTCOME_KIND_SHIFT;
            // How the process went and what the grant did are no moments.
            if (!shift &&
                claimed.kind() != event::v1::OUTCOME_KIND_ACHIEVEMENT) {
              return true;
            }
            TimelineEntry added =
                EntryOf(shift ? view::v1::TIMELINE_KIND_SHIFT
                              : view::v1::TIMELINE_KIND_ACHIEVEMENT,
                        outcome.origin(), claimed.outcome(),
                        shift ? Say("Från ", "From ") + claimed.from() +
                                    Say(" till ", " to ") + claimed.to()
                              : claimed.claim());
            added.set_detail(shift ? claimed.claim() : claimed.significance());
            added.set_grade(outcome.grade());
            added.set_hedge(claimed.hedge());
            for (const auto& said : outcome.substantiations()) {
              added.add_positions(said.origin().position());
            }
            Add(std::move(added));
            return true;
          });
}

void TimelineComposer::AddStudies() {
  const auto add = [this](const StudyView& study) {
    const auto& started = study.started();
    TimelineEntry begun =
        EntryOf(view::v1::TIMELINE_KIND_STUDY, study.origin(), started.study(),
                Say("Utredning påbörjad: ", "Study begun: ") + started.title());
    begun.set_detail(started.focus());
    Add(std::move(begun));
    for (const InsightView& insight : study.insights()) {
      TimelineEntry added = EntryOf(
          view::v1::TIMELINE_KIND_STUDY, insight.origin(), started.study(),
          (insight.preliminary()
               ? Say("Preliminär insikt: ", "Preliminary insight: ")
               : Say("Insikt: ", "Insight: ")) +
              insight.recorded().text());
      added.set_detail(started.title());
      if (insight.preliminary()) {
        added.set_hedge(event::v1::HEDGE_PRELIMINARY);
      }
      Add(std::move(added));
    }
    if (!study.has_published()) return;
    TimelineEntry published = EntryOf(
        view::v1::TIMELINE_KIND_STUDY, study.published(), started.study(),
        Say("Utredning publicerad: ", "Study published: ") + started.title());
    published.set_detail(study.conclusions());
    Add(std::move(published));
  };
  views_.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question_.process, "study"), "",
          [&add](std::string_view, const TimelineStored& entry) {
            if (entry.study().has_started()) add(entry.study());
            return true;
          });
}

void TimelineComposer::AddInitiatives() {
  const auto add = [this](const InitiativeView& initiative) {
    const auto& linked = initiative.linked();
    TimelineEntry begun =
        EntryOf(view::v1::TIMELINE_KIND_INITIATIVE, initiative.origin(),
                linked.initiative(),
                Say("Initiativ: ", "Initiative: ") + linked.title());
    begun.set_detail(JoinWords({linked.platform(), linked.url()}, ", "));
    Add(std::move(begun));
    for (const auto& step : initiative.steps()) {
      const auto& observed = step.observed();
      TimelineEntry added =
          EntryOf(view::v1::TIMELINE_KIND_INITIATIVE, step.origin(),
                  linked.initiative(),
                  linked.title() + ": " +
                      StatusInWords(observed.status(), question_.language));
      const std::string votes =
          observed.has_votes()
              ? codec::NumberText(observed.votes(), question_.language) +
                    Say(" röster", " votes")
              : "";
      added.set_detail(
          JoinWords({votes, observed.committee(), observed.paragraph()}, ", "));
      Add(std::move(added));
    }
  };
  views_.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question_.process, "initiative"), "",
          [&add](std::string_view, const TimelineStored& entry) {
            if (entry.initiative().has_linked()) add(entry.initiative());
            return true;
          });
}

}  // namespace samverk::projections

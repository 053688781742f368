#include "projections/report/report_context.h"

#include <map>
#include <memory>
#include <utility>

#include "projections/activities/activities_answer.h"
#include "projections/budget/budget_answer.h"
#include "projections/checks/checks_answer.h"
#include "projections/findings/findings_answer.h"
#include "projections/kept_facts.h"
#include "projections/participation/participation_answer.h"
#include "projections/timeline/timeline_answer.h"

namespace samverk::projections {

namespace {

// Calls `visit` for every entry of one kind of entity of the process, until it
// returns false.
template <typename Entry>
void ScanKind(const ViewReader& table, const Question& question,
              std::string_view kind,
              const std::function<bool(const Entry&)>& visit) {
  const std::string prefix = KeyPrefix(question.process, kind);
  table.Scan<Entry>(prefix, "", [&visit](std::string_view, const Entry& entry) {
    return visit(entry);
  });
}

void ReadMoney(const ViewSet& views, ReportContext& context) {
  using view::v1::BudgetEntry;
  const Question& question = context.parameters.question;
  const ViewReader& table = views.Of(ProjectionId::kBudget);
  ScanKind<BudgetEntry>(
      table, question, "in_kind", [&](const BudgetEntry& entry) {
        if (question.Selects(entry.in_kind().origin().occurred())) {
          context.in_kind.push_back(entry.in_kind());
        }
        return context.in_kind.size() < static_cast<size_t>(kRowsMax);
      });
  ScanKind<BudgetEntry>(
      table, question, "volunteer_time", [&](const BudgetEntry& entry) {
        const view::v1::Origin& origin = entry.volunteer_time().origin();
        if (question.Selects(origin.occurred())) {
          context.volunteer_time.Add(origin.position());
        }
        return context.volunteer_time.positions().size() < kSpanPositionsMax;
      });
}

void ReadSilentActors(const ViewSet& views, ReportContext& context) {
  using view::v1::ParticipationEntry;
  ScanKind<ParticipationEntry>(
      views.Of(ProjectionId::kParticipation), context.parameters.question,
      "actor", [&](const ParticipationEntry& entry) {
        bool told = context.AfterPeriod(entry.actor().origin().occurred());
        for (const auto& part : context.participation.actors()) {
          told |= part.actor().actor() == entry.actor().actor();
        }
        if (!told) context.silent_actors.push_back(entry.actor());
        return context.silent_actors.size() < static_cast<size_t>(kRowsMax);
      });
}

// A goal holds for the time that it says, else from when it was set.
bool AppliesToPeriod(const ReportContext& context,
                     const view::v1::GoalView& goal) {
  const auto& period = context.parameters.question.period;
  const auto span = codec::ParseEdtf(goal.set().period().edtf());
  if (goal.set().period().edtf().empty() || !span.ok() || !period.has_value()) {
    return !context.AfterPeriod(goal.origin().occurred());
  }
  return span->Intersects(*period);
}

void ReadGoals(const ViewSet& views, ReportContext& context) {
  using view::v1::TimelineStored;
  const Question& question = context.parameters.question;
  const ViewReader& table = views.Of(ProjectionId::kTimeline);
  ScanKind<TimelineStored>(
      table, question, "goal", [&](const TimelineStored& entry) {
        if (AppliesToPeriod(context, entry.goal())) {
          context.goals.push_back(entry.goal());
        }
        return context.goals.size() < static_cast<size_t>(kRowsMax);
      });
  ScanKind<TimelineStored>(
      table, question, "indicator", [&](const TimelineStored& entry) {
        if (!context.AfterPeriod(entry.indicator().origin().occurred())) {
          context.indicators.push_back(entry.indicator());
        }
        return context.indicators.size() < static_cast<size_t>(kRowsMax);
      });
}

// Reads each event once.
std::function<const event::v1::Event*(uint64_t)> Remembered(
    const EventLookup& lookup) {
  // Shared, for a std::function can be copied.
  // A std::map, whose entries stay where they are.
  auto read = std::make_shared<std::map<uint64_t, event::v1::Event>>();
  return [&lookup, read](uint64_t position) -> const event::v1::Event* {
    const auto known = read->find(position);
    if (known != read->end()) return &known->second;
    int64_t recorded_at_us = 0;
    auto event = lookup(Position(position), recorded_at_us);
    // Whoever needs it for the list of sources says what is wrong.
    if (!event.ok()) return nullptr;
    event::v1::Event told = event->has_event_corrected()
                                ? event->event_corrected().replacement()
                                : *std::move(event);
    return &read->emplace(position, std::move(told)).first->second;
  };
}

}  // namespace

bool ReportContext::AfterPeriod(const view::v1::When& when) const {
  const auto& period = parameters.question.period;
  if (!period.has_value() || (when.from_us() == 0 && when.to_us() == 0)) {
    return false;
  }
  return when.from_us() >= period->to_us;
}

std::string ReportContext::ActivityTitle(std::string_view id) const {
  for (const view::v1::ActivityView& activity : activities.activities()) {
    if (activity.activity() == id && !activity.title().empty()) {
      return activity.title();
    }
  }
  return std::string(id);
}

std::string ReportContext::MeasureTitle(std::string_view id) const {
  for (const view::v1::MeasureRow& row : measures.measures()) {
    if (row.measure().measure() == id && !row.measure().title().empty()) {
      return row.measure().title();
    }
  }
  return std::string(id);
}

std::string ReportContext::StudyTitle(std::string_view id) const {
  for (const view::v1::StudyView& study : lessons.studies()) {
    if (study.started().study() == id) return study.started().title();
  }
  return std::string(id);
}

std::string ReportContext::InitiativeTitle(std::string_view id) const {
  for (const view::v1::InitiativeView& initiative : lessons.initiatives()) {
    if (initiative.linked().initiative() == id) {
      return initiative.linked().title();
    }
  }
  return std::string(id);
}

std::string ReportContext::DocumentTitle(std::string_view id) const {
  for (const view::v1::DocumentView& document : checks.documents()) {
    if (document.document() != id) continue;
    if (document.has_attached()) return document.attached().title();
    if (document.has_missing()) return document.missing().referenced_as();
  }
  return std::string(id);
}

ReportContext MakeReportContext(
    const ViewSet& views, const ReportParameters& parameters,
    const view::v1::ProcessView& process,
    const std::function<view::v1::ChecksAnswer()>& checks,
    const EventLookup& lookup) {
  const Question& question = parameters.question;
  ReportContext context;
  context.parameters = parameters;
  context.process = process;
  context.budget = AnswerBudget(views, question);
  context.participation = AnswerParticipation(views, question);
  context.activities = AnswerActivities(views, question);
  context.findings = AnswerFindings(views, question);
  context.measures = AnswerMeasures(views, question);
  context.lessons = AnswerLessons(views, question);
  Question all_time = question;
  all_time.period.reset();
  context.timeline = AnswerTimeline(views, all_time);
  ReadMoney(views, context);
  ReadSilentActors(views, context);
  ReadGoals(views, context);
  context.checks = checks();
  AttachChecks(context.checks, context.budget);
  context.event_at = Remembered(lookup);
  context.actor_name = [&views,
                        process = question.process](std::string_view id) {
    return ActorName(views, process, id);
  };
  context.place_name = [&views,
                        process = question.process](std::string_view id) {
    return PlaceName(views, process, id);
  };
  return context;
}

}  // namespace samverk::projections

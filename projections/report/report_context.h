// What the sections of a report are written from.
#ifndef SAMVERK_PROJECTIONS_REPORT_REPORT_CONTEXT_H_
#define SAMVERK_PROJECTIONS_REPORT_REPORT_CONTEXT_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/report/prose.h"
#include "projections/report/report.h"
#include "samverk/view/v1/activities.pb.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "samverk/view/v1/findings.pb.h"
#include "samverk/view/v1/participation.pb.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {

// A list or table of a report shows at most this many entries and says how
// many it leaves out: the register has them all.
inline constexpr int kRowsMax = 200;

// Every answer that a report needs, asked once. The answers are of the report's
// period; only the timeline is of all time.
struct ReportContext {
  ReportParameters parameters;
  view::v1::ProcessView process;
  view::v1::BudgetView budget;  // with the ids of open checks on its rows
  std::vector<view::v1::InKindView> in_kind;  // of the period, at most kRowsMax
  Sources volunteer_time;  // the reports behind the budget's volunteer hours
  view::v1::ParticipationAnswer participation;
  // Actors of the register that `participation` does not have.
  std::vector<view::v1::ActorView> silent_actors;
  view::v1::ActivitiesAnswer activities;
  view::v1::FindingsAnswer findings;
  view::v1::MeasuresAnswer measures;
  view::v1::TimelineAnswer timeline;
  view::v1::LessonsAnswer lessons;
  view::v1::ChecksAnswer checks;
  std::vector<view::v1::GoalView> goals;            // of the period
  std::vector<view::v1::IndicatorView> indicators;  // of those goals, or none
  // An event of the prefix as it counts now, a corrected one as what stands in
  // its place; null when it cannot be read. Valid as long as the context.
  std::function<const event::v1::Event*(uint64_t position)> event_at;
  // Names by id; the id itself for what is not in the register.
  std::function<std::string(std::string_view id)> actor_name;
  std::function<std::string(std::string_view id)> place_name;

  codec::Language language() const { return parameters.question.language; }
  // The one of two texts that is in the report's language.
  std::string_view Say(std::string_view sv, std::string_view en) const {
    return language() == codec::Language::kSwedish ? sv : en;
  }
  // True when `when` begins after the report's period.
  bool AfterPeriod(const view::v1::When& when) const;
  // Title of an activity, measure, study, initiative, document; the id for one
  // that is not in the answers.
  std::string ActivityTitle(std::string_view id) const;
  std::string MeasureTitle(std::string_view id) const;
  std::string StudyTitle(std::string_view id) const;
  std::string InitiativeTitle(std::string_view id) const;
  std::string DocumentTitle(std::string_view id) const;
};

// Asks `views` for everything, and last `checks`, see BuildReport. The process
// must be in them. Both `views` and `lookup` must outlive the context.
ReportContext MakeReportContext(
    const ViewSet& views, const ReportParameters& parameters,
    const view::v1::ProcessView& process,
    const std::function<view::v1::ChecksAnswer()>& checks,
    const EventLookup& lookup);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_REPORT_CONTEXT_H_

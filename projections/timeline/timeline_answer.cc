#include "projections/timeline/timeline_answer.h"

#include <optional>
#include <string>
#include <utility>

#include "projections/kept_facts.h"
#include "projections/timeline/timeline_entries.h"

namespace samverk::projections {
namespace {

using view::v1::PhaseView;
using view::v1::TimelineAnswer;
using view::v1::TimelineStored;

// Whether a phase was entered after another one, so far as can be told.
bool EnteredAfter(const PhaseView& phase, const PhaseView& other) {
  if (WhollyAfter(phase.origin().occurred(), other.origin().occurred())) {
    return true;
  }
  if (WhollyAfter(other.origin().occurred(), phase.origin().occurred())) {
    return false;
  }
  return phase.entered().phase() >= other.entered().phase();
}

// Phases come by position, so of two that are the same the later one stands.
std::optional<PhaseView> CurrentPhase(const ViewSet& views,
                                      const Question& question) {
  std::optional<PhaseView> current;
  views.Of(ProjectionId::kTimeline)
      .Scan<TimelineStored>(
          KeyPrefix(question.process, "phase"), "",
          [&current](std::string_view, const TimelineStored& entry) {
            if (!current.has_value() || EnteredAfter(entry.phase(), *current)) {
              current = entry.phase();
            }
            return true;
          });
  return current;
}

}  // namespace

TimelineAnswer AnswerTimeline(const ViewSet& views, const Question& question) {
  TimelineAnswer answer;
  if (const auto* process = FindProcess(views, question.process)) {
    *answer.mutable_process() = *process;
  }
  TimelineComposer composer(views, question);
  composer.AddProcess();
  composer.AddPhases();
  composer.AddDecisions();
  composer.AddOutcomes();
  composer.AddGrants();
  composer.AddActivities();
  composer.AddMeasures();
  composer.AddStudies();
  composer.AddInitiatives();
  composer.AddReports();
  for (auto& entry : composer.TakeSorted()) {
    *answer.add_entries() = std::move(entry);
  }
  if (auto phase = CurrentPhase(views, question)) {
    *answer.mutable_current_phase() = *std::move(phase);
  }
  return answer;
}

const view::v1::ProcessView* FindProcess(const ViewSet& views,
                                         std::string_view process) {
  const auto* entry = views.Of(ProjectionId::kTimeline)
                          .Find<TimelineStored>(KeyPrefix(process, "process") +
                                                std::string(process));
  return entry != nullptr && entry->process().has_origin() ? &entry->process()
                                                           : nullptr;
}

void ForEachProcess(
    const ViewSet& views,
    const std::function<bool(const view::v1::ProcessView&)>& visit) {
  // The least key after all those of a process, "process/…".
  constexpr char kAfterSlash = '/' + 1;
  std::string from;
  for (;;) {
    std::string process;
    views.Of(ProjectionId::kTimeline)
        .Scan<TimelineStored>(
            "", from, [&process](std::string_view key, const TimelineStored&) {
              process = key.substr(0, key.find('/'));
              return false;
            });
    if (process.empty()) return;
    const auto* view = FindProcess(views, process);
    if (view != nullptr && !visit(*view)) return;
    from = process + kAfterSlash;
  }
}

}  // namespace samverk::projections

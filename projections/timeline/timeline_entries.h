// The entries of the timeline, by where they come from.
#ifndef SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ENTRIES_H_
#define SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ENTRIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/view/v1/activities.pb.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/findings.pb.h"
#include "samverk/view/v1/timeline.pb.h"

namespace samverk::projections {

// Gathers the entries that a question selects. Borrows views and question,
// which must outlive it.
class TimelineComposer {
 public:
  TimelineComposer(const ViewSet& views, const Question& question)
      : views_(views), question_(question) {}

  // From the timeline's own entries.
  void AddProcess();
  void AddPhases();
  void AddDecisions();
  void AddOutcomes();
  void AddStudies();
  void AddInitiatives();
  // From the other projections'.
  void AddGrants();
  void AddActivities();
  void AddMeasures();
  void AddReports();

  // All of them, in order.
  std::vector<view::v1::TimelineEntry> TakeSorted();

 private:
  bool InSwedish() const {
    return question_.language == codec::Language::kSwedish;
  }
  // The one of two texts that is in the language asked for.
  std::string Say(std::string_view swedish, std::string_view english) const {
    return std::string(InSwedish() ? swedish : english);
  }
  std::string Money(const event::v1::Money& money) const;
  std::string ActorsName(const std::string& actor) const;
  std::string PlacesName(const event::v1::Where& where) const;

  // An entry at `origin`'s time that comes from its event.
  static view::v1::TimelineEntry EntryOf(view::v1::TimelineKind kind,
                                         const view::v1::Origin& origin,
                                         std::string entity, std::string title);
  // Keeps what happened in the period.
  void Add(view::v1::TimelineEntry entry);
  // Keeps a plan for a time in the period, or made in it.
  void AddPlan(view::v1::TimelineEntry entry, const view::v1::Origin& made);

  void AddGrantMovements(const std::string& grant,
                         const view::v1::GrantView& view);
  void AddOccasions(const view::v1::ActivityView& activity);
  void AddActivityPlan(const view::v1::ActivityView& activity);
  void AddMeasureSteps(const view::v1::MeasureView& measure);
  void AddMeasurePlan(const view::v1::MeasureView& measure,
                      const view::v1::MeasureRow& row);

  const ViewSet& views_;
  const Question& question_;
  std::vector<view::v1::TimelineEntry> entries_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_TIMELINE_TIMELINE_ENTRIES_H_

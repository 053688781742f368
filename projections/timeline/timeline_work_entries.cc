#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "projections/activities/occasions.h"
#include "projections/findings/findings_answer.h"
#include "projections/kept_facts.h"
#include "projections/timeline/join_words.h"
#include "projections/timeline/timeline_entries.h"
#include "proto/codec/text.h"
#include "samverk/view/v1/activities.pb.h"
#include "samverk/view/v1/budget.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "samverk/view/v1/findings.pb.h"

namespace samverk::projections {
namespace {

using view::v1::ActivityEntry;
using view::v1::ActivityOccasion;
using view::v1::ActivityView;
using view::v1::BudgetEntry;
using view::v1::CheckEntry;
using view::v1::DatedAmount;
using view::v1::GrantView;
using view::v1::MeasureRow;
using view::v1::MeasureState;
using view::v1::MeasureStep;
using view::v1::MeasureView;
using view::v1::Origin;
using view::v1::TimelineEntry;

struct Named {
  int value;
  std::string_view swedish;
  std::string_view english;
};

// What an activity without a title is called.
constexpr std::array kActivities = {
    Named{event::v1::ACTIVITY_KIND_MEETING, "Möte", "Meeting"},
    Named{event::v1::ACTIVITY_KIND_SAFETY_WALK, "Trygghetsvandring",
          "Safety walk"},
    Named{event::v1::ACTIVITY_KIND_DIALOGUE, "Boendedialog",
          "Resident dialogue"},
    Named{event::v1::ACTIVITY_KIND_WORKSHOP, "Workshop", "Workshop"},
    Named{event::v1::ACTIVITY_KIND_COMMUNITY_EVENT, "Evenemang",
          "Community event"},
    Named{event::v1::ACTIVITY_KIND_SURVEY, "Enkät", "Survey"},
};

// Steps of a measure that are moments of the process.
constexpr std::array kMeasureSteps = {
    Named{view::v1::MEASURE_STATE_DECIDED,
          "Åtgärd beslutad: ", "Measure decided: "},
    Named{view::v1::MEASURE_STATE_PLANNED,
          "Åtgärd planerad: ", "Measure planned: "},
    Named{view::v1::MEASURE_STATE_IMPLEMENTED,
          "Åtgärd genomförd: ", "Measure implemented: "},
    Named{view::v1::MEASURE_STATE_EVALUATED,
          "Åtgärd utvärderad: ", "Measure evaluated: "},
    Named{view::v1::MEASURE_STATE_ABANDONED,
          "Åtgärd avbruten: ", "Measure given up: "},
};

constexpr std::array kDispositions = {
    Named{view::v1::DISPOSITION_REPAID,
          "Rest återbetald: ", "Remainder repaid: "},
    Named{view::v1::DISPOSITION_CARRIED_OVER,
          "Rest överförd: ", "Remainder carried over: "},
    Named{view::v1::DISPOSITION_OFFSET,
          "Rest avräknad: ", "Remainder set off: "},
};

struct NamedLack {
  std::string_view code;
  std::string_view swedish;
  std::string_view english;
};

constexpr std::array kLacks = {
    NamedLack{"owner", "ansvarig", "owner"},
    NamedLack{"place", "plats", "place"},
    NamedLack{"date", "datum", "date"},
    NamedLack{"decision", "beslut", "decision"},
    NamedLack{"cost", "kostnad", "cost"},
};

template <size_t kSize>
const Named* FindNamed(const std::array<Named, kSize>& names, int value) {
  for (const Named& named : names) {
    if (named.value == value) return &named;
  }
  return nullptr;
}

const Origin& LatestPlan(const MeasureView& measure) {
  const Origin* latest = &measure.steps(0).origin();
  for (const auto& fact : measure.facts()) {
    if (fact.has_proposed() || fact.has_planned()) latest = &fact.origin();
  }
  return *latest;
}

}  // namespace

std::string TimelineComposer::PlacesName(const event::v1::Where& where) const {
  return where.place().empty()
             ? where.description()
             : PlaceName(views_, question_.process, where.place());
}

void TimelineComposer::AddGrants() {
  views_.Of(ProjectionId::kBudget)
      .Scan<BudgetEntry>(KeyPrefix(question_.process, "grant"), "",
                         [this](std::string_view, const BudgetEntry& entry) {
                           AddGrantMovements(entry.grant().grant(),
                                             entry.grant());
                           return true;
                         });
}

void TimelineComposer::AddGrantMovements(const std::string& grant,
                                         const GrantView& view) {
  const auto add = [&](const DatedAmount& dated, std::string title,
                       std::string detail) {
    TimelineEntry added = EntryOf(view::v1::TIMELINE_KIND_GRANT, dated.origin(),
                                  grant, std::move(title));
    added.set_detail(std::move(detail));
    Add(std::move(added));
  };
  if (view.has_awarded()) {
    const std::string number =
        view.registry_number().empty()
            ? ""
            : Say("dnr ", "reg. no. ") + view.registry_number();
    add(view.awarded(),
        Say("Bidrag beviljat: ", "Grant awarded: ") +
            Money(view.awarded().amount()),
        JoinWords({ActorsName(view.funder()), view.purpose(), number}, ", "));
  }
  if (view.has_settled_used()) {
    add(view.settled_used(),
        Say("Bidrag slutreglerat: använt ", "Grant settled: used ") +
            Money(view.settled_used().amount()) +
            Say(", rest ", ", remainder ") +
            Money(view.settled_remainder().amount()),
        view.settled_used().reference());
  }
  for (const DatedAmount& dated : view.dispositions()) {
    const Named* named = FindNamed(kDispositions, dated.disposition());
    if (named == nullptr) continue;
    add(dated, Say(named->swedish, named->english) + Money(dated.amount()),
        dated.reference());
  }
  for (const DatedAmount& dated : view.reclaimed()) {
    add(dated, Say("Återkrav: ", "Grant reclaimed: ") + Money(dated.amount()),
        dated.reference());
  }
}

void TimelineComposer::AddActivities() {
  views_.Of(ProjectionId::kActivities)
      .Scan<ActivityEntry>(
          KeyPrefix(question_.process, "activity"), "",
          [this](std::string_view, const ActivityEntry& entry) {
            AddOccasions(entry.activity());
            if (entry.activity().has_scheduled()) {
              AddActivityPlan(entry.activity());
            }
            return true;
          });
}

void TimelineComposer::AddOccasions(const ActivityView& activity) {
  for (const ActivityOccasion& occasion : activity.held()) {
    const auto& held = occasion.held();
    std::string title = held.title().empty() ? activity.title() : held.title();
    const Named* kind = FindNamed(kActivities, occasion.kind());
    if (title.empty() && kind != nullptr) {
      title = Say(kind->swedish, kind->english);
    }
    TimelineEntry added =
        EntryOf(view::v1::TIMELINE_KIND_ACTIVITY, occasion.origin(),
                activity.activity(), std::move(title));
    std::vector<std::string> places;
    for (const auto& where : held.where()) places.push_back(PlacesName(where));
    const uint32_t occasions = OccasionsOf(held);
    std::string count;
    if (occasions == 0) {
      count = Say("antal tillfällen okänt", "number of occasions unknown");
    } else if (occasions > 1) {
      count = codec::NumberText(occasions, question_.language) +
              Say(" tillfällen", " occasions");
    }
    added.set_detail(JoinWords(
        {JoinWords(places, ", "),
         JoinWords({held.themes().begin(), held.themes().end()}, ", "),
         held.cadence(), count},
        "; "));
    Add(std::move(added));
  }
}

void TimelineComposer::AddActivityPlan(const ActivityView& activity) {
  if (activity.state() != view::v1::ACTIVITY_STATE_PLANNED &&
      activity.state() != view::v1::ACTIVITY_STATE_RESCHEDULED) {
    return;
  }
  const auto& plan = activity.plans(activity.plans_size() - 1);
  TimelineEntry added = EntryOf(view::v1::TIMELINE_KIND_PLAN, plan.origin(),
                                activity.activity(), activity.title());
  *added.mutable_when() = plan.planned();
  const bool passed = IsKnown(plan.planned()) &&
                      plan.planned().to_us() <= question_.evaluate_at_us;
  const std::string expected =
      activity.expected_count() == 0
          ? ""
          : codec::NumberText(activity.expected_count(), question_.language) +
                Say(" tillfällen väntade", " occasions expected");
  added.set_detail(
      JoinWords({activity.cadence(), expected,
                 passed ? Say("utfall saknas", "outcome missing") : ""},
                "; "));
  AddPlan(std::move(added), plan.origin());
}

void TimelineComposer::AddMeasures() {
  Question all_time = question_;
  all_time.period.reset();
  VisitMeasures(views_, all_time,
                [this](const MeasureView& measure, const MeasureRow& row) {
                  AddMeasureSteps(measure);
                  if (measure.state() < view::v1::MEASURE_STATE_IMPLEMENTED) {
                    AddMeasurePlan(measure, row);
                  }
                });
}

void TimelineComposer::AddMeasureSteps(const MeasureView& measure) {
  for (const MeasureStep& step : measure.steps()) {
    const Named* named = FindNamed(kMeasureSteps, step.says());
    if (named == nullptr) continue;
    TimelineEntry added = EntryOf(
        view::v1::TIMELINE_KIND_MEASURE, step.origin(), measure.measure(),
        Say(named->swedish, named->english) + measure.title());
    added.set_detail(step.text());
    Add(std::move(added));
  }
}

void TimelineComposer::AddMeasurePlan(const MeasureView& measure,
                                      const MeasureRow& row) {
  const Origin& made = LatestPlan(measure);
  TimelineEntry added = EntryOf(view::v1::TIMELINE_KIND_PLAN, made,
                                measure.measure(), measure.title());
  added.clear_when();
  if (measure.has_planned()) *added.mutable_when() = measure.planned();
  std::vector<std::string> lacks;
  for (const std::string& code : row.missing()) {
    for (const NamedLack& lack : kLacks) {
      if (lack.code == code) lacks.push_back(Say(lack.swedish, lack.english));
    }
  }
  added.set_detail(JoinWords(
      {measure.owner().empty() ? "" : ActorsName(measure.owner()),
       PlacesName(measure.where()),
       lacks.empty() ? ""
                     : Say("saknas: ", "missing: ") + JoinWords(lacks, ", "),
       row.overdue() ? Say("försenad", "overdue") : ""},
      "; "));
  AddPlan(std::move(added), made);
}

void TimelineComposer::AddReports() {
  views_.Of(ProjectionId::kChecks)
      .Scan<CheckEntry>(
          KeyPrefix(question_.process, "report"), "",
          [this](std::string_view, const CheckEntry& entry) {
            for (const auto& step : entry.report().steps()) {
              const bool submitted = step.state() == "submitted";
              if (!submitted && step.state() != "approved") continue;
              TimelineEntry added = EntryOf(
                  view::v1::TIMELINE_KIND_REPORT, step.origin(),
                  entry.report().report(),
                  submitted ? Say("Återrapport inlämnad", "Report submitted")
                            : Say("Återrapport godkänd", "Report approved"));
              added.set_detail(JoinWords(
                  {step.details().begin(), step.details().end()}, ", "));
              Add(std::move(added));
            }
            return true;
          });
}

}  // namespace samverk::projections

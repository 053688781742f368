#include "projections/activities/activities_answer.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "projections/activities/occasions.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::ActivitiesAnswer;
using view::v1::ActivityEntry;
using view::v1::ActivityOccasion;
using view::v1::ActivityPlan;
using view::v1::ActivityView;
using view::v1::ContributionView;
using view::v1::KindSummary;

bool PlannedInPeriod(const ActivityView& activity, const Question& question) {
  return std::any_of(activity.plans().begin(), activity.plans().end(),
                     [&question](const ActivityPlan& plan) {
                       return question.Selects(plan.planned());
                     });
}

// Leaves the occasions of the period alone, and counts them.
void KeepOccasionsOf(const Question& question, ActivityView& activity) {
  auto& held = *activity.mutable_held();
  const auto end = std::remove_if(
      held.begin(), held.end(), [&question](const ActivityOccasion& occasion) {
        return !question.Selects(occasion.origin().occurred());
      });
  held.DeleteSubrange(static_cast<int>(end - held.begin()),
                      static_cast<int>(held.end() - end));
  uint32_t count = 0;
  bool unknown = false;
  for (const ActivityOccasion& occasion : held) {
    const uint32_t occasions = OccasionsOf(occasion.held());
    count += occasions;
    unknown = unknown || occasions == 0;
  }
  activity.set_held_count(count);
  activity.set_held_count_unknown(unknown);
}

bool OutcomeIsMissing(const ActivityView& activity, const Question& question) {
  if (activity.state() != view::v1::ACTIVITY_STATE_PLANNED &&
      activity.state() != view::v1::ACTIVITY_STATE_RESCHEDULED) {
    return false;
  }
  const auto& planned = activity.plans(activity.plans_size() - 1).planned();
  return IsKnown(planned) && planned.to_us() <= question.evaluate_at_us;
}

// Start of the first occasion, else of the latest plan; then the position.
std::pair<int64_t, uint64_t> TimeOf(const ActivityView& activity) {
  constexpr int64_t kUnknown = std::numeric_limits<int64_t>::max();
  std::pair<int64_t, uint64_t> first = {kUnknown,
                                        activity.scheduled().position()};
  if (activity.held().empty()) {
    const auto& planned = activity.plans(activity.plans_size() - 1).planned();
    if (IsKnown(planned)) first.first = planned.from_us();
    return first;
  }
  first.second = activity.held(0).origin().position();
  for (const ActivityOccasion& occasion : activity.held()) {
    const auto& occurred = occasion.origin().occurred();
    if (IsKnown(occurred) && occurred.from_us() < first.first) {
      first = {occurred.from_us(), occasion.origin().position()};
    }
  }
  return first;
}

void Count(const ActivityView& activity, bool planned, KindSummary& summary) {
  const bool held = !activity.held().empty();
  summary.set_kind(activity.kind());
  if (held) summary.set_held(summary.held() + 1);
  if (held && !activity.has_scheduled()) {
    summary.set_unplanned(summary.unplanned() + 1);
  }
  if (!planned) return;
  summary.set_planned(summary.planned() + 1);
  if (activity.state() == view::v1::ACTIVITY_STATE_CANCELLED) {
    summary.set_cancelled(summary.cancelled() + 1);
  }
  if (activity.state() == view::v1::ACTIVITY_STATE_OUTCOME_MISSING) {
    summary.set_outcome_missing(summary.outcome_missing() + 1);
  }
}

void AddActivities(const ViewSet& views, const Question& question,
                   ActivitiesAnswer& answer) {
  std::map<int, KindSummary> kinds;
  VisitActivities(views, question, [&](ActivityView& activity, bool planned) {
    Count(activity, planned, kinds[activity.kind()]);
    answer.add_activities()->Swap(&activity);
  });
  std::sort(answer.mutable_activities()->pointer_begin(),
            answer.mutable_activities()->pointer_end(),
            [](const ActivityView* a, const ActivityView* b) {
              return TimeOf(*a) < TimeOf(*b);
            });
  for (auto& [kind, summary] : kinds) *answer.add_kinds() = std::move(summary);
}

void AddContributions(const ViewSet& views, const Question& question,
                      ActivitiesAnswer& answer) {
  views.Of(ProjectionId::kActivities)
      .Scan<ActivityEntry>(
          KeyPrefix(question.process, "contribution"), "",
          [&](std::string_view, const ActivityEntry& entry) {
            const auto& contribution = entry.contribution();
            if (question.Selects(contribution.origin().occurred())) {
              *answer.add_contributions() = contribution;
            }
            return true;
          });
  std::sort(answer.mutable_contributions()->pointer_begin(),
            answer.mutable_contributions()->pointer_end(),
            [](const ContributionView* a, const ContributionView* b) {
              return a->origin().position() < b->origin().position();
            });
}

}  // namespace

void VisitActivities(
    const ViewSet& views, const Question& question,
    absl::FunctionRef<void(ActivityView& activity, bool planned)> visit) {
  views.Of(ProjectionId::kActivities)
      .Scan<ActivityEntry>(
          KeyPrefix(question.process, "activity"), "",
          [&](std::string_view, const ActivityEntry& entry) {
            // Without a schedule and an occasion it is not an activity but what
            // is left of one that was taken back.
            if (!entry.activity().has_scheduled() &&
                entry.activity().held().empty()) {
              return true;
            }
            ActivityView activity = entry.activity();
            const bool planned = PlannedInPeriod(activity, question);
            KeepOccasionsOf(question, activity);
            if (!planned && activity.held().empty()) return true;
            if (OutcomeIsMissing(activity, question)) {
              activity.set_state(view::v1::ACTIVITY_STATE_OUTCOME_MISSING);
            }
            visit(activity, planned);
            return true;
          });
}

ActivitiesAnswer AnswerActivities(const ViewSet& views,
                                  const Question& question) {
  ActivitiesAnswer answer;
  AddActivities(views, question, answer);
  AddContributions(views, question, answer);
  return answer;
}

}  // namespace samverk::projections

// C10: what was planned has an outcome, and a series has a number.
#include <string>

#include "absl/strings/str_cat.h"
#include "projections/activities/activities_answer.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::ActivityView;

// How often, as the plan says, or else as what was held says.
std::string CadenceOf(const ActivityView& activity) {
  if (!activity.cadence().empty()) return activity.cadence();
  for (const auto& occasion : activity.held()) {
    if (!occasion.held().cadence().empty()) return occasion.held().cadence();
  }
  return "";
}

// When the whole series is over: its plan's time, else that of what was held.
view::v1::When TimeOf(const ActivityView& activity) {
  if (!activity.plans().empty()) {
    return activity.plans(activity.plans_size() - 1).planned();
  }
  if (activity.held().empty()) return {};
  return activity.held(activity.held_size() - 1).origin().occurred();
}

void TellMissingOutcome(const CheckContext& context,
                        const ActivityView& activity, CheckDraft& draft) {
  draft.Text(absl::StrCat(
      "\"", Shorten(activity.title()),
      context.Say("\" var planerad till ", "\" was planned for "),
      context.Show(TimeOf(activity)),
      context.Say(" och har inget utfall.", " and has no outcome.")));
}

// Whether the question's period shows the whole of it.
bool IsWhole(const CheckContext& context, const view::v1::When& when) {
  const auto& period = context.question.period;
  return !period.has_value() ||
         (period->from_us <= when.from_us() && when.to_us() <= period->to_us);
}

// A series that was promised a number of times, or a rhythm, is held against
// it once its time has passed.
void TellSeries(const CheckContext& context, const ActivityView& activity,
                CheckDraft& draft) {
  const std::string cadence = CadenceOf(activity);
  const uint32_t expected = activity.expected_count();
  const view::v1::When time = TimeOf(activity);
  if ((expected == 0 && cadence.empty()) || !context.HasPassed(time) ||
      !IsWhole(context, time)) {
    return;
  }
  std::string text = absl::StrCat("\"", Shorten(activity.title()), "\"");
  if (!cadence.empty()) absl::StrAppend(&text, ", ", Shorten(cadence));
  if (expected > 0) {
    absl::StrAppend(
        &text, context.Say(": väntade tillfällen ", ": occasions expected "),
        expected);
  }
  if (activity.held_count_unknown()) {
    draft.Text(absl::StrCat(text, expected > 0 ? ", " : ": ",
                            context.Say("antalet genomförda är inte känt.",
                                        "the number held is not known.")));
  } else if (expected > activity.held_count()) {
    draft.Text(absl::StrCat(text, context.Say(", genomförda ", ", held "),
                            activity.held_count(), "."));
  }
}

void AddActivityCheck(const CheckContext& context, const ActivityView& activity,
                      Checks& checks) {
  CheckDraft draft("C10", activity.activity());
  if (activity.state() == view::v1::ACTIVITY_STATE_OUTCOME_MISSING) {
    TellMissingOutcome(context, activity, draft);
  } else if (!activity.held().empty()) {
    TellSeries(context, activity, draft);
  }
  if (draft.empty()) return;
  for (const auto& plan : activity.plans()) {
    draft.At(plan.origin().position());
  }
  for (const auto& occasion : activity.held()) {
    draft.At(occasion.origin().position());
  }
  checks.push_back(
      draft
          .Action(activity.held().empty()
                      ? context.Say("Registrera att den hölls, flyttades eller "
                                    "ställdes in.",
                                    "Record that it was held, moved or "
                                    "cancelled.")
                      : context.Say("Registrera tillfällena ett och ett, eller "
                                    "hur många de var.",
                                    "Record the occasions one by one, or how "
                                    "many they were."))
          .Done());
}

}  // namespace

void AddActivityChecks(const CheckContext& context, Checks& checks) {
  VisitActivities(context.views, context.question,
                  [&](const ActivityView& activity, bool /*planned*/) {
                    AddActivityCheck(context, activity, checks);
                  });
}

}  // namespace samverk::projections

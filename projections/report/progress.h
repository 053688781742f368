// How far something had come when the report's period ended.
#ifndef SAMVERK_PROJECTIONS_REPORT_PROGRESS_H_
#define SAMVERK_PROJECTIONS_REPORT_PROGRESS_H_

#include "projections/report/prose.h"
#include "projections/report/report_context.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

// The last of the steps (ordered by when they happened) that does not lie after
// the period; null when there is none.
template <typename Steps>
auto LastStepOfPeriod(const ReportContext& context, const Steps& steps) ->
    typename Steps::const_pointer {
  typename Steps::const_pointer last = nullptr;
  for (const auto& step : steps) {
    if (!context.AfterPeriod(step.origin().occurred())) last = &step;
  }
  return last;
}

// Tells the state at the end of the period, and, apart, the last step after it:
// "planerad (efter perioden: genomförd, 12 maj 2026)". `first_state` and
// `first_origin` are those of the entity before its first step.
template <typename State, typename Steps>
void TellProgress(const ReportContext& context, State first_state,
                  const view::v1::Origin& first_origin, const Steps& steps,
                  Prose& prose) {
  const auto* within = LastStepOfPeriod(context, steps);
  const State state = within == nullptr ? first_state : within->state();
  const view::v1::Origin& origin =
      within == nullptr ? first_origin : within->origin();
  prose.Fact(WordsFor(state).In(context.language()), origin);
  if (!origin.occurred().edtf().empty()) prose.Own(", ");
  if (!origin.occurred().edtf().empty()) TellTime(context, origin, prose);
  if (steps.empty()) return;
  const auto& latest = *steps.rbegin();
  if (&latest == within || !context.AfterPeriod(latest.origin().occurred())) {
    return;
  }
  prose.Own(context.Say(" (efter perioden: ", " (after the period: "))
      .Fact(WordsFor(latest.state()).In(context.language()), latest.origin())
      .Own(", ");
  TellTime(context, latest.origin(), prose);
  prose.Own(")");
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_PROGRESS_H_

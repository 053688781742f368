// C8: a plan is not a commitment while its owner, place, date or decision is
// missing, and nothing is done without a decision.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/findings/findings_answer.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::MeasureRow;
using view::v1::MeasureView;

std::string LackText(const CheckContext& context, std::string_view lack) {
  if (lack == "owner") return std::string(context.Say("ansvarig", "an owner"));
  if (lack == "place") return std::string(context.Say("plats", "a place"));
  if (lack == "date") return std::string(context.Say("datum", "a date"));
  if (lack == "decision") {
    return std::string(context.Say("beslut", "a decision"));
  }
  return std::string(context.Say("kostnad", "a cost"));
}

// A measure that nobody has given a time is an idea, not a plan.
bool IsPlan(const MeasureView& measure) {
  return measure.state() != view::v1::MEASURE_STATE_PROPOSED ||
         IsKnown(measure.planned());
}

// Begun or carried out, and not given up.
bool IsUnderWay(const MeasureView& measure) {
  return measure.state() >= view::v1::MEASURE_STATE_STARTED &&
         measure.state() != view::v1::MEASURE_STATE_ABANDONED;
}

bool IsDecided(const MeasureView& measure) {
  return std::any_of(measure.steps().begin(), measure.steps().end(),
                     [](const view::v1::MeasureStep& step) {
                       return step.says() == view::v1::MEASURE_STATE_DECIDED;
                     });
}

CheckDraft DraftOf(const MeasureView& measure) {
  CheckDraft draft("C8", measure.measure());
  if (measure.has_origin()) draft.At(measure.origin().position());
  for (const auto& step : measure.steps()) draft.At(step.origin().position());
  return draft;
}

std::string NameOf(const CheckContext& context, const MeasureView& measure) {
  return absl::StrCat(
      context.Say("Åtgärden \"", "The measure \""),
      measure.title().empty() ? measure.measure() : Shorten(measure.title()),
      "\"");
}

// "är tänkt till maj 2026", "är påbörjad", "är på väg".
std::string HowFar(const CheckContext& context, const MeasureView& measure) {
  if (IsUnderWay(measure)) {
    return std::string(context.Say(" är påbörjad", " has been started"));
  }
  if (IsKnown(measure.planned())) {
    return absl::StrCat(context.Say(" är tänkt till ", " is meant for "),
                        context.Show(measure.planned()));
  }
  return std::string(context.Say(" är på väg", " is on its way"));
}

void AddPlanCheck(const CheckContext& context, const MeasureView& measure,
                  const MeasureRow& row, Checks& checks) {
  std::vector<std::string> lacks;
  bool only_cost = true;
  for (const std::string& lack : row.missing()) {
    lacks.push_back(LackText(context, lack));
    only_cost = only_cost && lack == "cost";
  }
  // What a measure costs is not always known; on its own it is no remark.
  if (only_cost || !IsPlan(measure)) return;
  checks.push_back(
      DraftOf(measure)
          .Text(absl::StrCat(NameOf(context, measure), HowFar(context, measure),
                             context.Say(" men saknar ", " but lacks "),
                             JoinWords(lacks, context.language()), "."))
          .Action(context.Say(
              "Registrera det som saknas när det är bestämt, eller avbryt "
              "åtgärden.",
              "Record what is missing once it is settled, or give the measure "
              "up."))
          .Done());
}

// What a finished measure lacked as a plan is past; that nobody is known to
// have decided it is not.
void AddUndecidedCheck(const CheckContext& context, const MeasureView& measure,
                       Checks& checks) {
  if (measure.state() < view::v1::MEASURE_STATE_IMPLEMENTED ||
      !IsUnderWay(measure) || IsDecided(measure)) {
    return;
  }
  checks.push_back(
      DraftOf(measure)
          .Text(absl::StrCat(
              NameOf(context, measure),
              context.Say(" är genomförd utan att något beslut är registrerat.",
                          " has been carried out, and no decision on it is "
                          "recorded.")))
          .Action(context.Say(
              "Registrera beslutet, eller förklara varför inget behövdes.",
              "Record the decision, or explain why none was needed."))
          .Done());
}

}  // namespace

void AddMeasureChecks(const CheckContext& context, Checks& checks) {
  VisitMeasures(context.views, context.question,
                [&](const MeasureView& measure, const MeasureRow& row) {
                  AddPlanCheck(context, measure, row, checks);
                  AddUndecidedCheck(context, measure, checks);
                });
}

}  // namespace samverk::projections

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "projections/findings/findings_answer.h"
#include "projections/kept_facts.h"
#include "proto/codec/edtf.h"

namespace samverk::projections {
namespace {

using view::v1::FindingEntry;
using view::v1::MeasureFact;
using view::v1::MeasureRow;
using view::v1::MeasuresAnswer;
using view::v1::MeasureState;
using view::v1::MeasureStep;
using view::v1::MeasureView;
using view::v1::When;

constexpr int64_t kDayUs = int64_t{24} * 3600 * 1'000'000;
// A month with the hour that it gains in autumn.
constexpr int64_t kMonthUs = 31 * kDayUs + kDayUs / 24;
constexpr int64_t kYearUs = 365 * kDayUs;

bool IsFinished(const MeasureView& measure) {
  return measure.state() >= view::v1::MEASURE_STATE_IMPLEMENTED;
}

// Steps are by time, so the first one tells when it began.
bool BegunBeforeEnd(const MeasureView& measure, const Question& question) {
  const When& begun = measure.steps(0).origin().occurred();
  return !question.period.has_value() || !IsKnown(begun) ||
         begun.from_us() < question.period->to_us;
}

bool Selected(const MeasureView& measure, const Question& question) {
  if (!IsFinished(measure) && BegunBeforeEnd(measure, question)) return true;
  if (IsKnown(measure.planned()) && question.Selects(measure.planned())) {
    return true;
  }
  return std::any_of(measure.steps().begin(), measure.steps().end(),
                     [&question](const MeasureStep& step) {
                       return question.Selects(step.origin().occurred());
                     });
}

// The first day of a time that is exact enough to count days from.
std::optional<absl::CivilDay> DayOf(const When& when) {
  if (!IsKnown(when) || when.to_us() - when.from_us() > kMonthUs) {
    return std::nullopt;
  }
  const codec::Date date = codec::StockholmDate(when.from_us());
  return absl::CivilDay(date.year, date.month, date.day);
}

// When the first of the measure's findings was made; else when the measure was
// proposed.
When BeginningOf(const ViewReader& findings, const Question& question,
                 const MeasureView& measure) {
  When first;
  for (const std::string& finding : measure.findings()) {
    const auto* entry = findings.Find<FindingEntry>(
        KeyPrefix(question.process, "finding") + finding);
    if (entry == nullptr || !entry->finding().has_logged()) continue;
    const When& logged = entry->finding().origin().occurred();
    if (!IsKnown(logged)) continue;
    if (!IsKnown(first) || logged.from_us() < first.from_us()) first = logged;
  }
  return IsKnown(first) ? first : measure.origin().occurred();
}

int32_t LeadDays(const ViewReader& findings, const Question& question,
                 const MeasureView& measure) {
  for (const MeasureStep& step : measure.steps()) {
    if (step.says() != view::v1::MEASURE_STATE_IMPLEMENTED) continue;
    const auto done = DayOf(step.origin().occurred());
    const auto begun = DayOf(BeginningOf(findings, question, measure));
    if (!done.has_value() || !begun.has_value() || *done < *begun) return -1;
    return static_cast<int32_t>(*done - *begun);
  }
  return -1;
}

bool IsPlace(const event::v1::Where& where) {
  return !where.place().empty() || where.has_point() ||
         !where.description().empty();
}

bool IsDate(const When& when) {
  return IsKnown(when) && when.to_us() - when.from_us() < kYearUs;
}

void AddLacks(const MeasureView& measure, MeasureRow& row) {
  if (measure.owner().empty()) row.add_missing("owner");
  if (!IsPlace(measure.where())) row.add_missing("place");
  if (!IsDate(measure.planned())) row.add_missing("date");
  if (measure.decision().empty()) row.add_missing("decision");
  if (!measure.has_planned_cost()) row.add_missing("cost");
}

// Everything of a row but the measure itself.
void Judge(const ViewReader& findings, const Question& question,
           const MeasureView& measure, MeasureRow& row) {
  row.set_lead_days(LeadDays(findings, question, measure));
  if (IsFinished(measure)) return;
  AddLacks(measure, row);
  row.set_overdue(IsKnown(measure.planned()) &&
                  measure.planned().to_us() <= question.evaluate_at_us);
}

// Place in the list: that of its proposal or, if that was taken back, of the
// first fact that is left.
uint64_t PositionOf(const MeasureView& measure) {
  if (measure.has_origin()) return measure.origin().position();
  uint64_t first = measure.steps(0).origin().position();
  for (const MeasureStep& step : measure.steps()) {
    first = std::min<uint64_t>(first, step.origin().position());
  }
  return first;
}

}  // namespace

void VisitMeasures(
    const ViewSet& views, const Question& question,
    absl::FunctionRef<void(const MeasureView&, MeasureRow&)> visit) {
  const ViewReader& findings = views.Of(ProjectionId::kFindings);
  findings.Scan<FindingEntry>(KeyPrefix(question.process, "measure"), "",
                              [&](std::string_view, const FindingEntry& entry) {
                                if (!Selected(entry.measure(), question))
                                  return true;
                                MeasureRow judged;
                                Judge(findings, question, entry.measure(),
                                      judged);
                                visit(entry.measure(), judged);
                                return true;
                              });
}

MeasuresAnswer AnswerMeasures(const ViewSet& views, const Question& question) {
  MeasuresAnswer answer;
  VisitMeasures(views, question,
                [&](const MeasureView& measure, MeasureRow& judged) {
                  MeasureRow& row = *answer.add_measures();
                  row.Swap(&judged);
                  *row.mutable_measure() = measure;
                });
  std::sort(answer.mutable_measures()->pointer_begin(),
            answer.mutable_measures()->pointer_end(),
            [](const MeasureRow* a, const MeasureRow* b) {
              return PositionOf(a->measure()) < PositionOf(b->measure());
            });
  views.Of(ProjectionId::kFindings)
      .Scan<FindingEntry>(KeyPrefix(question.process, "place"), "",
                          [&](std::string_view, const FindingEntry& entry) {
                            *answer.add_places() = entry.place();
                            return true;
                          });
  return answer;
}

}  // namespace samverk::projections

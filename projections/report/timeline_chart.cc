#include "projections/report/timeline_chart.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/telling.h"
#include "proto/codec/edtf.h"

namespace samverk::projections {

using view::v1::TimelineEntry;

namespace {

// What a chart drops last has the lowest number.
int ImportanceOf(view::v1::TimelineKind kind) {
  switch (static_cast<int>(kind)) {
    case view::v1::TIMELINE_KIND_PHASE:
      return 0;
    case view::v1::TIMELINE_KIND_SHIFT:
      return 1;
    case view::v1::TIMELINE_KIND_PLAN:
      return 2;
    case view::v1::TIMELINE_KIND_DECISION:
    case view::v1::TIMELINE_KIND_GRANT:
      return 3;
    case view::v1::TIMELINE_KIND_MEASURE:
    case view::v1::TIMELINE_KIND_STUDY:
    case view::v1::TIMELINE_KIND_INITIATIVE:
      return 4;
    case view::v1::TIMELINE_KIND_REPORT:
      return 5;
    default:  // Activities, and what a newer program adds.
      return 6;
  }
}

// Achievements are told in section 3; a track shows what moves.
bool IsShown(const TimelineEntry& entry) {
  return entry.kind() != view::v1::TIMELINE_KIND_ACHIEVEMENT &&
         (entry.when().from_us() != 0 || entry.when().to_us() != 0);
}

int FirstYear(const view::v1::When& when) {
  return codec::StockholmDate(when.from_us()).year;
}

// The year that the interval ends in; that of its start for an open end.
int LastYear(const view::v1::When& when) {
  const int first = FirstYear(when);
  const int last = codec::StockholmDate(when.to_us() - 1).year;
  return last - first > kChartYearsMax ? first : last;
}

void SetYears(const ReportContext& context, report::v1::TimelineChart& chart) {
  int first = 0;
  int last = 0;
  const auto take_in = [&](int year) {
    first = first == 0 ? year : std::min(first, year);
    last = std::max(last, year);
  };
  for (const TimelineEntry& entry : chart.entries()) {
    take_in(FirstYear(entry.when()));
    take_in(LastYear(entry.when()));
  }
  const auto& horizon = context.process.registered().horizon().edtf();
  const auto span = codec::ParseEdtf(horizon);
  if (!horizon.empty() && span.ok() && !span->open_end) {
    take_in(codec::StockholmDate(span->to_us - 1).year);
  }
  // Too long a time: the years around the report's period.
  const auto& period = context.parameters.question.period;
  if (last - first >= kChartYearsMax && period.has_value()) {
    const int reported = codec::StockholmDate(period->from_us).year;
    first = std::max(first, reported - 2);
    last = std::min(last, first + kChartYearsMax - 1);
  }
  chart.set_first_year(first);
  chart.set_last_year(std::min(last, first + kChartYearsMax - 1));
}

}  // namespace

report::v1::TimelineChart ProgressionChart(const ReportContext& context) {
  report::v1::TimelineChart chart;
  std::vector<const TimelineEntry*> entries;
  for (const TimelineEntry& entry : context.timeline.entries()) {
    if (IsShown(entry)) entries.push_back(&entry);
  }
  const auto all = static_cast<int>(entries.size());
  // Stable sorts keep the answer's order (time, then position) within a kind.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TimelineEntry* a, const TimelineEntry* b) {
                     return ImportanceOf(a->kind()) < ImportanceOf(b->kind());
                   });
  if (all > kChartEntriesMax) entries.resize(kChartEntriesMax);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TimelineEntry* a, const TimelineEntry* b) {
                     return a->when().from_us() < b->when().from_us();
                   });
  for (const TimelineEntry* entry : entries) {
    TimelineEntry& shown = *chart.add_entries();
    shown = *entry;
    if (InferredMark(context, Sources(entry->positions()),
                     {"occurred", "intended", "planned", "horizon"})
            .empty()) {
      continue;
    }
    absl::StrAppend(shown.mutable_detail(), shown.detail().empty() ? "" : "; ",
                    std::string(kTimeInferred.In(context.language())));
  }
  if (entries.empty()) return chart;

  SetYears(context, chart);
  chart.set_title(absl::StrCat(context.process.registered().name(), " ",
                               chart.first_year(), "–", chart.last_year()));
  std::string description = absl::StrCat(
      std::string(context.Say("Tidslinje från ", "Timeline from ")),
      chart.first_year(), std::string(context.Say(" till ", " to ")),
      chart.last_year(),
      std::string(context.Say(
          " med faser, beslut, förflyttningar, åtgärder och det som är "
          "planerat.",
          " with phases, decisions, shifts, measures and what is "
          "planned.")));
  const std::string left_out = LeftOutText(context, chart.entries_size(), all);
  if (!left_out.empty()) absl::StrAppend(&description, " ", left_out);
  chart.set_description(std::string(description));
  return chart;
}

}  // namespace samverk::projections

// The progression as a track: phases, decisions, shifts, what is planned.
#ifndef SAMVERK_PROJECTIONS_REPORT_TIMELINE_CHART_H_
#define SAMVERK_PROJECTIONS_REPORT_TIMELINE_CHART_H_

#include "projections/report/report_context.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk::projections {

// A chart shows at most so many entries and spans at most so many years: it is
// to be read from the back of a room.
inline constexpr int kChartEntriesMax = 40;
inline constexpr int kChartYearsMax = 8;

// The entries with a known time but achievements, the most telling kinds first
// when they are too many, ordered by time; the years from the first of them to
// the process's horizon. Without entries when there is nothing to show.
report::v1::TimelineChart ProgressionChart(const ReportContext& context);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_TIMELINE_CHART_H_

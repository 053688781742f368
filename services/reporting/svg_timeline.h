// The progression as a track from the first year to the last.
#ifndef SAMVERK_SERVICES_REPORTING_SVG_TIMELINE_H_
#define SAMVERK_SERVICES_REPORTING_SVG_TIMELINE_H_

#include <string>
#include <string_view>

#include "samverk/report/v1/report.pb.h"
#include "services/reporting/report_text.h"

namespace samverk {

// Draws `chart` as one SVG element of 1000 units width: years and seasons along
// the top, a track for each kind of thing below. Times are as wide as they are
// uncertain: "2025" is a whole year, a day is a point. Entries that would
// touch each other get lanes of their own. Shifts carry the sign of their
// grade; intentions are hatched. `report` gives the period and the state of
// knowledge, which are drawn too; `id` is unique in the page.
std::string TimelineSvg(const report::v1::TimelineChart& chart,
                        const report::v1::ReportModel& report,
                        const ReportWords& words, std::string_view id);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_SVG_TIMELINE_H_

// From finding to measure: what was noticed, who has the say, what came of it.
#ifndef SAMVERK_PROJECTIONS_REPORT_FINDINGS_TABLES_H_
#define SAMVERK_PROJECTIONS_REPORT_FINDINGS_TABLES_H_

#include "projections/report/report_context.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk::projections {

// Adds the funnel by control, the findings with their measures, and the
// measures that were carried out in the period with what they led to.
void WriteFindingsTables(const ReportContext& context,
                         report::v1::Section& section);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_FINDINGS_TABLES_H_

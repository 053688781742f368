// The budget as bars.
#ifndef SAMVERK_SERVICES_REPORTING_SVG_BUDGET_H_
#define SAMVERK_SERVICES_REPORTING_SVG_BUDGET_H_

#include <string>
#include <string_view>

#include "samverk/report/v1/report.pb.h"
#include "services/reporting/report_text.h"

namespace samverk {

// Draws `chart` as one SVG element. Money and contributions in kind stand in
// groups of their own, never on top of each other; what is not exact is
// hatched, what is not known has no filling. `id` is unique in the page.
std::string BudgetSvg(const report::v1::BudgetChart& chart,
                      const ReportWords& words, std::string_view id);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_SVG_BUDGET_H_

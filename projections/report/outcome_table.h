// The outcome table (utfallstabell): never one number without its basis.
#ifndef SAMVERK_PROJECTIONS_REPORT_OUTCOME_TABLE_H_
#define SAMVERK_PROJECTIONS_REPORT_OUTCOME_TABLE_H_

#include <string_view>

#include "projections/report/report_context.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk::projections {

// The budget's rows as a table: item, amount, certainty, basis, source. Figures
// that vouchers took the place of stay visible; rows that reconcile are set
// apart.
report::v1::Table OutcomeTable(const ReportContext& context);

// The totals that somebody stated, with the same columns. They are claims, held
// against what is derived (check C1), and stand in no table with sums.
report::v1::Table ClaimedTotals(const ReportContext& context);

// The same figures as bars; cash and in-kind each have their own.
report::v1::BudgetChart OutcomeChart(const ReportContext& context);

// The part of a row's key before "/": "granted" of "granted/fgk-2025".
std::string_view RowKind(const view::v1::OutcomeRow& row);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_OUTCOME_TABLE_H_

// The funder's report as a fold over a prefix of the log.
#ifndef SAMVERK_PROJECTIONS_REPORT_REPORT_H_
#define SAMVERK_PROJECTIONS_REPORT_REPORT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "projections/projection.h"
#include "projections/question.h"
#include "samverk/report/v1/report.pb.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {

// What a report is about.
struct ReportParameters {
  Question question;   // evaluate_at_us: last recorded_at of the prefix
  std::string period;  // EDTF, as asked
  std::string register_name;
  Position as_of;
  int64_t as_of_recorded_us = 0;
  uint64_t withheld = 0;  // events of the process that the views are without
};

// An event by its position, decoded.
using EventLookup = std::function<absl::StatusOr<event::v1::Event>(
    Position, int64_t& recorded_at_us)>;

// Builds the report's model from views folded over the prefix. Pure but for
// `lookup`, which reads events of the same prefix. `checks` gives AnswerChecks
// of the views and the question; it takes half of the time, so that it may be
// worked out meanwhile. NOT_FOUND when the process is not in the register
// within the prefix.
absl::StatusOr<report::v1::ReportModel> BuildReport(
    const ViewSet& views, const ReportParameters& parameters,
    const std::function<view::v1::ChecksAnswer()>& checks,
    const EventLookup& lookup);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_REPORT_H_

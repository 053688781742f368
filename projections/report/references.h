// The events that a report refers to, listed once.
#ifndef SAMVERK_PROJECTIONS_REPORT_REFERENCES_H_
#define SAMVERK_PROJECTIONS_REPORT_REFERENCES_H_

#include <string>

#include "absl/status/status.h"
#include "projections/report/report_context.h"

namespace samverk::projections {

// What an event is about, in one line of the report's language: "Kostnad
// bokförd: scen och tält, 12 500 kr". A secret event is told by its kind alone.
std::string EventTitle(const ReportContext& context,
                       const event::v1::Event& event);

// Sets `report`'s references: every event that its sections, checks, outcome
// table and charts point to, by position, read through `lookup`. Passes on the
// errors of `lookup`.
absl::Status AddReferences(const ReportContext& context,
                           const EventLookup& lookup,
                           report::v1::ReportModel& report);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_REFERENCES_H_

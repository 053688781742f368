// From a question to the bytes of a report.
#ifndef SAMVERK_SERVICES_REPORTING_REPORT_GENERATOR_H_
#define SAMVERK_SERVICES_REPORTING_REPORT_GENERATOR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "eventstore/base/sha256.h"
#include "eventstore/event_store.h"
#include "projections/fold.h"
#include "projections/report/report.h"
#include "proto/codec/text.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk {

// Which report.
struct ReportQuestion {
  std::string process;
  std::string period;  // EDTF
  projections::Prefix prefix;
  report::v1::ReportFormat format = report::v1::REPORT_FORMAT_MARKDOWN;
  codec::Language language = codec::Language::kSwedish;
  // Which events it may rest on; null: all.
  projections::EventFilter filter = nullptr;
};

// A rendered report and what it was made from.
struct GeneratedReport {
  std::string content;
  Hash model_sha256{};  // of the model's canonical JSON
  std::string_view media_type;
  Position as_of;
  int64_t as_of_recorded_us = 0;
  uint32_t open_checks = 0;
  uint64_t withheld = 0;  // events that the filter left out
};

// Reads an event of `store` by its position, decoded, with the time when it was
// recorded. `store` must outlive the function. DATA_LOSS (DAMAGED) when there
// is no event there or it cannot be read, FAILED_PRECONDITION (UNKNOWN_EVENT).
projections::EventLookup LookupIn(EventStore& store);

// Folds the prefix of the log and builds the model of its report.
//   INVALID_ARGUMENT (INVALID_FIELD): the process or the period is malformed.
//   NOT_FOUND: the process is not in the register within the prefix.
//   DATA_LOSS (DAMAGED), FAILED_PRECONDITION (UNKNOWN_EVENT): see FoldPrefix.
absl::StatusOr<report::v1::ReportModel> BuildModel(
    EventStore& store, std::string_view register_name,
    const ReportQuestion& question);

// Renders a model. The same model and format give the same bytes.
// INVALID_ARGUMENT (INVALID_FIELD) for a format that this program does not
// know.
absl::StatusOr<GeneratedReport> RenderReport(
    const report::v1::ReportModel& model, report::v1::ReportFormat format);

// Both. The same prefix and question give the same bytes, whatever has been
// recorded since.
absl::StatusOr<GeneratedReport> GenerateReport(EventStore& store,
                                               std::string_view register_name,
                                               const ReportQuestion& question);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_REPORT_GENERATOR_H_

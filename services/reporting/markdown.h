// The report as Markdown (CommonMark with GitHub's tables), readable as text.
#ifndef SAMVERK_SERVICES_REPORTING_MARKDOWN_H_
#define SAMVERK_SERVICES_REPORTING_MARKDOWN_H_

#include <string>
#include <string_view>

#include "samverk/report/v1/report.pb.h"

namespace samverk {

// Renders `report`; `model_sha256` (32 bytes) is the hash of its canonical
// JSON, printed with it. Pure: the same arguments give the same bytes.
std::string RenderMarkdown(const report::v1::ReportModel& report,
                           std::string_view model_sha256);

// `text` with every character escaped that Markdown would take as markup, in
// the middle of a line; `line_start` also those that mean something there.
std::string EscapeMarkdown(std::string_view text, bool line_start = false);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_MARKDOWN_H_

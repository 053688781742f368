// The report as one HTML file: on a screen, a phone, paper, a projector.
#ifndef SAMVERK_SERVICES_REPORTING_HTML_H_
#define SAMVERK_SERVICES_REPORTING_HTML_H_

#include <string>
#include <string_view>

#include "samverk/report/v1/report.pb.h"

namespace samverk {

// Renders `report` as a page that needs nothing else: no network, no scripts.
// `model_sha256` (32 bytes) is the hash of its canonical JSON, printed with it.
// Pure: the same arguments give the same bytes.
std::string RenderHtml(const report::v1::ReportModel& report,
                       std::string_view model_sha256);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_HTML_H_

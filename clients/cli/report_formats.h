// The formats that reports are written in.
#ifndef SAMVERK_CLIENTS_CLI_REPORT_FORMATS_H_
#define SAMVERK_CLIENTS_CLI_REPORT_FORMATS_H_

#include <set>
#include <string>

#include "samverk/report/v1/report.pb.h"

namespace samverk::cli {

// As the command line, manifests and names of files have them.
inline const std::set<std::string>& ReportFormats() {
  static const auto& formats = *new std::set<std::string>{"html", "json", "md"};
  return formats;
}

// Of one of these; Markdown for everything else.
inline report::v1::ReportFormat ReportFormatOf(const std::string& name) {
  if (name == "html") return report::v1::REPORT_FORMAT_HTML;
  if (name == "json") return report::v1::REPORT_FORMAT_JSON;
  return report::v1::REPORT_FORMAT_MARKDOWN;
}

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_REPORT_FORMATS_H_

// "samverk report issue" and "samverk report verify": reports that are bound to
// the log.
#ifndef SAMVERK_CLIENTS_CLI_REPORT_ISSUE_H_
#define SAMVERK_CLIENTS_CLI_REPORT_ISSUE_H_

#include <CLI/App.hpp>

#include "clients/cli/commands.h"

namespace samverk::cli {

// Adds both to the command "report".
void AddReportIssueCommand(CLI::App& report, Run& run);
void AddReportVerifyCommand(CLI::App& report, Run& run);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_REPORT_ISSUE_H_

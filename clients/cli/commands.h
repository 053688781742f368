// The commands of the program, one file for each. Every function adds a command
// to the program's command line; when it is chosen, `run` is set to what it
// does.
#ifndef SAMVERK_CLIENTS_CLI_COMMANDS_H_
#define SAMVERK_CLIENTS_CLI_COMMANDS_H_

#include <CLI/App.hpp>
#include <functional>

#include "clients/cli/session.h"

namespace samverk::cli {

// Runs a command; the program's exit status.
using Run = std::function<int(Session&)>;

void AddRecordCommand(CLI::App& program, Run& run);
void AddShowCommand(CLI::App& program, Run& run);
void AddReportCommand(CLI::App& program, Run& run);
void AddLogCommand(CLI::App& program, Run& run);
void AddProcessesCommand(CLI::App& program, Run& run);
void AddSubscriptionsCommand(CLI::App& program, Run& run);
void AddConnectorsCommand(CLI::App& program, Run& run);
void AddCursorsCommand(CLI::App& program, Run& run);
void AddProjectionsCommand(CLI::App& program, Run& run);
void AddStatusCommand(CLI::App& program, Run& run);
void AddBenchCommand(CLI::App& program, Run& run);
void AddBackupCommand(CLI::App& program, Run& run);
void AddRestoreCommand(CLI::App& program, Run& run);
void AddFsckCommand(CLI::App& program, Run& run);
void AddAuditCommand(CLI::App& program, Run& run);
void AddExportCommand(CLI::App& program, Run& run);
void AddTokenCommand(CLI::App& program, Run& run);
void AddPersonalCommand(CLI::App& program, Run& run);
void AddRetentionCommand(CLI::App& program, Run& run);
void AddDiscloseCommand(CLI::App& program, Run& run);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_COMMANDS_H_

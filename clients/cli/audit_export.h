// "samverk audit export": a register as a directory that can be kept.
#ifndef SAMVERK_CLIENTS_CLI_AUDIT_EXPORT_H_
#define SAMVERK_CLIENTS_CLI_AUDIT_EXPORT_H_

#include <string>

#include "clients/cli/session.h"

namespace samverk::cli {

// Writes all that is recorded into a new directory; the exit status.
int ExportRegister(Session& session, const std::string& directory);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_AUDIT_EXPORT_H_

// Asking whoever sits at the terminal.
#ifndef SAMVERK_CLIENTS_CLI_CONFIRM_H_
#define SAMVERK_CLIENTS_CLI_CONFIRM_H_

#include <cstdio>
#include <string>

namespace samverk::cli {

enum class Confirmed { kYes, kNo, kNobodyThere };

// Asks on standard error, waits for a line of `in` and takes "ja" or "yes" for
// a yes, all else for a no. kNobodyThere, and nothing is asked or read, when
// `in` is no terminal.
Confirmed Confirm(std::FILE* in, const std::string& question);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_CONFIRM_H_

// Where a result goes that is written to a file.
#ifndef SAMVERK_CLIENTS_CLI_OUTPUT_FILE_H_
#define SAMVERK_CLIENTS_CLI_OUTPUT_FILE_H_

#include <string>
#include <string_view>

namespace samverk::cli {

// Writes `content` to `path`; empty, or why it could not be written.
// A file is replaced in one step, so that nobody sees half of it, and keeps its
// permissions; a symbolic link stays and what it leads to is replaced. What is
// not a file (a device, a pipe, what standard output goes to) is written into.
std::string WriteOutputFile(const std::string& path, std::string_view content);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_OUTPUT_FILE_H_

// Reading files that somebody else has made.
#ifndef SAMVERK_CLIENTS_VERIFY_SMALL_FILE_H_
#define SAMVERK_CLIENTS_VERIFY_SMALL_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace samverk::verify {

// All of a file. INVALID_ARGUMENT, naming it: it cannot be opened or read, is
// no file (a directory, a pipe, a device), or has more bytes.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t bytes_most);

}  // namespace samverk::verify

#endif  // SAMVERK_CLIENTS_VERIFY_SMALL_FILE_H_

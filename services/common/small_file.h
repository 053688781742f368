// Reading files that ought to be small.
#ifndef SAMVERK_SERVICES_COMMON_SMALL_FILE_H_
#define SAMVERK_SERVICES_COMMON_SMALL_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace samverk {

// All of a file. Does not wait for what is no file (a pipe, a device).
//   NOT_FOUND: there is none.
//   FAILED_PRECONDITION: it cannot be read, is no file, or has more bytes; the
//     message says why, to be put after the file's name.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t bytes_most,
                                          mode_t* mode = nullptr);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_SMALL_FILE_H_

// What is said of a file that cannot be written.
#ifndef SAMVERK_SERVICES_PRIVACY_FILE_ERROR_H_
#define SAMVERK_SERVICES_PRIVACY_FILE_ERROR_H_

#include <string>

#include "absl/status/status.h"

namespace samverk::privacy {

// `path` could not be written, as errno's `error` says.
//   RESOURCE_EXHAUSTED (DISK_FULL): there is no room.
//   UNAVAILABLE: anything else.
absl::Status CannotWrite(const std::string& path, int error);

// What was read from `path` is not what was written there; `what` is put after
// the file's name. DATA_LOSS (DAMAGED).
absl::Status DamagedFile(const std::string& path, const std::string& what);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_FILE_ERROR_H_

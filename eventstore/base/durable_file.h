// Small files that are there whole or not at all.
#ifndef SAMVERK_EVENTSTORE_BASE_DURABLE_FILE_H_
#define SAMVERK_EVENTSTORE_BASE_DURABLE_FILE_H_

#include <sys/types.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace samverk {

// Writes a file in place of what was there, so that also a power cut leaves the
// one or the other. The directory must exist. `path` with ".new" is used
// meanwhile; two threads must not write the same path at once.
//   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be written, and why;
//     what was there is unchanged.
absl::Status WriteFileDurably(const std::string& path, std::string_view bytes,
                              mode_t mode = 0644);

// What was made, renamed and removed in a directory is on the disk. False: it
// cannot be said, and errno says why.
bool SyncDirectory(const std::string& path);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_DURABLE_FILE_H_

// The key that a register signs its checkpoints with.
#ifndef SAMVERK_SERVICES_AUDIT_LOG_KEY_H_
#define SAMVERK_SERVICES_AUDIT_LOG_KEY_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "eventstore/audit/note_key.h"

namespace samverk {

// The name that checkpoints of a register have (their origin): its own, with
// "-" for what names of keys may not have.
std::string LogNameOf(std::string_view register_name);

// Reads the key of the log from a file that only its owner may read.
//   NOT_FOUND: there is no such file.
//   FAILED_PRECONDITION: it cannot be read, others may read it, it holds no
//     key, or the key of another log; the sentence names the file and says what
//     to do, and nothing of the key.
absl::StatusOr<NoteSigner> ReadLogKey(const std::string& path,
                                      std::string_view log_name);

// Makes a new key and writes it, durably; the directory is made if need be.
// Errors of WriteFileDurably; FAILED_PRECONDITION: no directory can be made.
absl::StatusOr<NoteSigner> MakeLogKey(const std::string& path,
                                      std::string_view log_name);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_LOG_KEY_H_

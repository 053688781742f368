// What a witness has cosigned last, of each log.
#ifndef SAMVERK_SERVICES_AUDIT_WITNESS_WITNESSED_LOGS_H_
#define SAMVERK_SERVICES_AUDIT_WITNESS_WITNESSED_LOGS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/audit/checkpoint.h"

namespace samverk {

// By origin: the checkpoints, as the logs signed them.
using WitnessedLogs = std::map<std::string, SignedCheckpoint>;

// One file holds them all, so that none can be older than the others, and is
// whole or not there: a line with how many there are and the SHA-256 of the
// rest, and for each a line with its number of bytes, and the note.
//   NOT_FOUND: there is no such file.
//   FAILED_PRECONDITION: it cannot be read, or is none; the message says why,
//     to be put after the file's name.
absl::StatusOr<WitnessedLogs> ReadWitnessedLogs(const std::string& file);

// Errors of WriteFileDurably.
absl::Status WriteWitnessedLogs(const std::string& file,
                                const WitnessedLogs& logs);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_WITNESS_WITNESSED_LOGS_H_

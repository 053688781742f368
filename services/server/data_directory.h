// What lies in a register's directory.
#ifndef SAMVERK_SERVICES_SERVER_DATA_DIRECTORY_H_
#define SAMVERK_SERVICES_SERVER_DATA_DIRECTORY_H_

#include <string>

#include "absl/status/status.h"

namespace samverk {

// The event log: what must be kept.
std::string LogDirectory(const std::string& data_directory);
// The views: what can be derived again.
std::string ViewDirectory(const std::string& data_directory);
// Secrets that the server keeps; in no backup.
std::string SecretDirectory(const std::string& data_directory);
// Keys of data subjects; in no backup of the log.
std::string KeyDirectory(const std::string& data_directory);
// Backups of keys, unless they have been given another place.
std::string KeyBackupDirectory(const std::string& data_directory);
// Backups, unless they have been given another place.
std::string BackupDirectory(const std::string& data_directory);

// Makes the directory when it is not there. FAILED_PRECONDITION: it cannot be
// made or written to, or it holds files that are not a register's.
// RESOURCE_EXHAUSTED (DISK_FULL): there is no room to open a register.
absl::Status PrepareDataDirectory(const std::string& data_directory);

// Has nobody but its owner look into it. Registers from before that was so may
// be open to others. FAILED_PRECONDITION: they stay open, and why.
absl::Status CloseToOthers(const std::string& data_directory);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_DATA_DIRECTORY_H_

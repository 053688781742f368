#include "services/server/data_directory.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

// Less than this, and opening the store may fail half-way. It is well below
// what the store keeps free of events: a register that has refused to grow can
// still be opened and read.
constexpr uint64_t kBytesToOpen = 16 << 20;

// Bytes that are free where `directory` is; not to know counts as enough.
uint64_t FreeBytes(const std::string& directory) {
  struct statvfs space;
  if (statvfs(directory.c_str(), &space) != 0) return kBytesToOpen;
  return static_cast<uint64_t>(space.f_bavail) * space.f_frsize;
}

absl::Status Unusable(const std::string& directory, const std::string& why,
                      const std::string& action) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_INVALID_FIELD,
      absl::StrCat("the data directory ", directory, " ", why, "; ", action),
      {{"directory", directory}});
}

}  // namespace

std::string LogDirectory(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/log");
}

std::string ViewDirectory(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/views");
}

std::string SecretDirectory(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/secrets");
}

std::string KeyDirectory(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/keys");
}

std::string KeyBackupDirectory(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/key-backups");
}

std::string BackupDirectory(const std::string& data_directory) {
  return absl::StrCat(data_directory, "/backups");
}

absl::Status PrepareDataDirectory(const std::string& data_directory) {
  std::error_code error;
  if (fs::exists(data_directory, error) &&
      !fs::is_directory(data_directory, error)) {
    return Unusable(data_directory, "is a file", "name a directory");
  }
  fs::create_directories(data_directory, error);
  if (error) {
    return Unusable(data_directory,
                    absl::StrCat("cannot be made: ", error.message()),
                    "name another one, or make it");
  }
  if (access(data_directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    return Unusable(data_directory, "cannot be written to",
                    "give its owner the right to");
  }
  const std::string log = LogDirectory(data_directory);
  if (!fs::exists(log, error) && fs::exists(log + ".restoring", error)) {
    return Unusable(data_directory, "holds a restore that was cut short",
                    "restore into it again (samverk restore), or name another "
                    "one");
  }
  if (!fs::is_empty(data_directory, error) && !fs::exists(log, error)) {
    return Unusable(data_directory, "holds other files and no register",
                    "name an empty one");
  }
  if (const uint64_t free = FreeBytes(data_directory); free < kBytesToOpen) {
    return MakeError(
        absl::StatusCode::kResourceExhausted, error::v1::REASON_DISK_FULL,
        absl::StrCat("the disk of the data directory ", data_directory,
                     " is full: ", free, " bytes are free and ", kBytesToOpen,
                     " needed to start; make room, nothing was changed"),
        {{"directory", data_directory}});
  }
  return absl::OkStatus();
}

absl::Status CloseToOthers(const std::string& data_directory) {
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  struct stat now;
  if (stat(data_directory.c_str(), &now) == 0 && (now.st_mode & kOthers) == 0) {
    return absl::OkStatus();
  }
  if (chmod(data_directory.c_str(), S_IRWXU) == 0) return absl::OkStatus();
  return Unusable(data_directory,
                  absl::StrCat("may be looked into by others, and that cannot "
                               "be changed: ",
                               std::string(strerror(errno))),
                  "make it its server's own, with mode 0700");
}

}  // namespace samverk

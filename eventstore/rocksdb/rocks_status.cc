#include "eventstore/rocksdb/rocks_status.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "eventstore/store_errors.h"

namespace samverk {

absl::Status DiskFull(std::string_view directory, std::string_view detail) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_DISK_FULL,
      absl::StrCat("the disk of ", ToAbsl(directory), " is full (",
                   ToAbsl(detail),
                   "); nothing was written: make room, then send again"),
      {{"directory", std::string(directory)}, {"detail", std::string(detail)}});
}

absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsCorruption()) return DataDamaged(doing, status.ToString());
  if (status.IsNoSpace()) {
    return MakeError(
        absl::StatusCode::kResourceExhausted, error::v1::REASON_DISK_FULL,
        absl::StrCat(ToAbsl(doing), " failed, the disk is full (",
                     status.ToString(), "); make room, then send again"),
        {{"detail", status.ToString()}});
  }
  return absl::UnavailableError(
      absl::StrCat(ToAbsl(doing), " failed: ", status.ToString(),
                   "; look at the disk, then try again"));
}

absl::Status RemoveBeforeWriting(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("removing ", path, " failed: ", error.message(),
                   "; look at the disk, then try again"));
}

}  // namespace samverk

#include "services/server/data_directory.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

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

bool IsNewRegister(const std::string& data_directory) {
  std::error_code error;
  return !fs::exists(LogDirectory(data_directory), error);
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
  if (!fs::is_empty(data_directory, error) &&
      !fs::exists(LogDirectory(data_directory), error)) {
    return Unusable(data_directory, "holds other files and no register",
                    "name an empty one");
  }
  return absl::OkStatus();
}

}  // namespace samverk

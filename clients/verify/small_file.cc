#include "clients/verify/small_file.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace samverk::verify {
namespace {

absl::Status Refused(const std::string& path, const char* why) {
  return absl::InvalidArgumentError(absl::StrCat(path, " ", why));
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t bytes_most) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::exists(status)) {
    return Refused(path, "is not there, or cannot be looked at");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return Refused(path, "is no file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return Refused(path, "cannot be opened");
  std::string bytes;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (!error) bytes.reserve(std::min<uintmax_t>(size, bytes_most));
  char block[1 << 16];
  while (file.read(block, sizeof(block)), file.gcount() > 0) {
    bytes.append(block, static_cast<size_t>(file.gcount()));
    if (bytes.size() > bytes_most) {
      return Refused(path, "has too many bytes for what it ought to be");
    }
  }
  if (file.bad()) return Refused(path, "cannot be read");
  return bytes;
}

}  // namespace samverk::verify

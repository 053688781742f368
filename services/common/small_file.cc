#include "services/common/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace samverk {
namespace {

absl::Status Unreadable(int error) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot be read: ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t bytes_most, mode_t* mode) {
  struct stat link = {};
  if (lstat(path.c_str(), &link) != 0 && errno == ENOENT) {
    return absl::NotFoundError("is not there");
  }
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return Unreadable(errno);
  struct stat found = {};
  std::string bytes(bytes_most + 1, '\0');
  size_t size = 0;
  ssize_t got = -1;
  if (fstat(fd, &found) == 0 && S_ISREG(found.st_mode)) {
    while ((got = read(fd, bytes.data() + size, bytes.size() - size)) > 0) {
      size += static_cast<size_t>(got);
    }
  }
  const int error = errno;
  close(fd);
  if (!S_ISREG(found.st_mode)) {
    return absl::FailedPreconditionError("is no file");
  }
  if (got < 0) return Unreadable(error);
  if (size > bytes_most) {
    return absl::FailedPreconditionError(
        absl::StrCat("has more than ", bytes_most, " bytes"));
  }
  bytes.resize(size);
  if (mode != nullptr) *mode = found.st_mode;
  return bytes;
}

}  // namespace samverk

#include "eventstore/base/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

// False: errno says why.
bool WriteNew(const std::string& path, std::string_view bytes, mode_t mode) {
  unlink(path.c_str());
  const int fd =
      open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  if (fd < 0) return false;
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  const bool done = bytes.empty() && fsync(fd) == 0;
  const int error = errno;
  close(fd);
  errno = error;
  return done;
}

}  // namespace

bool SyncDirectory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = fsync(fd) == 0;
  const int error = errno;
  close(fd);
  errno = error;
  return done;
}

absl::Status WriteFileDurably(const std::string& path, std::string_view bytes,
                              mode_t mode) {
  const std::string temporary = path + ".new";
  const std::string above = std::filesystem::path(path).parent_path().string();
  if (WriteNew(temporary, bytes, mode) &&
      rename(temporary.c_str(), path.c_str()) == 0 &&
      SyncDirectory(above.empty() ? "." : above)) {
    return absl::OkStatus();
  }
  const int error = errno;
  unlink(temporary.c_str());
  const std::string why =
      absl::StrCat("cannot write ", path, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     error::v1::REASON_DISK_FULL,
                     absl::StrCat(why, "; make room"), {{"path", path}});
  }
  return absl::UnavailableError(absl::StrCat(
      why, "; see that the directory exists and may be written to"));
}

}  // namespace samverk

#include "services/privacy/private_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/durable_file.h"
#include "services/privacy/file_error.h"

namespace samverk::privacy {
namespace {

absl::Status Unreadable(int error) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot be read: ", std::strerror(error)));
}

absl::Status CheckPrivate(const struct stat& found) {
  if (!S_ISREG(found.st_mode)) {
    return absl::FailedPreconditionError("is no file");
  }
  if (found.st_uid != geteuid() && found.st_uid != 0) {
    return absl::FailedPreconditionError("belongs to another user");
  }
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        "may be read by others than its owner (chmod 600 it)");
  }
  return absl::OkStatus();
}

// Reads an open file; `bytes_most` and what follows from it as ReadPrivateFile.
absl::StatusOr<SecretBytes> ReadAll(int fd, size_t bytes_most) {
  SecretBytes room(bytes_most + 1);
  size_t size = 0;
  while (size < room.size()) {
    const ssize_t got = read(fd, room.span().data() + size, room.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable(errno);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > bytes_most) {
    return absl::FailedPreconditionError(
        absl::StrCat("has more than ", bytes_most, " bytes"));
  }
  return SecretBytes::CopyOf(room.view().substr(0, size));
}

std::string DirectoryOf(const std::string& path) {
  const std::string above = std::filesystem::path(path).parent_path().string();
  return above.empty() ? "." : above;
}

absl::Status Exists(const std::string& path) {
  return absl::AlreadyExistsError(absl::StrCat(
      path, " is there already and is not replaced; give another name"));
}

}  // namespace

absl::StatusOr<SecretBytes> ReadPrivateFile(const std::string& path,
                                            size_t bytes_most) {
  const int fd =
      open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return absl::NotFoundError("is not there");
  if (fd < 0 && errno == ELOOP) {
    return absl::FailedPreconditionError(
        "is a link, which is not followed (give the file itself)");
  }
  if (fd < 0) return Unreadable(errno);
  struct stat found = {};
  absl::StatusOr<SecretBytes> bytes = SecretBytes();
  if (fstat(fd, &found) != 0) {
    bytes = Unreadable(errno);
  } else if (absl::Status why = CheckPrivate(found); !why.ok()) {
    bytes = std::move(why);
  } else {
    bytes = ReadAll(fd, bytes_most);
  }
  close(fd);
  return bytes;
}

NewPrivateFile::NewPrivateFile(std::string path, int fd)
    : path_(std::move(path)), fd_(fd) {}

absl::StatusOr<std::unique_ptr<NewPrivateFile>> NewPrivateFile::Create(
    const std::string& path) {
  struct stat found;
  if (lstat(path.c_str(), &found) == 0) return Exists(path);
  const std::string unfinished = path + ".new";
  unlink(unfinished.c_str());
  const int fd =
      open(unfinished.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
           S_IRUSR | S_IWUSR);
  if (fd < 0) return CannotWrite(path, errno);
  return std::unique_ptr<NewPrivateFile>(new NewPrivateFile(path, fd));
}

NewPrivateFile::~NewPrivateFile() {
  close(fd_);
  unlink((path_ + ".new").c_str());
}

absl::Status NewPrivateFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return CannotWrite(path_, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status NewPrivateFile::Finish() {
  if (fsync(fd_) != 0) return CannotWrite(path_, errno);
  // Unlike a rename, a link takes no other file's place.
  if (link((path_ + ".new").c_str(), path_.c_str()) != 0) {
    return errno == EEXIST ? Exists(path_) : CannotWrite(path_, errno);
  }
  unlink((path_ + ".new").c_str());
  if (!SyncDirectory(DirectoryOf(path_))) return CannotWrite(path_, errno);
  return absl::OkStatus();
}

bool OverwriteFile(int fd) {
  struct stat found;
  if (fstat(fd, &found) != 0) return false;
  if (!S_ISREG(found.st_mode)) {
    errno = EINVAL;
    return false;
  }
  std::array<char, 4'096> block;
  for (auto left = static_cast<size_t>(found.st_size); left > 0;) {
    // Not zeros: a disk might keep those apart, and the old bytes.
    randombytes_buf(block.data(), block.size());
    const ssize_t written =
        write(fd, block.data(), std::min(left, block.size()));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    left -= static_cast<size_t>(written);
  }
  return true;
}

absl::Status WipePrivateFile(const std::string& path) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return absl::OkStatus();
  bool wiped = fd >= 0 && OverwriteFile(fd) && fsync(fd) == 0;
  int error = errno;
  if (fd >= 0) close(fd);
  if (wiped) {
    wiped = unlink(path.c_str()) == 0 && SyncDirectory(DirectoryOf(path));
    error = errno;
  }
  if (wiped) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      path, " cannot be overwritten and removed: ", std::strerror(error),
      "; mend that and try again"));
}

absl::Status ExchangePrivateFiles(const std::string& one,
                                  const std::string& other) {
  if (renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(),
                RENAME_EXCHANGE) != 0) {
    if (errno != EINVAL && errno != ENOSYS) return CannotWrite(other, errno);
    return absl::FailedPreconditionError(absl::StrCat(
        other,
        " lies on a file system that cannot exchange two files, so that what "
        "is replaced could not be overwritten; move it to another (ext4, XFS, "
        "Btrfs)"));
  }
  if (!SyncDirectory(DirectoryOf(other))) return CannotWrite(other, errno);
  return absl::OkStatus();
}

}  // namespace samverk::privacy

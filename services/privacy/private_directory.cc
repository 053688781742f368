#include "services/privacy/private_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/file_error.h"
#include "services/privacy/private_file.h"

namespace samverk::privacy {
namespace {

constexpr char kLock[] = "LOCK";

// Closes what it holds, and leaves errno as it is.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    const int error = errno;
    if (fd_ >= 0) close(fd_);
    errno = error;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::string CompanionOf(const std::string& file) {
  return absl::StrCat(file, ToAbsl(kCompanion));
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// Makes the directory, so that it stays. False: errno says why.
bool Make(const std::string& path) {
  if (mkdir(path.c_str(), S_IRWXU) != 0) return errno == EEXIST;
  const std::string above = std::filesystem::path(path).parent_path().string();
  const File directory(open(above.empty() ? "." : above.c_str(),
                            O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.ok() && fsync(directory.fd()) == 0;
}

absl::Status Unusable(const std::string& path, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("the directory of keys, ", path, ", ", ToAbsl(why)));
}

absl::Status CheckPrivate(int fd, const std::string& path) {
  struct stat found;
  if (fstat(fd, &found) != 0) return CannotWrite(path, errno);
  if (found.st_uid != geteuid()) {
    return Unusable(path, "belongs to another user; chown it, or name another");
  }
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unusable(path,
                    "may be entered by others than its owner; chmod 700 it");
  }
  return absl::OkStatus();
}

}  // namespace

PrivateDirectory::PrivateDirectory(std::string path, int fd, Hook hook)
    : path_(std::move(path)), fd_(fd), hook_(std::move(hook)) {}

PrivateDirectory::~PrivateDirectory() {
  if (lock_fd_ >= 0) close(lock_fd_);
  close(fd_);
}

absl::StatusOr<std::unique_ptr<PrivateDirectory>> PrivateDirectory::Open(
    const std::string& path, Hook hook) {
  if (!Make(path)) return CannotWrite(path, errno);
  File fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.ok() && (errno == ENOTDIR || errno == ELOOP)) {
    return Unusable(path,
                    "is none: a file, or a link, which is not followed; "
                    "name the directory itself");
  }
  if (!fd.ok()) return CannotWrite(path, errno);
  RETURN_IF_ERROR(CheckPrivate(fd.fd(), path));
  std::unique_ptr<PrivateDirectory> directory(
      new PrivateDirectory(path, fd.Release(), std::move(hook)));
  RETURN_IF_ERROR(directory->Lock());
  return directory;
}

absl::Status PrivateDirectory::Lock() {
  lock_fd_ = openat(fd_, kLock, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC,
                    S_IRUSR | S_IWUSR);
  if (lock_fd_ < 0) return CannotWrite(PathOf(kLock), errno);
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno != EWOULDBLOCK) return CannotWrite(PathOf(kLock), errno);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   error::v1::REASON_IN_USE,
                   absl::StrCat("the directory of keys, ", path_,
                                ", is in use by another; stop that one first"),
                   {{"path", path_}});
}

absl::StatusOr<std::string> PrivateDirectory::Read(const std::string& file,
                                                   size_t bytes_most) {
  if (unsynced_ && !Sync()) return CannotWrite(path_, errno);  // I2
  const File open_file(openat(fd_, file.c_str(),
                              O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!open_file.ok() && errno == ENOENT) {
    return absl::NotFoundError(absl::StrCat(PathOf(file), " is not there"));
  }
  const auto unreadable = [&] {
    return absl::UnavailableError(
        absl::StrCat(PathOf(file), " cannot be read: ", std::strerror(errno),
                     "; see that this user may read it, and try again"));
  };
  const auto none = [&] {
    return DamagedFile(PathOf(file), "is no file; put back a copy of it");
  };
  if (!open_file.ok()) return errno == ELOOP ? none() : unreadable();
  struct stat found;
  if (fstat(open_file.fd(), &found) != 0) return unreadable();
  if (!S_ISREG(found.st_mode)) return none();
  std::string bytes(bytes_most + 1, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got =
        read(open_file.fd(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable();
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > bytes_most) {
    return DamagedFile(PathOf(file),
                       absl::StrCat("has more than ", bytes_most,
                                    " bytes; put back a copy of it"));
  }
  bytes.resize(size);
  return bytes;
}

absl::Status PrivateDirectory::Write(const std::string& file,
                                     std::string_view bytes) {
  const std::string companion = CompanionOf(file);
  if (!WriteCompanion(file, bytes)) return CannotWrite(PathOf(file), errno);
  unsynced_ = true;
  if (!Allowed("rename", companion) ||
      renameat(fd_, companion.c_str(), fd_, file.c_str()) != 0) {
    const int error = errno;
    WipeOne(companion);
    return CannotWrite(PathOf(file), error);
  }
  if (!Sync()) return CannotWrite(PathOf(file), errno);
  return absl::OkStatus();
}

absl::Status PrivateDirectory::Replace(const std::string& file,
                                       std::string_view bytes) {
  const std::string companion = CompanionOf(file);
  if (!WriteCompanion(file, bytes)) return CannotWrite(PathOf(file), errno);
  unsynced_ = true;
  // A plain rename would leave the old bytes on the disk, out of reach (I3).
  if (!Allowed("exchange", companion) ||
      renameat2(fd_, companion.c_str(), fd_, file.c_str(), RENAME_EXCHANGE) !=
          0) {
    const int error = errno;
    WipeOne(companion);
    if (error == EINVAL || error == ENOSYS) {
      return Unusable(path_,
                      "lies on a file system that cannot exchange two files, "
                      "so that what is replaced could not be overwritten; move "
                      "it to another (ext4, XFS, Btrfs)");
    }
    return CannotWrite(PathOf(file), error);
  }
  if (!Sync() || !WipeOne(companion) || !Sync()) {
    return CannotWrite(PathOf(file), errno);
  }
  return absl::OkStatus();
}

absl::Status PrivateDirectory::Wipe(const std::string& file) {
  for (const std::string& name : {file, CompanionOf(file)}) {
    if (!WipeOne(name)) {
      const int error = errno;
      return absl::UnavailableError(
          absl::StrCat(PathOf(name), " cannot be overwritten and removed: ",
                       std::strerror(error), "; mend that and try again"));
    }
  }
  if (unsynced_ && !Sync()) return CannotWrite(path_, errno);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> PrivateDirectory::Files() {
  const int fd = openat(fd_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const listing = fd < 0 ? nullptr : fdopendir(fd);
  if (listing == nullptr) {
    const int error = errno;
    if (fd >= 0) close(fd);
    return CannotWrite(path_, error);
  }
  std::vector<std::string> files;
  errno = 0;
  while (const dirent* const entry = readdir(listing)) {
    const std::string name = entry->d_name;
    if (name != "." && name != ".." && name != kLock) files.push_back(name);
    errno = 0;
  }
  const int error = errno;
  closedir(listing);
  if (error != 0) return CannotWrite(path_, error);
  std::sort(files.begin(), files.end());
  return files;
}

std::string PrivateDirectory::PathOf(std::string_view file) const {
  return absl::StrCat(path_, "/", ToAbsl(file));
}

bool PrivateDirectory::Allowed(std::string_view operation,
                               const std::string& file) {
  const int error = hook_ ? hook_(operation, file) : 0;
  if (error != 0) errno = error;
  return error == 0;
}

// Leaves none behind when it fails, if that can be helped.
bool PrivateDirectory::WriteCompanion(const std::string& file,
                                      std::string_view bytes) {
  const std::string companion = CompanionOf(file);
  if (!WipeOne(companion) || !Allowed("create", companion)) return false;
  const File written(openat(fd_, companion.c_str(),
                            O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
                            S_IRUSR | S_IWUSR));
  if (!written.ok()) return false;
  if (Allowed("write", companion) && WriteAll(written.fd(), bytes) &&
      Allowed("sync", companion) && fsync(written.fd()) == 0) {
    return true;
  }
  const int error = errno;
  WipeOne(companion);
  errno = error;
  return false;
}

bool PrivateDirectory::Overwrite(int fd, const std::string& file) {
  return Allowed("overwrite", file) && OverwriteFile(fd) &&
         Allowed("sync", file) && fsync(fd) == 0;
}

// Its name may come back after a power cut, its bytes may not.
bool PrivateDirectory::WipeOne(const std::string& file) {
  const File open_file(openat(fd_, file.c_str(),
                              O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!open_file.ok()) return errno == ENOENT;
  if (!Overwrite(open_file.fd(), file)) return false;
  unsynced_ = true;
  return Allowed("unlink", file) && unlinkat(fd_, file.c_str(), 0) == 0;
}

bool PrivateDirectory::Sync() {
  if (!Allowed("sync directory", ".") || fsync(fd_) != 0) return false;
  unsynced_ = false;
  return true;
}

}  // namespace samverk::privacy

#include "clients/cli/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace samverk::cli {
namespace {

// As many as the system follows.
constexpr int kLinksMax = 40;
constexpr mode_t kPermissions = 0777;

std::string Error(int error) { return std::strerror(error); }

// 0, or the error.
int WriteAll(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

std::string WriteInto(const std::string& path, std::string_view content) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (file < 0) return Error(errno);
  const int error = WriteAll(file, content);
  if (close(file) != 0 && error == 0) return Error(errno);
  return error == 0 ? "" : Error(error);
}

// The path of what a symbolic link leads to, whether it is there or not; the
// path itself when it is none. Empty: the links lead nowhere.
std::string FollowLinks(std::string path) {
  for (int i = 0; i < kLinksMax; ++i) {
    char target[PATH_MAX];
    const ssize_t length = readlink(path.c_str(), target, sizeof(target));
    if (length < 0) return path;
    std::string next(target, static_cast<size_t>(length));
    const size_t slash = path.rfind('/');
    if (next.empty() || (next[0] != '/' && slash != std::string::npos)) {
      next.insert(0, path.substr(0, slash + 1));
    }
    path = std::move(next);
  }
  return "";
}

// `old`: the file that is replaced, if there is one.
std::string Replace(const std::string& path,
                    const std::optional<struct stat>& old,
                    std::string_view content) {
  if (old.has_value() && access(path.c_str(), W_OK) != 0) return Error(errno);
  const std::string partial = absl::StrCat(path, ".part", getpid());
  // Never through a link that somebody has laid there.
  const int file =
      open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
           old.has_value() ? 0600 : 0666);
  if (file < 0) return Error(errno);
  int error = WriteAll(file, content);
  if (error == 0 && old.has_value()) {
    // Whose it is can be kept by few; what others may do with it, always.
    const bool owned = fchown(file, old->st_uid, old->st_gid) == 0;
    static_cast<void>(owned);
    if (fchmod(file, old->st_mode & kPermissions) != 0) error = errno;
  }
  if (error == 0 && fsync(file) != 0) error = errno;
  if (close(file) != 0 && error == 0) error = errno;
  if (error == 0 && std::rename(partial.c_str(), path.c_str()) != 0) {
    error = errno;
  }
  if (error == 0) return "";
  unlink(partial.c_str());
  return Error(error);
}

bool IsStandardOutput(const struct stat& about) {
  struct stat out {};
  return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == about.st_dev &&
         out.st_ino == about.st_ino;
}

}  // namespace

std::string WriteOutputFile(const std::string& path, std::string_view content) {
  std::optional<struct stat> about(std::in_place);
  if (stat(path.c_str(), &*about) != 0) {
    if (errno != ENOENT) return Error(errno);
    about.reset();
  } else if (IsStandardOutput(*about)) {
    // What is in it already stays, as far as the shell has said so.
    std::fflush(stdout);
    const int error = WriteAll(STDOUT_FILENO, content);
    return error == 0 ? "" : Error(error);
  } else if (!S_ISREG(about->st_mode)) {
    return WriteInto(path, content);
  }
  const std::string target = FollowLinks(path);
  if (target.empty()) return Error(ELOOP);
  return Replace(target, about, content);
}

}  // namespace samverk::cli

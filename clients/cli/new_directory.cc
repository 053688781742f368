#include "clients/cli/new_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace samverk::cli {
namespace {

namespace fs = std::filesystem;

// "copy" of "copy/": a name can be put after it.
std::string Plain(const std::string& path) {
  const fs::path plain = fs::path(path).lexically_normal();
  return (plain.has_filename() ? plain : plain.parent_path()).string();
}

// What is in a directory is found there after a power cut. As far as it can be:
// the files themselves are synced.
void Sync(const std::string& directory) {
  const int fd = open(directory.empty() ? "." : directory.c_str(),
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

absl::Status CannotMake(const std::string& path, const std::string& why,
                        const Style& style) {
  return absl::UnavailableError(
      absl::StrCat(path, style(" kan inte skapas: ", " cannot be made: "), why,
                   style("; ange en annan katalog med --out",
                         "; name another directory with --out")));
}

}  // namespace

NewDirectory::NewDirectory(std::string path, std::string unfinished)
    : path_(std::move(path)), unfinished_(std::move(unfinished)) {}

absl::StatusOr<std::unique_ptr<NewDirectory>> NewDirectory::Make(
    const std::string& path, const Style& style) {
  const std::string plain = Plain(path);
  const std::string name = fs::path(plain).filename().string();
  if (name.empty() || name == "." || name == "..") {
    return absl::FailedPreconditionError(absl::StrCat(
        path, style(" är inget namn på en ny katalog; ange ett med --out",
                    " is no name of a new directory; give one with --out")));
  }
  std::error_code error;
  if (fs::exists(fs::symlink_status(plain, error)) &&
      !(fs::is_directory(fs::symlink_status(plain, error)) &&
        fs::is_empty(plain, error))) {
    return absl::FailedPreconditionError(absl::StrCat(
        plain,
        style(" finns redan och är ingen tom katalog; ange en ny med --out",
              " is there already and is no empty directory; name a new one "
              "with --out")));
  }
  fs::create_directories(fs::path(plain).parent_path(), error);
  const std::string unfinished = absl::StrCat(plain, ".part", getpid());
  // Never one that somebody has laid there.
  if (!fs::create_directory(unfinished, error)) {
    return CannotMake(unfinished,
                      error ? error.message() : std::strerror(EEXIST), style);
  }
  return std::unique_ptr<NewDirectory>(new NewDirectory(plain, unfinished));
}

NewDirectory::~NewDirectory() {
  std::error_code error;
  if (!stays_) fs::remove_all(unfinished_, error);
}

absl::Status NewDirectory::Finish(const Style& style) {
  Sync(unfinished_);
  stays_ = true;
  // An empty directory gives way; anything else does not.
  if (std::rename(unfinished_.c_str(), path_.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat(
        unfinished_, style(" kan inte få namnet ", " cannot be named "), path_,
        ": ", std::strerror(errno),
        style("; den är hel, flytta den", "; it is whole, move it")));
  }
  Sync(fs::path(path_).parent_path().string());
  return absl::OkStatus();
}

}  // namespace samverk::cli

#include "services/connectors/secret_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/error.h"
#include "eventstore/base/random.h"
#include "eventstore/base/strings.h"

namespace samverk::connectors {
namespace {

constexpr size_t kBytesMost = 4'096;
constexpr std::string_view kPrefix = "connector-";
constexpr size_t kDigits = 16;
// A secret that is being written; no connector's name gives this.
constexpr char kUnfinished[] = "unfinished";

// Closes what it holds.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

// False: errno says why.
bool MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0) return errno == EEXIST;
  const std::string above = std::filesystem::path(path).parent_path().string();
  return SyncDirectory(above.empty() ? "." : above);
}

bool WriteFile(const std::string& path, std::string_view text) {
  unlink(path.c_str());
  const File file(
      open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  return file.ok() &&
         write(file.fd(), text.data(), text.size()) == ssize_t(text.size()) &&
         fsync(file.fd()) == 0;
}

absl::Status CannotWrite(const std::string& path, int error) {
  const std::string why = absl::StrCat("the secret cannot be written to ", path,
                                       ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     error::v1::REASON_DISK_FULL,
                     absl::StrCat(why, "; make room, nothing was changed"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      why, "; see that the server may write there, nothing was changed"));
}

absl::Status CannotRead(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, " cannot be read: ", why));
}

}  // namespace

std::string SecretFiles::PathOf(const std::string& file) const {
  return absl::StrCat(directory_, "/", file);
}

absl::StatusOr<std::string> SecretFiles::Write(std::string_view connector,
                                               std::string_view secret) {
  std::array<uint8_t, kDigits / 2> number;
  FillRandom(absl::MakeSpan(number));
  const std::string file = absl::StrCat(
      ToAbsl(kPrefix), ToAbsl(connector), "-",
      absl::BytesToHexString(absl::string_view(
          reinterpret_cast<const char*>(number.data()), number.size())));
  const std::string unfinished = PathOf(kUnfinished);
  MutexLock lock(mu_);
  if (!MakeDirectory(directory_) || !WriteFile(unfinished, secret) ||
      rename(unfinished.c_str(), PathOf(file).c_str()) != 0 ||
      !SyncDirectory(directory_)) {
    const int error = errno;
    unlink(unfinished.c_str());
    unlink(PathOf(file).c_str());
    return CannotWrite(PathOf(file), error);
  }
  return file;
}

absl::StatusOr<std::string> SecretFiles::Read(const std::string& file) const {
  return ReadSecretFile(PathOf(file));
}

void SecretFiles::RemoveUnless(
    const std::function<bool(const std::string&)>& is_kept) {
  MutexLock lock(mu_);
  bool removed = false;
  std::error_code error;  // none there: nothing to remove
  for (const auto& entry :
       std::filesystem::directory_iterator(directory_, error)) {
    const std::string file = entry.path().filename().string();
    if (file == kUnfinished || (file.starts_with(kPrefix) && !is_kept(file))) {
      removed |= unlink(PathOf(file).c_str()) == 0;
    }
  }
  if (removed) SyncDirectory(directory_);
}

bool SecretFiles::IsNameOf(std::string_view file, std::string_view connector) {
  const std::string begin =
      absl::StrCat(ToAbsl(kPrefix), ToAbsl(connector), "-");
  return file.size() == begin.size() + kDigits && file.starts_with(begin) &&
         std::all_of(file.begin() + static_cast<ptrdiff_t>(begin.size()),
                     file.end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat found;
  if (!file.ok() || fstat(file.fd(), &found) != 0) {
    return CannotRead(path, std::strerror(errno));
  }
  if (!S_ISREG(found.st_mode)) return CannotRead(path, "it is no file");
  std::string text(kBytesMost, '\0');
  const ssize_t bytes = read(file.fd(), text.data(), text.size());
  if (bytes < 0) return CannotRead(path, std::strerror(errno));
  text.resize(static_cast<size_t>(bytes));
  absl::StripAsciiWhitespace(&text);
  if (text.empty()) return CannotRead(path, "it is empty");
  return text;
}

}  // namespace samverk::connectors

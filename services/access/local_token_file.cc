#include "services/access/local_token_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "eventstore/base/durable_file.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk::access {
namespace {

constexpr std::string_view kFirstLine = "samverk local tokens 1";
constexpr char kTime[] = "%Y-%m-%dT%H:%M:%SZ";
constexpr std::string_view kNever = "never";
constexpr std::string_view kNoRoles = "-";
// More than kLocalTokens with all their roles would need is no file of ours.
constexpr size_t kFileBytes = 16 << 20;

std::string FormatEntry(const LocalTokenEntry& entry) {
  return absl::StrCat(
      absl::BytesToHexString(ToAbsl(AsBytes(entry.hash))), " ", entry.name, " ",
      entry.organisation, " ",
      entry.roles.empty() ? std::string(kNoRoles)
                          : absl::StrJoin(entry.roles, ","),
      " ",
      entry.expires == absl::InfiniteFuture()
          ? std::string(kNever)
          : absl::FormatTime(kTime, entry.expires, absl::UTCTimeZone()));
}

std::optional<Hash> ParseHash(const std::string& text) {
  Hash hash;
  if (text.size() != 2 * hash.size() ||
      !std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      })) {
    return std::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(text);
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

// INVALID_ARGUMENT: it is none. Whether it is written in the one way is looked
// at by the caller.
absl::StatusOr<LocalTokenEntry> ParseEntry(const std::string& line) {
  const std::vector<std::string> fields = absl::StrSplit(line, ' ');
  if (fields.size() != 5) {
    return absl::InvalidArgumentError(
        "five fields with a space between them are needed");
  }
  const auto hash = ParseHash(fields[0]);
  if (!hash.has_value()) {
    return absl::InvalidArgumentError(
        "the first field is no SHA-256 in hexadecimal");
  }
  LocalTokenEntry entry{
      *hash, fields[1], fields[2], {}, absl::InfiniteFuture()};
  if (fields[3] != kNoRoles) entry.roles = absl::StrSplit(fields[3], ',');
  std::string why;
  if (fields[4] != kNever &&
      !absl::ParseTime(kTime, fields[4], &entry.expires, &why)) {
    return absl::InvalidArgumentError(
        "the last field is neither a time nor \"never\"");
  }
  return entry;
}

absl::Status Unusable(const std::string& path, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("the file of local tokens, ", path, ", ", ToAbsl(why)));
}

// Closes what it holds.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::StatusOr<std::string> ReadAll(const std::string& path, int fd) {
  std::string bytes;
  char block[64 << 10];
  ssize_t got = 0;
  while ((got = read(fd, block, sizeof(block))) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return Unusable(path,
                      absl::StrCat("cannot be read: ", std::strerror(errno)));
    }
    bytes.append(block, static_cast<size_t>(got));
    if (bytes.size() > kFileBytes) {
      return Unusable(path, "is too large to be one; put back a copy");
    }
  }
  return bytes;
}

}  // namespace

std::string FormatLocalTokens(const LocalTokens& tokens) {
  std::string text = absl::StrCat(ToAbsl(kFirstLine), "\n");
  for (const LocalTokenEntry& entry : tokens.entries()) {
    absl::StrAppend(&text, FormatEntry(entry), "\n");
  }
  return text;
}

absl::StatusOr<LocalTokens> ParseLocalTokens(std::string_view text) {
  std::vector<std::string> lines = absl::StrSplit(ToAbsl(text), '\n');
  if (lines.front() != kFirstLine) {
    return absl::InvalidArgumentError(
        absl::StrCat("its first line is not \"", ToAbsl(kFirstLine), "\""));
  }
  if (!lines.back().empty()) {
    return absl::InvalidArgumentError("its last line does not end");
  }
  lines.pop_back();
  LocalTokens tokens;
  for (size_t i = 1; i < lines.size(); ++i) {
    auto entry = ParseEntry(lines[i]);
    absl::Status wrong = entry.status();
    if (wrong.ok() && FormatEntry(*entry) != lines[i]) {
      wrong = absl::InvalidArgumentError("it is written in another way");
    }
    if (wrong.ok()) wrong = tokens.Add(*std::move(entry));
    if (!wrong.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", i + 1, ": ", wrong.message()));
    }
  }
  return tokens;
}

absl::StatusOr<LocalTokens> ReadLocalTokens(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.fd() < 0) {
    if (errno == ENOENT) return LocalTokens();
    return Unusable(path,
                    absl::StrCat("cannot be read: ", std::strerror(errno)));
  }
  struct stat found = {};
  if (fstat(file.fd(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return Unusable(path, "is no file; name another");
  }
  if (found.st_uid != geteuid()) {
    return Unusable(path, "belongs to another user; chown it to the server's");
  }
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Unusable(path,
                    "may be read or written by others than its owner; chmod "
                    "600 it, and revoke what they may have added");
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadAll(path, file.fd()));
  auto tokens = ParseLocalTokens(bytes);
  if (tokens.ok()) return tokens;
  return Unusable(
      path, absl::StrCat("is not in its format: ", tokens.status().message(),
                         "; put back a copy of it"));
}

absl::Status WriteLocalTokens(const std::string& path,
                              const LocalTokens& tokens) {
  return WriteFileDurably(path, FormatLocalTokens(tokens), 0600);
}

}  // namespace samverk::access

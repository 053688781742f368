#include "services/maintenance/tokens.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "services/access/local_token_file.h"
#include "services/access/unknown_right.h"
#include "services/server/data_directory.h"

namespace samverk::maintenance {
namespace {

using access::LocalTokens;

// Holds the tokens for one program at a time, while it lives.
class Hold {
 public:
  static absl::StatusOr<std::unique_ptr<Hold>> Take(const std::string& path) {
    auto hold = std::make_unique<Hold>();
    hold->file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (hold->file_ < 0 || flock(hold->file_, LOCK_EX) != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": ", std::strerror(errno),
                       "; run this as the user who runs the server"));
    }
    return hold;
  }
  ~Hold() {
    if (file_ >= 0) close(file_);
  }

 private:
  int file_ = -1;
};

// A register's file of tokens.
struct Place {
  std::string path;
  std::unique_ptr<Hold> hold;
};

absl::StatusOr<Place> Find(const std::string& data) {
  std::error_code error;
  if (!std::filesystem::is_directory(LogDirectory(data), error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(data,
                     " holds no register; give the --data of a server "
                     "that has been started once"));
  }
  const std::string directory = SecretDirectory(data);
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory, ": ", std::strerror(errno)));
  }
  Place place{directory + "/tokens", nullptr};
  ASSIGN_OR_RETURN(place.hold, Hold::Take(directory + "/tokens.lock"));
  return place;
}

}  // namespace

std::optional<NoRole> WhyNoRole(const std::string& role) {
  auto unknown = access::WhyUnknown(role);
  if (!unknown.has_value()) return std::nullopt;
  return NoRole{std::move(unknown->swedish), std::move(unknown->english)};
}

absl::StatusOr<AddedToken> AddToken(const std::string& data,
                                    const Token& token) {
  ASSIGN_OR_RETURN(const Place place, Find(data));
  std::error_code error;
  AddedToken added;
  added.first = !std::filesystem::exists(place.path, error);
  ASSIGN_OR_RETURN(LocalTokens tokens, access::ReadLocalTokens(place.path));
  ASSIGN_OR_RETURN(added.text,
                   tokens.Issue(token.name, token.organisation, token.roles,
                                token.expires_s == 0
                                    ? absl::InfiniteFuture()
                                    : absl::FromUnixSeconds(token.expires_s)));
  RETURN_IF_ERROR(access::WriteLocalTokens(place.path, tokens));
  return added;
}

absl::Status RevokeToken(const std::string& data, const std::string& name) {
  ASSIGN_OR_RETURN(const Place place, Find(data));
  ASSIGN_OR_RETURN(LocalTokens tokens, access::ReadLocalTokens(place.path));
  RETURN_IF_ERROR(tokens.Revoke(name));
  return access::WriteLocalTokens(place.path, tokens);
}

absl::StatusOr<std::vector<Token>> ListTokens(const std::string& data) {
  ASSIGN_OR_RETURN(const Place place, Find(data));
  ASSIGN_OR_RETURN(const LocalTokens tokens,
                   access::ReadLocalTokens(place.path));
  std::vector<Token> list;
  for (const access::LocalTokenEntry& entry : tokens.entries()) {
    list.push_back({entry.name, entry.organisation, entry.roles,
                    entry.expires == absl::InfiniteFuture()
                        ? 0
                        : absl::ToUnixSeconds(entry.expires)});
  }
  return list;
}

}  // namespace samverk::maintenance

#include "services/privacy/key_backups.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/privacy/private_file.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

constexpr char kPrefix[] = "keys-";
constexpr char kUnfinished[] = ".new";
constexpr char kMadeAt[] = "%Y%m%dT%H%M%E3SZ";

// Files in the directory that backups of keys are called like.
std::vector<std::string> BackupsIn(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(directory, error)) {
    if (absl::StartsWith(file.path().filename().string(), kPrefix)) {
      paths.push_back(file.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// When the one at a path was made; the future: it was not finished.
absl::Time MadeAt(const std::string& path) {
  const std::string name =
      fs::path(path).filename().string().substr(sizeof(kPrefix) - 1);
  absl::Time made;
  std::string why;
  return absl::ParseTime("%E4Y%m%dT%H%M%E*SZ", name, absl::UTCTimeZone(), &made,
                         &why)
             ? made
             : absl::InfiniteFuture();
}

absl::Status Remove(const std::string& path) {
  const absl::Status wiped = WipePrivateFile(path);
  if (wiped.ok()) return wiped;
  return absl::UnavailableError(absl::StrCat(
      wiped.message(), "; this backup has keys that must not live longer: ",
      "remove it yourself if that lasts"));
}

}  // namespace

KeyBackups::KeyBackups(SubjectKeys& keys, Clock& clock, MasterKeys key,
                       std::string directory, absl::Duration life)
    : keys_(keys),
      clock_(clock),
      key_(std::move(key)),
      directory_(std::move(directory)),
      life_(life) {}

absl::StatusOr<KeyBackups::Made> KeyBackups::Make() {
  MutexLock lock(mu_);
  RETURN_IF_ERROR(RemoveOld());
  return MakeOne();
}

absl::StatusOr<KeyBackups::Made> KeyBackups::MakeOne() {
  std::error_code error;
  if (fs::create_directories(directory_, error)) {
    fs::permissions(directory_, fs::perms::owner_all, error);
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        directory_, ": ", error.message(),
        "; give another directory with key_backups in the configuration"));
  }
  const absl::Time now = clock_.Now();
  Made made;
  made.path = absl::StrCat(directory_, "/", kPrefix,
                           absl::FormatTime(kMadeAt, now, absl::UTCTimeZone()));
  ASSIGN_OR_RETURN(made.counts, keys_.Backup(made.path, key_.current()));
  made.destroy_by = now + life_;
  return made;
}

absl::Status KeyBackups::Tidy() {
  MutexLock lock(mu_);
  absl::Status done;
  if (renew_.exchange(false)) {
    done = Renew();
    if (!done.ok()) renew_ = true;
  }
  done.Update(RemoveOld());
  return done;
}

absl::Status KeyBackups::RemoveOld() {
  const absl::Time now = clock_.Now();
  absl::Status first_error;
  for (const std::string& path : BackupsIn(directory_)) {
    const bool unfinished = absl::EndsWith(path, kUnfinished);
    if (unfinished || MadeAt(path) + life_ < now) {
      first_error.Update(Remove(path));
    }
  }
  return first_error;
}

absl::Status KeyBackups::Renew() {
  const std::vector<std::string> before = BackupsIn(directory_);
  if (before.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(MakeOne().status());
  absl::Status first_error;
  for (const std::string& path : before) first_error.Update(Remove(path));
  return first_error;
}

}  // namespace samverk::privacy

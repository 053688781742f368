#include "eventstore/rocksdb/file_lock.h"

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {

absl::StatusOr<std::unique_ptr<FileLock>> FileLock::Take(
    const std::string& path, const std::string& in_use) {
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status taken = rocksdb::Env::Default()->LockFile(path, &lock);
  if (taken.ok()) return std::unique_ptr<FileLock>(new FileLock(lock));
  const std::string text = taken.ToString();
  // "While lock file: …: Resource temporarily unavailable", "lock hold by
  // current process …"; anything else could not be opened at all.
  if (text.find("While open a file for lock") == std::string::npos) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     error::v1::REASON_IN_USE, in_use, {{"path", path}});
  }
  return absl::UnavailableError(
      absl::StrCat(path, " cannot be written: ", text,
                   "; see that this user may write there"));
}

FileLock::~FileLock() {
  rocksdb::Env::Default()->UnlockFile(lock_).PermitUncheckedError();
}

}  // namespace samverk

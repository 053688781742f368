#include "services/privacy/file_error.h"

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk::privacy {

absl::Status CannotWrite(const std::string& path, int error) {
  const std::string why =
      absl::StrCat("cannot write ", path, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) {
    return MakeError(
        absl::StatusCode::kResourceExhausted, error::v1::REASON_DISK_FULL,
        absl::StrCat(why, "; make room and try again"), {{"path", path}});
  }
  return absl::UnavailableError(
      absl::StrCat(why, "; see that this user may write there, and try again"));
}

absl::Status DamagedFile(const std::string& path, const std::string& what) {
  return MakeError(absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
                   absl::StrCat(path, " ", what), {{"where", path}});
}

}  // namespace samverk::privacy

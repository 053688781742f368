// A directory of results that is there whole or not at all.
#ifndef SAMVERK_CLIENTS_CLI_NEW_DIRECTORY_H_
#define SAMVERK_CLIENTS_CLI_NEW_DIRECTORY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/style.h"

namespace samverk::cli {

// Is made beside its place, and gets its name last. One thread.
class NewDirectory {
 public:
  // FAILED_PRECONDITION: something is at `path` that is no empty directory, or
  // it is no name (".", "/").
  // UNAVAILABLE: it cannot be made. The sentence says it in the style's
  // language.
  static absl::StatusOr<std::unique_ptr<NewDirectory>> Make(
      const std::string& path, const Style& style);
  // Removes it and what is in it, unless it has its name.
  ~NewDirectory();
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;

  // Where its files are written.
  const std::string& unfinished() const { return unfinished_; }

  // Gives it its name, durably. Once, last. UNAVAILABLE: it cannot be done; the
  // directory then stays where it is, which the sentence says.
  absl::Status Finish(const Style& style);

 private:
  NewDirectory(std::string path, std::string unfinished);

  const std::string path_;
  const std::string unfinished_;
  bool stays_ = false;
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_NEW_DIRECTORY_H_

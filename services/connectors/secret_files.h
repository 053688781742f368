// Secrets of connectors, apart from the register: the log is never erased, and
// backups are copied about.
#ifndef SAMVERK_SERVICES_CONNECTORS_SECRET_FILES_H_
#define SAMVERK_SERVICES_CONNECTORS_SECRET_FILES_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/mutex.h"

namespace samverk::connectors {

// A directory with a file for each secret, which only the server's user may
// read. A file is never changed: another secret is another file. So what is
// stored of a connector names exactly one secret, whatever is cut short. Errors
// name files, never what is in them. Any thread.
class SecretFiles {
 public:
  // The directory is made with the first secret; the one above it must exist.
  explicit SecretFiles(std::string directory)
      : directory_(std::move(directory)) {}

  // Writes a secret of a connector, whose name CheckGroupName lets through,
  // durably into a new file; the file's name, "connector-NAME-" and 16 digits.
  //   RESOURCE_EXHAUSTED (DISK_FULL); FAILED_PRECONDITION: it cannot be
  //     written.
  absl::StatusOr<std::string> Write(std::string_view connector,
                                    std::string_view secret);
  // FAILED_PRECONDITION: it cannot be read, or is empty.
  absl::StatusOr<std::string> Read(const std::string& file) const;
  // Removes what was left by changes that were cut short: all that Write makes,
  // but for what `is_kept`.
  void RemoveUnless(
      const std::function<bool(const std::string& file)>& is_kept);

  // Whether Write may have given this name to a secret of the connector.
  static bool IsNameOf(std::string_view file, std::string_view connector);

 private:
  std::string PathOf(const std::string& file) const;

  const std::string directory_;
  Mutex mu_;  // held while files come and go
};

// What a file has, without white space around it; of 4 KiB at most. Only of a
// regular file: others could be waited for without end.
//   FAILED_PRECONDITION: names the file and says why.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_SECRET_FILES_H_

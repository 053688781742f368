// Single files that only their owner may read.
#ifndef SAMVERK_SERVICES_PRIVACY_PRIVATE_FILE_H_
#define SAMVERK_SERVICES_PRIVACY_PRIVATE_FILE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/privacy/secret_bytes.h"

namespace samverk::privacy {

// All of a file that is this user's (or root's) and that nobody else may read.
// A link is not followed, so that nobody can have another file read. Does not
// wait for what is no file (a pipe, a device).
//   NOT_FOUND: there is none.
//   FAILED_PRECONDITION: others may read it, it is another's, a link or no
//     file, has more bytes or cannot be read; the message says why, to be put
//     after the file's name.
absl::StatusOr<SecretBytes> ReadPrivateFile(const std::string& path,
                                            size_t bytes_most);

// A new file that is there whole or not at all, and takes no other's place.
// `path` with ".new" is used meanwhile. What was not finished is removed. One
// thread at a time.
class NewPrivateFile {
 public:
  // The directory must exist.
  //   ALREADY_EXISTS: something has that name.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be written.
  static absl::StatusOr<std::unique_ptr<NewPrivateFile>> Create(
      const std::string& path);
  ~NewPrivateFile();
  NewPrivateFile(const NewPrivateFile&) = delete;
  NewPrivateFile& operator=(const NewPrivateFile&) = delete;

  // After an error the file can only be given up. Errors of Create.
  absl::Status Append(std::string_view bytes);
  // Gives it its name, durably. Once, last. Errors of Create; after one there
  // is no such file, unless the error came from the last sync of the directory.
  absl::Status Finish();

 private:
  NewPrivateFile(std::string path, int fd);

  const std::string path_;
  const int fd_;
};

// Puts other bytes, of chance, in the place of all that an open file has. They
// are to be synced. False: errno says why.
bool OverwriteFile(int fd);

// Overwrites a file where it lies, durably, and then takes its name away. OK
// when there is none. What the file system or the disk copied elsewhere is not
// reached.
//   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be done; call again.
absl::Status WipePrivateFile(const std::string& path);

// Gives two files of one directory each other's names, durably and in one step.
//   FAILED_PRECONDITION: this file system cannot do that; nothing is changed.
//   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be done.
absl::Status ExchangePrivateFiles(const std::string& one,
                                  const std::string& other);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PRIVATE_FILE_H_

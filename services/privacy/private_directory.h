// A directory of small secret files, of which no byte stays when they go.
//
// I1  A file is there whole or not at all, also after a power cut.
// I2  What was read is durable: a name that is not known to be is synced first.
// I3  No file loses its name before its bytes are overwritten and synced: also
//     not one that another takes the place of, or that was never finished.
// I4  One process at a time, held by a lock.
//
// A file "x" may have a companion "x.new": what is being written, or what was
// replaced. It is never the truth; whoever opens the directory wipes it.
#ifndef SAMVERK_SERVICES_PRIVACY_PRIVATE_DIRECTORY_H_
#define SAMVERK_SERVICES_PRIVACY_PRIVATE_DIRECTORY_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk::privacy {

// The end of a companion's name.
inline constexpr std::string_view kCompanion = ".new";

// One thread at a time.
class PrivateDirectory {
 public:
  // For tests. Called before each operation on a file that changes something;
  // what it returns, if not 0, is taken for errno, and the operation not done.
  using Hook =
      std::function<int(std::string_view operation, const std::string& file)>;

  // Makes the directory when it is not there; the one above it must exist.
  //   FAILED_PRECONDITION: it is no directory, another's, or others may enter
  //     it; IN_USE: another has it open.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be made or opened.
  static absl::StatusOr<std::unique_ptr<PrivateDirectory>> Open(
      const std::string& path, Hook hook = nullptr);
  ~PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;

  // All of a file.
  //   NOT_FOUND: there is none.
  //   DATA_LOSS (DAMAGED): it is no file, or has more bytes.
  //   UNAVAILABLE: it cannot be read, or I2 cannot be kept.
  absl::StatusOr<std::string> Read(const std::string& file, size_t bytes_most);

  // Makes a file of which there is none.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be written. There
  //     is no such file, or, if only the sync of its name failed, all of it;
  //     then the next Read syncs it or fails.
  absl::Status Write(const std::string& file, std::string_view bytes);

  // Puts other bytes in the place of a file, and wipes what was there.
  //   FAILED_PRECONDITION: this file system cannot exchange two files.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be written or
  //     wiped. The file has the old bytes or the new ones; its companion may
  //     have the other.
  absl::Status Replace(const std::string& file, std::string_view bytes);

  // Overwrites a file and its companion, then takes their names away. OK when
  // there are none.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE: it cannot be done; call
  //     again.
  absl::Status Wipe(const std::string& file);

  // Names of all files, companions included, sorted; not the lock.
  absl::StatusOr<std::vector<std::string>> Files();

  // For sentences.
  std::string PathOf(std::string_view file) const;
  const std::string& path() const { return path_; }

 private:
  PrivateDirectory(std::string path, int fd, Hook hook);
  // False: errno says why.
  bool Allowed(std::string_view operation, const std::string& file);
  bool WriteCompanion(const std::string& file, std::string_view bytes);
  bool Overwrite(int fd, const std::string& file);
  bool WipeOne(const std::string& file);
  bool Sync();
  absl::Status Lock();

  const std::string path_;
  const int fd_;
  const Hook hook_;
  int lock_fd_ = -1;
  // Names may have come or gone since they were last synced; so also when
  // somebody else was here before.
  bool unsynced_ = true;
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PRIVATE_DIRECTORY_H_

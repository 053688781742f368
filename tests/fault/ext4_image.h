// A file system of its own whose power can be cut.
#ifndef SAMVERK_TESTS_FAULT_EXT4_IMAGE_H_
#define SAMVERK_TESTS_FAULT_EXT4_IMAGE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::fault {

// An ext4 in a file, mounted through a loop device where only this process and
// its children see it. However the process ends, nothing remains: the file has
// no name any more, the device lets go of it when it is closed, and the mount
// is gone with its namespace. One thread.
class Ext4Image {
 public:
  // Makes and mounts it. Moves the process into a mount namespace of its own,
  // so to be called before other threads are started.
  //   FAILED_PRECONDITION: this is not allowed here, and why.
  static absl::StatusOr<std::unique_ptr<Ext4Image>> Create();
  ~Ext4Image();

  // Where it is mounted.
  const std::string& path() const { return mount_point_; }

  // From now on nothing reaches the disk, and every write fails: the state
  // that a power cut leaves. What was not synced is lost, the file system's own
  // log included.
  absl::Status CutPower();
  // Unmounts and mounts again, as after a power cut. Nobody may have a file
  // open on it.
  absl::Status MountAgain();

 private:
  Ext4Image() = default;
  absl::Status AttachLoopDevice(const std::string& file);
  absl::Status Mount();

  TemporaryDirectory directory_;
  std::string mount_point_;
  std::string device_;
  int device_fd_ = -1;
  bool mounted_ = false;
};

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_EXT4_IMAGE_H_

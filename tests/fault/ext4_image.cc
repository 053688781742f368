#include "tests/fault/ext4_image.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "tests/e2e/programs.h"

namespace samverk::fault {
namespace {

// From the kernel's fs/ext4/ext4.h, which no header of user space has.
constexpr unsigned long kExt4Shutdown = _IOR('X', 125, uint32_t);
constexpr uint32_t kNoLogFlush = 2;

// Sparse: it takes what is written to it.
constexpr off_t kImageBytes = off_t{2} << 30;

// A free loop device may be taken by somebody else meanwhile.
constexpr int kLoopAttempts = 20;

absl::Status Errno(absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat(what, ": ", std::strerror(errno)));
}

absl::Status EnterOwnNamespace() {
  if (unshare(CLONE_NEWNS) != 0) return Errno("a mount namespace");
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return Errno("private mounts");
  }
  return absl::OkStatus();
}

absl::Status MakeFileSystem(const std::string& file) {
  const int fd =
      open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return Errno(file);
  const bool sized = ftruncate(fd, kImageBytes) == 0;
  close(fd);
  if (!sized) return Errno("the image's size");
  const e2e::Outcome made = e2e::RunProgram(
      {"/sbin/mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", file});
  if (made.status == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("mkfs.ext4 ends with ", made.status, " ", made.err));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ext4Image>> Ext4Image::Create() {
  if (geteuid() != 0) return absl::FailedPreconditionError("not root");
  RETURN_IF_ERROR(EnterOwnNamespace());
  auto image = std::unique_ptr<Ext4Image>(new Ext4Image());
  image->mount_point_ = image->directory_.path() + "/mounted";
  std::filesystem::create_directory(image->mount_point_);
  const std::string file = image->directory_.path() + "/image";
  RETURN_IF_ERROR(MakeFileSystem(file));
  RETURN_IF_ERROR(image->AttachLoopDevice(file));
  std::filesystem::remove(file);
  RETURN_IF_ERROR(image->Mount());
  return image;
}

Ext4Image::~Ext4Image() {
  // Lazily, should a process still have a file open.
  if (mounted_) umount2(mount_point_.c_str(), MNT_DETACH);
  if (device_fd_ >= 0) close(device_fd_);
}

absl::Status Ext4Image::AttachLoopDevice(const std::string& file) {
  const int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  if (control < 0) return Errno("/dev/loop-control");
  const int image = open(file.c_str(), O_RDWR | O_CLOEXEC);
  absl::Status status = Errno(file);
  for (int i = 0; image >= 0 && i < kLoopAttempts; ++i) {
    const int number = ioctl(control, LOOP_CTL_GET_FREE);
    device_ = absl::StrCat("/dev/loop", number);
    device_fd_ = number < 0 ? -1 : open(device_.c_str(), O_RDWR | O_CLOEXEC);
    if (device_fd_ < 0) {
      status = Errno("a loop device");
      break;
    }
    loop_config config = {};
    config.fd = static_cast<uint32_t>(image);
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (ioctl(device_fd_, LOOP_CONFIGURE, &config) == 0) {
      status = absl::OkStatus();
      break;
    }
    status = Errno(device_);
    close(device_fd_);
    device_fd_ = -1;
  }
  if (image >= 0) close(image);
  close(control);
  return status;
}

absl::Status Ext4Image::Mount() {
  // The file system must not write by itself what nobody synced: then a server
  // that does not sync would lose nothing either.
  if (mount(device_.c_str(), mount_point_.c_str(), "ext4", MS_NOATIME,
            "commit=300") != 0) {
    return Errno(absl::StrCat("mounting ", device_));
  }
  mounted_ = true;
  return absl::OkStatus();
}

absl::Status Ext4Image::CutPower() {
  const int fd = open(mount_point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Errno(mount_point_);
  uint32_t flags = kNoLogFlush;
  const bool cut = ioctl(fd, kExt4Shutdown, &flags) == 0;
  const absl::Status status = cut ? absl::OkStatus() : Errno("the cut");
  close(fd);
  return status;
}

absl::Status Ext4Image::MountAgain() {
  if (umount2(mount_point_.c_str(), 0) != 0) return Errno("unmounting");
  mounted_ = false;
  return Mount();
}

}  // namespace samverk::fault

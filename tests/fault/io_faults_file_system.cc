#include "tests/fault/io_faults_file_system.h"

#include <filesystem>
#include <utility>

namespace samverk::fault {

using IOStatus = rocksdb::IOStatus;
using IOOptions = rocksdb::IOOptions;
using IODebugContext = rocksdb::IODebugContext;

const char* NameOf(Call call) {
  switch (call) {
    case Call::kAppend:
      return "append";
    case Call::kSync:
      return "sync";
    case Call::kFlush:
      return "flush";
    case Call::kClose:
      return "close";
    case Call::kTruncate:
      return "truncate";
    case Call::kNewFile:
      return "new file";
    case Call::kReopenFile:
      return "reopen file";
    case Call::kRename:
      return "rename";
    case Call::kLink:
      return "link";
    case Call::kDirectorySync:
      return "directory sync";
  }
  return "";
}

const char* NameOf(IoFault fault) {
  switch (fault) {
    case IoFault::kError:
      return "EIO";
    case IoFault::kNoSpace:
      return "ENOSPC";
    case IoFault::kShort:
      return "short write, EIO";
    case IoFault::kFull:
      return "short write, ENOSPC";
    case IoFault::kLie:
      return "lie";
  }
  return "";
}

class OneFaultFileSystem::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile> file, std::string name,
       OneFaultFileSystem& system)
      : FSWritableFileOwnerWrapper(std::move(file)),
        name_(std::move(name)),
        system_(system) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* context) override {
    if (!system_.Comes(Call::kAppend, name_)) {
      return target()->Append(data, options, context);
    }
    if (system_.WritesHalf()) {
      target()
          ->Append(rocksdb::Slice(data.data(), data.size() / 2), options,
                   context)
          .PermitUncheckedError();
    }
    return system_.Answer();
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    if (system_.Comes(Call::kSync, name_)) return system_.Answer();
    return target()->Sync(options, context);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    if (system_.Comes(Call::kSync, name_)) return system_.Answer();
    return target()->Fsync(options, context);
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    if (system_.Comes(Call::kFlush, name_)) return system_.Answer();
    return target()->Flush(options, context);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    // The descriptor is gone also when closing fails.
    const IOStatus closed = target()->Close(options, context);
    if (system_.Comes(Call::kClose, name_)) return system_.Answer();
    return closed;
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options,
                    IODebugContext* context) override {
    if (system_.Comes(Call::kTruncate, name_)) return system_.Answer();
    return target()->Truncate(size, options, context);
  }

 private:
  const std::string name_;
  OneFaultFileSystem& system_;
};

class OneFaultFileSystem::Directory : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::unique_ptr<rocksdb::FSDirectory> directory,
            OneFaultFileSystem& system)
      : FSDirectoryWrapper(std::move(directory)), system_(system) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    if (system_.Comes(Call::kDirectorySync, "/")) return system_.Answer();
    return FSDirectoryWrapper::Fsync(options, context);
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options,
                               IODebugContext* context,
                               const rocksdb::DirFsyncOptions& how) override {
    if (system_.Comes(Call::kDirectorySync, "/")) return system_.Answer();
    return FSDirectoryWrapper::FsyncWithDirOptions(options, context, how);
  }

 private:
  OneFaultFileSystem& system_;
};

void OneFaultFileSystem::Arm(Call call, IoFault fault, uint64_t k) {
  MutexLock lock(mu_);
  armed_ = true;
  fired_ = false;
  call_ = call;
  fault_ = fault;
  left_ = k;
}

void OneFaultFileSystem::Disarm() {
  MutexLock lock(mu_);
  armed_ = false;
}

bool OneFaultFileSystem::fired() {
  MutexLock lock(mu_);
  return fired_;
}

std::string OneFaultFileSystem::fired_at() {
  MutexLock lock(mu_);
  return fired_at_;
}

bool OneFaultFileSystem::Comes(Call call, const std::string& name) {
  MutexLock lock(mu_);
  if (!armed_ || call != call_ || --left_ > 0) return false;
  armed_ = false;
  fired_ = true;
  fired_at_ = std::filesystem::path(name).filename().string();
  return true;
}

bool OneFaultFileSystem::WritesHalf() {
  MutexLock lock(mu_);
  return fault_ == IoFault::kShort || fault_ == IoFault::kFull;
}

IOStatus OneFaultFileSystem::Answer() {
  MutexLock lock(mu_);
  switch (fault_) {
    case IoFault::kError:
    case IoFault::kShort:
      return IOStatus::IOError("injected");
    case IoFault::kNoSpace:
    case IoFault::kFull:
      return IOStatus::NoSpace("injected");
    case IoFault::kLie:
      break;
  }
  return IOStatus::OK();
}

IOStatus OneFaultFileSystem::NewWritableFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  if (Comes(Call::kNewFile, name)) return Answer();
  const auto status = target()->NewWritableFile(name, options, file, context);
  if (status.ok())
    *file = std::make_unique<File>(std::move(*file), name, *this);
  return status;
}

IOStatus OneFaultFileSystem::ReopenWritableFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  if (Comes(Call::kReopenFile, name)) return Answer();
  const auto status =
      target()->ReopenWritableFile(name, options, file, context);
  if (status.ok())
    *file = std::make_unique<File>(std::move(*file), name, *this);
  return status;
}

IOStatus OneFaultFileSystem::RenameFile(const std::string& from,
                                        const std::string& to,
                                        const IOOptions& options,
                                        IODebugContext* context) {
  if (Comes(Call::kRename, to)) return Answer();
  return target()->RenameFile(from, to, options, context);
}

IOStatus OneFaultFileSystem::LinkFile(const std::string& from,
                                      const std::string& to,
                                      const IOOptions& options,
                                      IODebugContext* context) {
  if (Comes(Call::kLink, to)) return Answer();
  return target()->LinkFile(from, to, options, context);
}

IOStatus OneFaultFileSystem::NewDirectory(
    const std::string& name, const IOOptions& options,
    std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  const auto status = target()->NewDirectory(name, options, directory, context);
  if (status.ok()) {
    *directory = std::make_unique<Directory>(std::move(*directory), *this);
  }
  return status;
}

}  // namespace samverk::fault

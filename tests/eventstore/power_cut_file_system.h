// A file system that knows what is durable, and can lose the rest.
#ifndef SAMVERK_TESTS_EVENTSTORE_POWER_CUT_FILE_SYSTEM_H_
#define SAMVERK_TESTS_EVENTSTORE_POWER_CUT_FILE_SYSTEM_H_

#include <rocksdb/file_system.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eventstore/base/mutex.h"
#include "gtest/gtest.h"

namespace samverk {

// Faults that it injects: after CutPower nothing is written any more, and
// LoseUnsynced takes from each file what was not synced, and from each
// directory the files that were made or renamed since it was synced. Not
// injected: deleted files that come back. Thread-safe.
class PowerCutFileSystem : public rocksdb::FileSystemWrapper {
 public:
  using IOStatus = rocksdb::IOStatus;
  using IOOptions = rocksdb::IOOptions;
  using IODebugContext = rocksdb::IODebugContext;

  PowerCutFileSystem()
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "PowerCutFileSystem"; }

  IOStatus NewWritableFile(const std::string& name,
                           const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* context) override {
    if (dead_) return Dead();
    const bool is_new = !Exists(name);
    const auto status = target()->NewWritableFile(name, options, file, context);
    if (status.ok()) {
      if (is_new) AddEntry(name, {name, {}, {}});
      Set(name, 0, 0);
      *file = std::make_unique<File>(std::move(*file), name, Sizes{}, *this);
    }
    return status;
  }
  IOStatus ReopenWritableFile(const std::string& name,
                              const rocksdb::FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                              IODebugContext* context) override {
    if (dead_) return Dead();
    const auto status =
        target()->ReopenWritableFile(name, options, file, context);
    if (status.ok()) {
      *file =
          std::make_unique<File>(std::move(*file), name, SizesOf(name), *this);
    }
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to,
                      const IOOptions& options,
                      IODebugContext* context) override {
    if (dead_) return Dead();
    std::optional<std::string> replaced;
    if (Exists(to)) replaced = Read(to);
    const auto status = target()->RenameFile(from, to, options, context);
    if (!status.ok()) return status;
    AddEntry(to, {to, from, std::move(replaced)});
    MutexLock lock(mu_);
    if (const auto it = sizes_.find(from); it != sizes_.end()) {
      sizes_[to] = it->second;
      sizes_.erase(it);
    }
    return status;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to,
                    const IOOptions& options,
                    IODebugContext* context) override {
    if (dead_) return Dead();
    const auto status = target()->LinkFile(from, to, options, context);
    if (!status.ok()) return status;
    AddEntry(to, {to, {}, {}});
    MutexLock lock(mu_);
    if (const auto it = sizes_.find(from); it != sizes_.end()) {
      sizes_[to] = it->second;
    }
    return status;
  }
  IOStatus DeleteFile(const std::string& name, const IOOptions& options,
                      IODebugContext* context) override {
    if (dead_) return Dead();
    return target()->DeleteFile(name, options, context);
  }
  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* context) override {
    const auto status =
        target()->NewDirectory(name, options, directory, context);
    if (status.ok()) {
      *directory =
          std::make_unique<Directory>(std::move(*directory), name, *this);
    }
    return status;
  }

  void CutPower() { dead_ = true; }
  void LoseUnsynced() {
    MutexLock lock(mu_);
    for (const auto& [name, sizes] : sizes_) {
      if (Exists(name)) {
        EXPECT_EQ(truncate(name.c_str(), static_cast<off_t>(sizes.synced)), 0);
      }
    }
    for (const auto& [directory, entries] : entries_) {
      for (auto it = entries.rbegin(); it != entries.rend(); ++it) Undo(*it);
    }
  }
  // Bytes of write-ahead logs that a power cut would take now.
  uint64_t UnsyncedLogBytes() {
    MutexLock lock(mu_);
    uint64_t bytes = 0;
    for (const auto& [name, sizes] : sizes_) {
      if (IsLog(name)) bytes += sizes.written - sizes.synced;
    }
    return bytes;
  }
  int log_syncs() const { return log_syncs_; }

 private:
  struct Sizes {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  // A name that a directory has got.
  struct Entry {
    std::string name;
    std::optional<std::string> from;      // it had this name before
    std::optional<std::string> replaced;  // what another file of the name held
  };

  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file, std::string name,
         Sizes sizes, PowerCutFileSystem& system)
        : FSWritableFileOwnerWrapper(std::move(file)),
          name_(std::move(name)),
          system_(system),
          size_(sizes.written),
          synced_(sizes.synced) {}
    IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                    IODebugContext* context) override {
      if (system_.dead_) return Dead();
      size_ += data.size();
      system_.Set(name_, size_, synced_);
      return target()->Append(data, options, context);
    }
    IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                    const rocksdb::DataVerificationInfo&,
                    IODebugContext* context) override {
      return Append(data, options, context);
    }
    IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
      if (system_.dead_) return Dead();
      if (IsLog(name_)) ++system_.log_syncs_;
      const uint64_t size = size_;
      const auto status = target()->Sync(options, context);
      if (status.ok()) system_.Set(name_, size_, synced_ = size);
      return status;
    }
    IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
      return Sync(options, context);
    }

   private:
    const std::string name_;
    PowerCutFileSystem& system_;
    uint64_t size_;
    uint64_t synced_;
  };

  class Directory : public rocksdb::FSDirectoryWrapper {
   public:
    Directory(std::unique_ptr<rocksdb::FSDirectory> directory, std::string name,
              PowerCutFileSystem& system)
        : FSDirectoryWrapper(std::move(directory)),
          name_(Directory::Plain(std::move(name))),
          system_(system) {}
    IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
      if (system_.dead_) return Dead();
      const auto status = FSDirectoryWrapper::Fsync(options, context);
      if (status.ok()) system_.KeepEntries(name_);
      return status;
    }
    IOStatus FsyncWithDirOptions(const IOOptions& options,
                                 IODebugContext* context,
                                 const rocksdb::DirFsyncOptions& how) override {
      if (system_.dead_) return Dead();
      const auto status =
          FSDirectoryWrapper::FsyncWithDirOptions(options, context, how);
      if (status.ok()) system_.KeepEntries(name_);
      return status;
    }

    static std::string Plain(std::string name) {
      while (name.size() > 1 && name.back() == '/') name.pop_back();
      return name;
    }

   private:
    const std::string name_;
    PowerCutFileSystem& system_;
  };

  static IOStatus Dead() { return IOStatus::IOError("power cut"); }
  static bool Exists(const std::string& name) {
    return access(name.c_str(), F_OK) == 0;
  }
  static std::string Read(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static bool IsLog(const std::string& name) {
    return name.size() > 4 && name.substr(name.size() - 4) == ".log";
  }
  static void Undo(const Entry& entry) {
    std::error_code gone;  // it may have been deleted since
    if (entry.from.has_value()) {
      std::filesystem::rename(entry.name, *entry.from, gone);
    } else {
      std::filesystem::remove(entry.name, gone);
    }
    if (entry.replaced.has_value()) {
      std::ofstream(entry.name, std::ios::binary) << *entry.replaced;
    }
  }
  void Set(const std::string& name, uint64_t written, uint64_t synced) {
    MutexLock lock(mu_);
    sizes_[name] = {written, synced};
  }
  Sizes SizesOf(const std::string& name) {
    MutexLock lock(mu_);
    if (const auto it = sizes_.find(name); it != sizes_.end()) {
      return it->second;
    }
    const auto size = static_cast<uint64_t>(std::filesystem::file_size(name));
    return {size, size};
  }
  void AddEntry(const std::string& name, Entry entry) {
    MutexLock lock(mu_);
    entries_[std::filesystem::path(name).parent_path().string()].push_back(
        std::move(entry));
  }
  void KeepEntries(const std::string& directory) {
    MutexLock lock(mu_);
    entries_.erase(directory);
  }

  std::atomic<bool> dead_{false};
  std::atomic<int> log_syncs_{0};
  Mutex mu_;
  std::map<std::string, Sizes> sizes_;
  // By directory: what it does not keep yet, in order.
  std::map<std::string, std::vector<Entry>> entries_;
};

}  // namespace samverk

#endif  // SAMVERK_TESTS_EVENTSTORE_POWER_CUT_FILE_SYSTEM_H_

// A file system of which one call fails.
#ifndef SAMVERK_TESTS_FAULT_IO_FAULTS_FILE_SYSTEM_H_
#define SAMVERK_TESTS_FAULT_IO_FAULTS_FILE_SYSTEM_H_

#include <rocksdb/file_system.h>

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "eventstore/base/mutex.h"

namespace samverk::fault {

// A kind of call.
enum class Call {
  kAppend,
  kSync,
  kFlush,
  kClose,
  kTruncate,
  kNewFile,
  kReopenFile,
  kRename,
  kLink,
  kDirectorySync,
};

// What happens to it.
enum class IoFault {
  kError,    // EIO; nothing was done
  kNoSpace,  // ENOSPC; nothing was done
  kShort,    // half of the bytes are written, then EIO
  kFull,     // half of the bytes are written, then ENOSPC
  kLie,      // nothing was done, and it says that it was
};

const char* NameOf(Call call);
const char* NameOf(IoFault fault);

// Passes everything on, but for the k-th call of one kind after Arm. What
// follows that call goes well again. Injected in what RocksDB writes: logs,
// tables, manifests, CURRENT, index files; not in reading, locking or deleting.
// Thread-safe.
class OneFaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  using IOStatus = rocksdb::IOStatus;
  using IOOptions = rocksdb::IOOptions;
  using IODebugContext = rocksdb::IODebugContext;

  explicit OneFaultFileSystem(std::shared_ptr<rocksdb::FileSystem> target)
      : FileSystemWrapper(std::move(target)) {}
  const char* Name() const override { return "OneFaultFileSystem"; }

  // The k-th call from now on; k is 1 or more.
  void Arm(Call call, IoFault fault, uint64_t k);
  void Disarm();
  // True once the call has failed.
  bool fired();
  // What it was done to: "log", "manifest", …
  std::string fired_at();

  IOStatus NewWritableFile(const std::string& name,
                           const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* context) override;
  IOStatus ReopenWritableFile(const std::string& name,
                              const rocksdb::FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                              IODebugContext* context) override;
  IOStatus RenameFile(const std::string& from, const std::string& to,
                      const IOOptions& options,
                      IODebugContext* context) override;
  IOStatus LinkFile(const std::string& from, const std::string& to,
                    const IOOptions& options, IODebugContext* context) override;
  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* context) override;

 private:
  class File;
  class Directory;

  // Whether the fault comes now.
  bool Comes(Call call, const std::string& name);
  bool WritesHalf();
  // What it answers.
  IOStatus Answer();

  Mutex mu_;
  bool armed_ ABSL_GUARDED_BY(mu_) = false;
  bool fired_ ABSL_GUARDED_BY(mu_) = false;
  Call call_ ABSL_GUARDED_BY(mu_) = Call::kAppend;
  IoFault fault_ ABSL_GUARDED_BY(mu_) = IoFault::kError;
  uint64_t left_ ABSL_GUARDED_BY(mu_) = 0;
  std::string fired_at_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::fault

#endif  // SAMVERK_TESTS_FAULT_IO_FAULTS_FILE_SYSTEM_H_

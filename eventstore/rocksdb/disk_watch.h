// Hears from RocksDB when the disk fails it.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DISK_WATCH_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DISK_WATCH_H_

#include <rocksdb/listener.h>

#include "absl/base/thread_annotations.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// RocksDB writes and merges tables behind its callers' backs. When that fails
// it refuses every write until it is told to resume, and writes nothing of
// them; when a write itself fails, what is on the disk is unknown. The two
// look alike to the caller of Write: this tells them apart. Thread-safe.
class DiskWatch : public rocksdb::EventListener {
 public:
  // Why RocksDB refuses writes now, or OK.
  rocksdb::Status Refusing();
  // True once a write itself has failed.
  bool WriteFailed();
  // RocksDB accepts writes again.
  void Resumed();

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* error) override;
  // Resuming is ours, at the next write: RocksDB would look every 5 s.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason,
                            rocksdb::Status error,
                            bool* auto_recovery) override;
  void OnErrorRecoveryEnd(
      const rocksdb::BackgroundErrorRecoveryInfo& info) override;

 private:
  Mutex mu_;
  rocksdb::Status refusing_ ABSL_GUARDED_BY(mu_);
  bool write_failed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DISK_WATCH_H_

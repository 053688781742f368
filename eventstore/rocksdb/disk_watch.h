// Hears from RocksDB when the disk fails it.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DISK_WATCH_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DISK_WATCH_H_

#include <rocksdb/listener.h>

#include <cstdint>

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
  // True once it has refused. From then on RocksDB (7.8) must not be asked to
  // take files in, also when it has resumed: it still believes that it has
  // stopped, names the file with a number that is none, and ends the process.
  bool HasRefused();
  // How many errors have made it refuse so far.
  uint64_t Errors();
  // RocksDB has resumed; `errors` is what Errors gave before it began to. When
  // another has come since, it refuses still.
  void Resumed(uint64_t errors);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* error) override;
  // Resuming is ours, at the next write: RocksDB would look every 5 s.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason,
                            rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  Mutex mu_;
  rocksdb::Status refusing_ ABSL_GUARDED_BY(mu_);
  uint64_t errors_ ABSL_GUARDED_BY(mu_) = 0;
  bool write_failed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DISK_WATCH_H_

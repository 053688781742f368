#include "eventstore/rocksdb/disk_watch.h"

namespace samverk {
namespace {

// Less severe ones let writes go on.
bool Refuses(const rocksdb::Status& error) {
  return error.severity() >= rocksdb::Status::Severity::kHardError;
}

}  // namespace

rocksdb::Status DiskWatch::Refusing() {
  MutexLock lock(mu_);
  return refusing_;
}

bool DiskWatch::WriteFailed() {
  MutexLock lock(mu_);
  return write_failed_;
}

void DiskWatch::Resumed() {
  MutexLock lock(mu_);
  refusing_ = rocksdb::Status::OK();
}

void DiskWatch::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                  rocksdb::Status* error) {
  MutexLock lock(mu_);
  if (reason == rocksdb::BackgroundErrorReason::kWriteCallback ||
      reason == rocksdb::BackgroundErrorReason::kMemTable) {
    write_failed_ = true;
  }
  if (Refuses(*error)) refusing_ = *error;
}

void DiskWatch::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason,
                                     rocksdb::Status error,
                                     bool* auto_recovery) {
  if (Refuses(error)) *auto_recovery = false;
}

void DiskWatch::OnErrorRecoveryEnd(
    const rocksdb::BackgroundErrorRecoveryInfo& info) {
  MutexLock lock(mu_);
  if (info.new_bg_error.ok()) refusing_ = rocksdb::Status::OK();
}

}  // namespace samverk

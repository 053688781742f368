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

bool DiskWatch::HasRefused() {
  MutexLock lock(mu_);
  return errors_ > 0;
}

uint64_t DiskWatch::Errors() {
  MutexLock lock(mu_);
  return errors_;
}

void DiskWatch::Resumed(uint64_t errors) {
  MutexLock lock(mu_);
  if (errors_ == errors) refusing_ = rocksdb::Status::OK();
}

void DiskWatch::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                  rocksdb::Status* error) {
  MutexLock lock(mu_);
  if (reason == rocksdb::BackgroundErrorReason::kWriteCallback ||
      reason == rocksdb::BackgroundErrorReason::kMemTable) {
    write_failed_ = true;
  }
  if (!Refuses(*error)) return;
  refusing_ = *error;
  ++errors_;
}

void DiskWatch::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason,
                                     rocksdb::Status error,
                                     bool* auto_recovery) {
  if (Refuses(error)) *auto_recovery = false;
}

}  // namespace samverk

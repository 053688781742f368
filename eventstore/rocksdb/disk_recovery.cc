#include "eventstore/rocksdb/disk_recovery.h"

#include <rocksdb/convenience.h>

#include "absl/time/clock.h"

namespace samverk {

rocksdb::Status ResumeWriting(rocksdb::DB& db, DiskWatch& watch) {
  if (watch.Refusing().ok()) return rocksdb::Status::OK();
  const uint64_t errors = watch.Errors();
  rocksdb::Status status = db.PauseBackgroundWork();
  if (status.ok()) status = db.ContinueBackgroundWork();
  if (status.ok()) status = db.Resume();
  if (!status.ok()) return status;
  watch.Resumed(errors);
  return watch.Refusing();
}

DiskRecovery::~DiskRecovery() {
  bool trying = false;
  {
    MutexLock lock(mu_);
    trying = trying_;
  }
  if (trying) rocksdb::CancelAllBackgroundWork(&db_, /*wait=*/false);
  thread_.Close();
}

void DiskRecovery::Try() {
  MutexLock lock(mu_);
  if (!trying_) {
    trying_ = true;
    give_up_ = absl::Now() + kPatience;
    thread_.Run([this] { Attempt(); });
  }
  while (trying_ && changed_.WaitUntil(mu_, give_up_)) {
  }
}

void DiskRecovery::Attempt() {
  ResumeWriting(db_, watch_).PermitUncheckedError();
  MutexLock lock(mu_);
  trying_ = false;
  changed_.NotifyAll();
}

}  // namespace samverk

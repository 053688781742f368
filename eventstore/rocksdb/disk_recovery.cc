#include "eventstore/rocksdb/disk_recovery.h"

#include <rocksdb/convenience.h>

#include "absl/time/clock.h"

namespace samverk {

rocksdb::Status ResumeWriting(rocksdb::DB& db) {
  rocksdb::Status status = db.PauseBackgroundWork();
  if (status.ok()) status = db.ContinueBackgroundWork();
  return status.ok() ? db.Resume() : status;
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
  if (ResumeWriting(db_).ok()) watch_.Resumed();
  MutexLock lock(mu_);
  trying_ = false;
  changed_.NotifyAll();
}

}  // namespace samverk

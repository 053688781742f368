// Makes RocksDB write again after the disk has failed it.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DISK_RECOVERY_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DISK_RECOVERY_H_

#include <rocksdb/db.h>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/rocksdb/disk_watch.h"
#include "eventstore/rocksdb/serial_thread.h"

namespace samverk {

// RocksDB's Resume, made safe to call again and again: when it fails, RocksDB
// (7.8) forgets a table whose writing it has begun to schedule, and the next
// Resume waits for that one for ever. So it is called only when nothing is
// scheduled, and what is due stays in RocksDB's queue. Waits for the tables
// that are being written. `watch` listens to `db`, and knows afterwards whether
// it still refuses: then that is the status.
rocksdb::Status ResumeWriting(rocksdb::DB& db, DiskWatch& watch);

// Resumes on a thread of its own, so that nobody who writes can be held by a
// disk that does not answer. Thread-safe.
class DiskRecovery {
 public:
  // An attempt that takes longer goes on, but nobody waits for it. RocksDB
  // pauses for a second after every table that it could not write.
  static constexpr absl::Duration kPatience = absl::Seconds(5);

  // Both must outlive it.
  DiskRecovery(rocksdb::DB& db, DiskWatch& watch)
      : db_(db), watch_(watch), thread_("resume") {}
  // Ends RocksDB's background work when an attempt is under way: it could
  // wait for a disk that does not answer.
  ~DiskRecovery();
  DiskRecovery(const DiskRecovery&) = delete;
  DiskRecovery& operator=(const DiskRecovery&) = delete;

  // One attempt, or what is left of the one under way. Waits for it until
  // kPatience after its beginning; `watch` knows how it ended.
  void Try();

 private:
  void Attempt();

  rocksdb::DB& db_;
  DiskWatch& watch_;
  Mutex mu_;
  CondVar changed_;
  bool trying_ ABSL_GUARDED_BY(mu_) = false;
  absl::Time give_up_ ABSL_GUARDED_BY(mu_);
  SerialThread thread_;  // last: it uses all of the above
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DISK_RECOVERY_H_

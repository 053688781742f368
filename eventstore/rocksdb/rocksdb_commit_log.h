// The commit log of a register that lives on one machine.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_ROCKSDB_COMMIT_LOG_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_ROCKSDB_COMMIT_LOG_H_

#include <memory>
#include <string>
#include <vector>

#include "eventstore/base/mutex.h"
#include "eventstore/commit_log.h"
#include "eventstore/rocksdb/database.h"

namespace samverk {

// Records in the column family `events` by position, headers in `commits` by
// sequence; both in one batch, written ahead and synced.
//
//   L1  Append returns OK only after the batch is in the write-ahead log and
//       the log is synced.
//   L2  A header is there if and only if all its records are.
//   L3  After a failed write nothing more is written: what is on the disk is
//       then unknown, and only opening again tells.
class RocksDbCommitLog : public CommitLog {
 public:
  // `database` must outlive the log. DATA_LOSS (DAMAGED) when the last commit
  // cannot be read, or events do not end where it says.
  static absl::StatusOr<std::unique_ptr<RocksDbCommitLog>> Open(
      Database& database);

  absl::StatusOr<uint64_t> Lead() override { return 0; }
  absl::StatusOr<absl::Duration> Append(
      absl::Span<const Commit> commits) override;
  CommitPoint Head() override;
  absl::StatusOr<std::vector<Commit>> Read(uint64_t sequence,
                                           size_t bytes) override;
  absl::StatusOr<uint64_t> Follow(uint64_t sequence,
                                  absl::Time deadline) override;
  absl::Status Trim(uint64_t) override { return absl::OkStatus(); }
  Description State() override;

 private:
  explicit RocksDbCommitLog(Database& database);
  absl::Status FindHead();

  Database* const database_;
  const RegisterHash origin_;

  Mutex mu_;
  CondVar grown_;
  CommitPoint head_ ABSL_GUARDED_BY(mu_);
  std::string problem_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_ROCKSDB_COMMIT_LOG_H_

#include "eventstore/rocksdb/rocksdb_commit_log.h"

#include <rocksdb/iostats_context.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/write_batch.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

rocksdb::ReadOptions Scan() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  return options;
}

// How long RocksDB has waited for fsync on this thread since it was made.
class FsyncTimer {
 public:
  FsyncTimer() {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableTime);
    before_ = rocksdb::get_iostats_context()->fsync_nanos;
  }
  ~FsyncTimer() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }
  FsyncTimer(const FsyncTimer&) = delete;
  FsyncTimer& operator=(const FsyncTimer&) = delete;

  absl::Duration Elapsed() const {
    return absl::Nanoseconds(rocksdb::get_iostats_context()->fsync_nanos -
                             before_);
  }

 private:
  uint64_t before_ = 0;
};

// What the commits take in a write batch, about.
size_t BytesOfBatch(absl::Span<const Commit> commits) {
  constexpr size_t kPerRecord = 24;  // key, lengths, kind and family
  constexpr size_t kPerCommit = 4096;
  size_t bytes = 0;
  for (const Commit& commit : commits) {
    bytes += commit.bytes() + commit.size() * kPerRecord + kPerCommit;
  }
  return bytes;
}

// Moves the records that follow into `commit`. `it` stands at the first one.
absl::Status TakeRecords(rocksdb::Iterator& it, Commit& commit) {
  uint64_t position = commit.header.first_position().value();
  for (uint32_t i = 0; i < commit.header.count; ++i, ++position, it.Next()) {
    RETURN_IF_ERROR(FromRocks(it.status(), absl::StrCat("event ", position)));
    if (!it.Valid() || keys::NumberOf(ToStd(it.key())) != position) {
      return DataDamaged(absl::StrCat("event ", position),
                         "it is committed but not there");
    }
    commit.AddRecord(ToStd(it.value()));
  }
  return absl::OkStatus();
}

}  // namespace

RocksDbCommitLog::RocksDbCommitLog(Database& database)
    : database_(&database),
      origin_(HashOfOrigin(database.description().origin)) {}

absl::StatusOr<std::unique_ptr<RocksDbCommitLog>> RocksDbCommitLog::Open(
    Database& database) {
  auto log = std::unique_ptr<RocksDbCommitLog>(new RocksDbCommitLog(database));
  RETURN_IF_ERROR(log->FindHead());
  return log;
}

absl::Status RocksDbCommitLog::FindHead() {
  const auto last = [&](rocksdb::ColumnFamilyHandle* family) {
    auto it = std::unique_ptr<rocksdb::Iterator>(
        database_->db().NewIterator(Scan(), family));
    it->SeekToLast();
    return it;
  };
  const auto commit = last(database_->commits());
  RETURN_IF_ERROR(FromRocks(commit->status(), "the last commit"));
  MutexLock lock(mu_);
  if (commit->Valid()) {
    ASSIGN_OR_RETURN(const CommitHeader header,
                     DecodeCommitHeader(ToStd(commit->value()), origin_));
    if (commit->key() != ToSlice(keys::Number(header.after.sequence))) {
      return DataDamaged("the last commit",
                         "it is stored under another number");
    }
    head_ = header.after;
  }
  const auto event = last(database_->events());
  RETURN_IF_ERROR(FromRocks(event->status(), "the last event"));
  const auto end = event->Valid() ? keys::NumberOf(ToStd(event->key())) : 0;
  if (end != head_.position.value()) {
    return DataDamaged(
        "the end of the log",
        absl::StrCat("the last commit ends at position ",
                     head_.position.value(), ", the events at ",
                     end.has_value() ? absl::StrCat(*end) : "no position"));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> RocksDbCommitLog::Append(
    absl::Span<const Commit> commits) {
  {
    MutexLock lock(mu_);
    if (!problem_.empty()) return ReadOnly(problem_);
  }
  // Before anything has gone wrong; appends go on when there is room again.
  RETURN_IF_ERROR(database_->CheckRoom());
  RETURN_IF_ERROR(database_->CheckWritable());
  rocksdb::WriteBatch batch(BytesOfBatch(commits));
  std::string key;
  for (const Commit& commit : commits) {
    uint64_t position = commit.header.first_position().value();
    for (size_t i = 0; i < commit.size(); ++i, ++position) {
      key.clear();
      PutBig64(position, key);
      batch.Put(database_->events(), key, ToSlice(commit.record(i)));
    }
    batch.Put(database_->commits(), keys::Number(commit.header.after.sequence),
              EncodeCommitHeader(commit.header, origin_, commit.leaves()));
  }
  rocksdb::WriteOptions durably;
  durably.sync = true;  // L1
  const FsyncTimer syncing;
  const auto status = database_->db().Write(durably, &batch);
  if (!status.ok() && database_->WroteNothing(status)) {
    const absl::Status refusing = database_->Refusing();
    return refusing.ok() ? DiskFull(database_->directory(), status.ToString())
                         : refusing;
  }
  MutexLock lock(mu_);
  if (!status.ok()) {
    // L3
    problem_ = absl::StrCat("writing the log failed: ", status.ToString(),
                            "; look at the disk, then start the server again");
    return OutcomeUnknown(problem_);
  }
  head_ = commits.back().header.after;
  grown_.NotifyAll();
  return syncing.Elapsed();
}

CommitPoint RocksDbCommitLog::Head() {
  MutexLock lock(mu_);
  return head_;
}

absl::StatusOr<std::vector<Commit>> RocksDbCommitLog::Read(uint64_t sequence,
                                                           size_t bytes) {
  std::vector<Commit> commits;
  const uint64_t head = Head().sequence;
  if (sequence >= head) return commits;
  const std::unique_ptr<rocksdb::Iterator> headers(
      database_->db().NewIterator(Scan(), database_->commits()));
  const std::unique_ptr<rocksdb::Iterator> events(
      database_->db().NewIterator(Scan(), database_->events()));
  headers->Seek(keys::Number(sequence + 1));
  size_t read = 0;
  while (sequence < head && read < bytes) {
    ++sequence;
    const std::string where = absl::StrCat("commit ", sequence);
    RETURN_IF_ERROR(FromRocks(headers->status(), where));
    if (!headers->Valid() ||
        keys::NumberOf(ToStd(headers->key())) != sequence) {
      return DataDamaged(where, "it is not there");
    }
    Commit commit;
    ASSIGN_OR_RETURN(commit.header,
                     DecodeCommitHeader(ToStd(headers->value()), origin_));
    if (commit.header.after.sequence != sequence) {
      return DataDamaged(where, "it is stored under another number");
    }
    if (commit.header.count > 0) {
      const uint64_t first = commit.header.first_position().value();
      if (!events->Valid() || keys::NumberOf(ToStd(events->key())) != first) {
        events->Seek(keys::Number(first));
      }
      RETURN_IF_ERROR(TakeRecords(*events, commit));
    }
    RETURN_IF_ERROR(VerifyChecksum(ToStd(headers->value()), commit.leaves()));
    read += commit.bytes() + headers->value().size();
    commits.push_back(std::move(commit));
    headers->Next();
  }
  return commits;
}

absl::StatusOr<uint64_t> RocksDbCommitLog::Follow(uint64_t sequence,
                                                  absl::Time deadline) {
  MutexLock lock(mu_);
  while (head_.sequence <= sequence) {
    if (!grown_.WaitUntil(mu_, deadline) && head_.sequence <= sequence) {
      return DeadlinePassed();
    }
  }
  return head_.sequence;
}

CommitLog::Description RocksDbCommitLog::State() {
  MutexLock lock(mu_);
  return {"embedded", problem_.empty(), problem_};
}

}  // namespace samverk

// A register's database, open to look at only.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_CLOSED_REGISTER_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_CLOSED_REGISTER_H_

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eventstore/rocksdb/file_lock.h"
#include "eventstore/rocksdb/fsck_finding.h"

namespace samverk {

// Owns the database and its lock. One thread.
class ClosedRegister {
 public:
  // Null, with findings, when it is so damaged that there is nothing to look
  // at. Errors of CheckRegister.
  static absl::StatusOr<std::unique_ptr<ClosedRegister>> Open(
      const std::string& directory, Findings& findings);
  ~ClosedRegister();
  ClosedRegister(const ClosedRegister&) = delete;
  ClosedRegister& operator=(const ClosedRegister&) = delete;

  rocksdb::DB& db() { return *db_; }
  rocksdb::ColumnFamilyHandle* meta() { return handles_[0]; }
  rocksdb::ColumnFamilyHandle* events() { return handles_[1]; }
  rocksdb::ColumnFamilyHandle* commits() { return handles_[2]; }
  // Null when derived data is not there at all.
  rocksdb::ColumnFamilyHandle* derived() { return handles_[3]; }
  const std::string& origin() const { return origin_; }

  // For reading all of a family once.
  std::unique_ptr<rocksdb::Iterator> Scan(rocksdb::ColumnFamilyHandle* family);

 private:
  ClosedRegister() = default;
  // False, with findings, when it cannot be opened.
  absl::StatusOr<bool> OpenRocks(const std::string& directory,
                                 Findings& findings);
  // False, with findings, when it is not there.
  bool ReadDescription(Findings& findings);

  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* handles_[4] = {};
  std::string origin_;
};

// Reads values with numbered keys, one number after the other, past those that
// are missing or cannot be read.
class NumberedRows {
 public:
  enum class State { kThere, kMissing, kUnreadable };

  explicit NumberedRows(std::unique_ptr<rocksdb::Iterator> it)
      : it_(std::move(it)) {}

  // The greatest number; 0 when there is none; nullopt when that cannot be
  // read.
  std::optional<uint64_t> Last();
  // Numbers ascend from call to call. The value is there until the next call.
  State Read(uint64_t number);
  // After kMissing: the next number that is there, if any is.
  std::optional<uint64_t> Next() const;
  std::string_view value() const;
  // Why it is unreadable.
  std::string why() const { return it_->status().ToString(); }

 private:
  const std::unique_ptr<rocksdb::Iterator> it_;
  bool taken_ = false;  // the iterator stands at what was read
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_CLOSED_REGISTER_H_

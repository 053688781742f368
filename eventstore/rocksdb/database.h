// The RocksDB instance of one register: its options, its column families, and
// the description of the register in it.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DATABASE_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DATABASE_H_

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/statistics.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/rocksdb/disk_recovery.h"
#include "eventstore/rocksdb/disk_watch.h"

namespace samverk {

// The formats that this program writes. It reads log formats up to kLogFormat;
// derived data of any other format is dropped and derived again.
inline constexpr uint32_t kLogFormat = 1;
inline constexpr uint32_t kDerivedFormat = 1;

// What a register says of itself, fixed when it is created.
struct RegisterDescription {
  std::string origin;  // the register's name in checkpoints
  uint32_t log_format = kLogFormat;
  absl::Time created;
};

// Owns the open database. Thread-safe.
//   directory/FORMAT    "samverk log 1": read before anything else is touched
//   directory/rocksdb/  the database
class Database {
 public:
  struct Options {
    std::string directory;
    std::string origin;  // may be empty when the register exists
    absl::Time now;      // recorded as the time of creation
    size_t block_cache_bytes = 96 << 20;
    // Appends are refused while less is free: room for RocksDB's own work.
    uint64_t reserved_bytes = 64 << 20;
    // Opens also when acknowledged writes are lost in the write-ahead log.
    bool accept_loss = false;
    // Where tests make the disk fail; must outlive the database.
    rocksdb::Env* env = nullptr;
  };

  // Opens the register, or creates it when the directory holds none.
  //   INVALID_ARGUMENT: a new register without an origin.
  //   FAILED_PRECONDITION (FORMAT_NEWER): written by a later program; nothing
  //     was changed. (IN_USE): another process has it open. (READ_ONLY): it is
  //     the register of another origin.
  //   DATA_LOSS (DAMAGED): the write-ahead log is damaged before its end, a
  //     file or the description is lost, or FORMAT says something else; nothing
  //     was changed. A last write that was cut short is none: it was not
  //     acknowledged, and is dropped.
  //   RESOURCE_EXHAUSTED (DISK_FULL), UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const Options& options);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() { return *db_; }
  rocksdb::ColumnFamilyHandle* events() { return events_; }
  rocksdb::ColumnFamilyHandle* commits() { return commits_; }
  rocksdb::ColumnFamilyHandle* derived() { return derived_; }
  const RegisterDescription& description() const { return description_; }
  const std::string& directory() const { return directory_; }
  // Where a table of derived data is written before it is taken in. When taking
  // it in fails, RocksDB deletes its own name of the table, although its
  // manifest may have it already if only the manifest's sync failed; the file
  // here is then put back when the register is opened.
  std::string IndexFile() const { return directory_ + "/segment.sst"; }

  // Throws the derived data away. No reader may be at it.
  absl::Status DropDerived();
  // How the block cache is used: since opening, and now.
  struct CacheUse {
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t bytes = 0;
  };
  CacheUse GetCacheUse() const;
  // Bytes of all files.
  uint64_t BytesOnDisk() const;
  // RESOURCE_EXHAUSTED (DISK_FULL) when less than the reserve is free.
  absl::Status CheckRoom() const;
  // Whether RocksDB accepts writes; makes it resume when it may, and waits for
  // that at most DiskRecovery::kPatience.
  //   RESOURCE_EXHAUSTED (DISK_FULL), FAILED_PRECONDITION (READ_ONLY): it could
  //     not write or merge tables. Nothing is lost by that.
  absl::Status CheckWritable();
  // Whether finished files may be taken in: DiskWatch::HasRefused.
  bool TakesFilesIn() const { return !watch_->HasRefused(); }
  // What it says to a write, without making it resume.
  absl::Status Refusing() const;
  // True when a Write that ended like this has surely written nothing.
  bool WroteNothing(const rocksdb::Status& status) const;

 private:
  Database() = default;
  absl::Status OpenRocks(const Options& options);
  // True when `missing` is about a table that is not there, and the index file
  // now has its name, which is added to `put_back`.
  bool PutIndexFileBack(const rocksdb::Status& missing,
                        std::vector<std::string>& put_back) const;
  absl::Status Describe(const Options& options);
  // The description is not there: says why, unless the register is new.
  absl::Status CheckNew(const Options& options);

  std::string directory_;
  uint64_t reserved_bytes_ = 0;
  std::shared_ptr<DiskWatch> watch_;  // shared with RocksDB
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::Statistics> statistics_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<DiskRecovery> recovery_;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  rocksdb::ColumnFamilyHandle* events_ = nullptr;
  rocksdb::ColumnFamilyHandle* commits_ = nullptr;
  rocksdb::ColumnFamilyHandle* derived_ = nullptr;
  rocksdb::ColumnFamilyOptions derived_options_;
  RegisterDescription description_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DATABASE_H_

// Where live views are kept: a RocksDB instance of their own.
//
// Everything in it follows from the log and is built again when it is lost.
// Invariants:
//   I1  Entries and the marker that says how far they have come are written in
//       one batch: each event counts once, whatever happens between batches.
//   I2  Batches are not logged (no WAL) and all keys lie in one column family,
//       so what is left after a crash is a prefix of the batches written. A
//       large batch is a file that RocksDB takes in whole; it first writes out
//       what is in memory of the same keys, the markers among them.
//   I3  A generation is answered from only when the live key names it.
//
// Keys: "f" -> format
//       "l" name                    -> generation that answers
//       "m" name 00 generation      -> marker
//       "e" name 00 generation key  -> entry
#ifndef SAMVERK_PROJECTIONS_ENGINE_VIEW_STORE_H_
#define SAMVERK_PROJECTIONS_ENGINE_VIEW_STORE_H_

#include <rocksdb/db.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "eventstore/rocksdb/disk_watch.h"
#include "projections/engine/stored_table.h"
#include "projections/engine/view_batch.h"
#include "projections/projection.h"

namespace samverk::projections {

// The entries of every projection as they were when it was taken. To be used
// by one thread at a time; must not outlive its store.
class ViewSnapshot {
 public:
  ~ViewSnapshot();
  ViewSnapshot(const ViewSnapshot&) = delete;
  ViewSnapshot& operator=(const ViewSnapshot&) = delete;

  // Reads go to this state, however the store goes on.
  ViewSet views() const;
  // The live generation's marker; nothing when the projection has none.
  const std::optional<TableMarker>& MarkerOf(ProjectionId id) const;
  // DATA_LOSS (DAMAGED) when a read has met an entry that cannot be read:
  // what was answered from it is then worth nothing.
  absl::Status status() const;

 private:
  friend class ViewStore;
  class Reader;
  ViewSnapshot() = default;

  rocksdb::DB* db_ = nullptr;
  const rocksdb::Snapshot* snapshot_ = nullptr;
  std::array<std::unique_ptr<Reader>, kProjectionCount> readers_;
  std::array<std::optional<TableMarker>, kProjectionCount> markers_;
};

// All methods may be called from any thread.
class ViewStore {
 public:
  struct Options {
    std::string directory;  // made when it is not there
    size_t block_cache_bytes = 32 << 20;
    // At most so much is folded again after a crash, or twice that.
    size_t write_buffer_bytes = 16 << 20;
    // A batch of so many changes is written as a file of its own: the keys of a
    // rebuild do not go through the memory table.
    size_t file_changes = 4'096;
    // For tests: an error is that of the commit, and nothing is written.
    std::function<absl::Status()> before_commit = nullptr;
    // For tests of crashes: each batch is on the disk when it is committed.
    bool flush_each_batch = false;
    // Where tests make the disk fail; must outlive the store.
    rocksdb::Env* env = nullptr;
  };

  // Opens the store; `discarded` says why what was there was thrown away, or
  // is empty. FAILED_PRECONDITION (IN_USE), RESOURCE_EXHAUSTED (DISK_FULL),
  // UNAVAILABLE: nothing was changed.
  static absl::StatusOr<std::unique_ptr<ViewStore>> Open(
      const Options& options, std::string& discarded);

  // Writes what is in memory to the disk.
  ~ViewStore();
  ViewStore(const ViewStore&) = delete;
  ViewStore& operator=(const ViewStore&) = delete;

  // Every generation, by name and generation. DATA_LOSS (DAMAGED).
  absl::StatusOr<std::vector<StoredTable>> Tables() const;

  // Makes all changes or, after an error, none: RESOURCE_EXHAUSTED
  // (DISK_FULL), DATA_LOSS (DAMAGED), UNAVAILABLE.
  absl::Status Commit(ViewBatch batch);

  // Makes writing possible again after an error that has gone away (a full
  // disk). Does nothing when there was none. Errors as Commit.
  absl::Status Resume();

  // The state now, for these projections. DATA_LOSS (DAMAGED).
  absl::StatusOr<std::unique_ptr<ViewSnapshot>> Snapshot(
      absl::Span<const Projection> projections) const;

  // Reads an entry's bytes. False when there is none. DATA_LOSS (DAMAGED).
  absl::StatusOr<bool> Get(const TableId& table, std::string_view key,
                           std::string& entry) const;
  // The error for an entry whose bytes are no message of its type.
  static absl::Status CannotDecode(std::string_view key);

  // Calls `visit` with each stored entry whose key begins with `prefix` and is
  // not less than `from`, in order, until it returns false. DATA_LOSS
  // (DAMAGED).
  absl::Status Scan(
      const TableId& table, std::string_view prefix, std::string_view from,
      const std::function<bool(std::string_view key, std::string_view entry)>&
          visit) const;

  // Bytes of all files.
  uint64_t BytesOnDisk() const;

 private:
  ViewStore() = default;
  // Writes the batch as a file and has RocksDB take it in.
  absl::Status CommitFile(ViewBatch& batch);

  std::shared_ptr<DiskWatch> watch_;  // shared with RocksDB
  std::unique_ptr<rocksdb::DB> db_;
  std::string file_path_;  // of a large batch, while it is written
  size_t file_changes_ = 0;
  std::function<absl::Status()> before_commit_;
  bool flush_each_batch_ = false;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_VIEW_STORE_H_

#include "projections/engine/view_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/disk_recovery.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"
#include "projections/engine/view_keys.h"

namespace samverk::projections {
namespace {

using google::protobuf::Message;

constexpr std::string_view kFormat = "samverk views 1";

rocksdb::Options RocksOptions(const ViewStore::Options& options) {
  rocksdb::Options rocks;
  rocks.create_if_missing = true;
  rocks.max_background_jobs = 2;
  rocks.write_buffer_size = options.write_buffer_bytes;
  rocks.max_write_buffer_number = 3;
  rocks.compression = rocksdb::kLZ4Compression;
  rocks.level_compaction_dynamic_level_bytes = true;
  rocks.level0_file_num_compaction_trigger = 16;
  rocks.level0_slowdown_writes_trigger = 32;
  rocks.level0_stop_writes_trigger = 48;
  // Without a WAL this is what the memory table is written for at close.
  rocks.avoid_flush_during_shutdown = false;
  rocks.keep_log_file_num = 4;
  rocks.max_log_file_size = 4 << 20;
  rocks.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  rocks.stats_dump_period_sec = 0;
  rocks.stats_persist_period_sec = 0;
  // One thread writes.
  rocks.allow_concurrent_memtable_write = false;
  rocks.memtable_whole_key_filtering = true;
  rocks.memtable_prefix_bloom_size_ratio = 0.05;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  table.block_size = 16 << 10;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  rocks.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return rocks;
}

// True when `status` says that what is there is no whole database, which is
// then built again; false when somebody has to do something about it.
bool IsBroken(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsNotFound() ||
         status.IsInvalidArgument() || status.IsNotSupported() ||
         (status.IsIOError() &&
          status.subcode() == rocksdb::Status::SubCode::kPathNotFound);
}

bool IsLocked(const rocksdb::Status& status) {
  return status.IsIOError() &&
         status.ToString().find("lock") != std::string::npos;
}

absl::Status InUse(const std::string& directory) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_IN_USE,
      absl::StrCat(directory,
                   " is in use by another process; stop that one first"),
      {{"directory", directory}});
}

rocksdb::ReadOptions At(const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  return options;
}

// Calls `visit` with the entries of a table, see ViewStore::Scan.
absl::Status ScanEntries(
    rocksdb::DB& db, const rocksdb::Snapshot* snapshot, const TableId& table,
    std::string_view prefix, std::string_view from,
    const std::function<bool(std::string_view, std::string_view)>& visit) {
  const std::string all = view_keys::Entry(table, prefix);
  const std::string first = view_keys::Entry(table, std::max(prefix, from));
  const std::string end = view_keys::EndOf(all);
  const rocksdb::Slice upper = ToSlice(end);
  rocksdb::ReadOptions options = At(snapshot);
  options.iterate_upper_bound = &upper;
  const size_t key_offset = all.size() - prefix.size();
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
  for (it->Seek(first); it->Valid(); it->Next()) {
    if (!visit(ToStd(it->key()).substr(key_offset), ToStd(it->value()))) break;
  }
  return FromRocks(it->status(), "reading views");
}

// Every stored generation.
absl::StatusOr<std::vector<StoredTable>> ReadTables(
    rocksdb::DB& db, const rocksdb::Snapshot* snapshot) {
  std::vector<StoredTable> tables;
  const std::string end = view_keys::EndOf(view_keys::kMarkers);
  const rocksdb::Slice upper = ToSlice(end);
  rocksdb::ReadOptions options = At(snapshot);
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
  for (it->Seek(ToSlice(view_keys::kMarkers)); it->Valid(); it->Next()) {
    StoredTable table;
    if (!view_keys::ParseMarker(ToStd(it->key()), ToStd(it->value()), table.id,
                                table.marker)) {
      return ViewStore::CannotDecode("of a marker");
    }
    std::string live;
    const auto found =
        db.Get(At(snapshot), view_keys::Live(table.id.projection), &live);
    if (!found.IsNotFound()) RETURN_IF_ERROR(FromRocks(found, "reading views"));
    table.live = found.ok() && live == view_keys::Number(table.id.generation);
    tables.push_back(std::move(table));
  }
  RETURN_IF_ERROR(FromRocks(it->status(), "reading views"));
  return tables;
}

}  // namespace

// Reads one generation through the snapshot. Entries found are kept, so that
// an answer that asks for the same names again and again decodes them once.
class ViewSnapshot::Reader : public ViewReader {
 public:
  Reader(rocksdb::DB& db, const rocksdb::Snapshot* snapshot, TableId table,
         const Message& prototype)
      : db_(&db),
        snapshot_(snapshot),
        table_(std::move(table)),
        prototype_(&prototype) {}

  const absl::Status& status() const { return status_; }

 protected:
  const Message* FindMessage(std::string_view key) const override {
    const auto known = found_.find(key);
    if (known != found_.end()) return known->second.get();
    std::string value;
    const auto status =
        db_->Get(At(snapshot_), view_keys::Entry(table_, key), &value);
    std::unique_ptr<Message> entry;
    if (status.ok()) {
      entry.reset(prototype_->New());
      if (!entry->ParseFromString(value)) {
        Note(ViewStore::CannotDecode(key));
        entry.reset();
      }
    } else if (!status.IsNotFound()) {
      Note(FromRocks(status, "reading views"));
    }
    return found_.emplace(std::string(key), std::move(entry))
        .first->second.get();
  }

  void ScanMessages(std::string_view prefix, std::string_view from,
                    const Visit& visit) const override {
    const std::unique_ptr<Message> entry(prototype_->New());
    Note(ScanEntries(*db_, snapshot_, table_, prefix, from,
                     [&](std::string_view key, std::string_view value) {
                       if (!entry->ParseFromArray(value.data(),
                                                  int(value.size()))) {
                         Note(ViewStore::CannotDecode(key));
                         return false;
                       }
                       return visit(key, *entry);
                     }));
  }

 private:
  // Keeps the first error.
  void Note(absl::Status status) const {
    if (status_.ok()) status_ = std::move(status);
  }

  rocksdb::DB* const db_;
  const rocksdb::Snapshot* const snapshot_;
  const TableId table_;
  const Message* const prototype_;
  mutable absl::Status status_;
  mutable StringMap<std::unique_ptr<Message>> found_;
};

ViewSnapshot::~ViewSnapshot() { db_->ReleaseSnapshot(snapshot_); }

ViewSet ViewSnapshot::views() const {
  ViewSet views;
  for (size_t i = 0; i < readers_.size(); ++i) {
    views.tables[i] = readers_[i].get();
  }
  return views;
}

const std::optional<TableMarker>& ViewSnapshot::MarkerOf(
    ProjectionId id) const {
  return markers_[static_cast<size_t>(id)];
}

absl::Status ViewSnapshot::status() const {
  for (const auto& reader : readers_) {
    if (reader != nullptr) RETURN_IF_ERROR(reader->status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ViewStore>> ViewStore::Open(
    const Options& options, std::string& discarded) {
  discarded.clear();
  std::unique_ptr<ViewStore> store(new ViewStore);
  store->before_commit_ = options.before_commit;
  store->flush_each_batch_ = options.flush_each_batch;
  store->file_changes_ = options.file_changes;
  store->file_path_ = options.directory + "/batch";
  store->watch_ = std::make_shared<DiskWatch>();
  rocksdb::Options rocks = RocksOptions(options);
  rocks.listeners = {store->watch_};
  if (options.env != nullptr) rocks.env = options.env;
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  for (;;) {
    rocksdb::DB* db = nullptr;
    const auto opened = rocksdb::DB::Open(rocks, options.directory, &db);
    store->db_.reset(db);
    std::string format;
    if (opened.ok()) {
      const auto read = db->Get({}, view_keys::kFormatKey, &format);
      if (read.ok() && format == kFormat) return store;
      const std::unique_ptr<rocksdb::Iterator> it(db->NewIterator({}));
      it->SeekToFirst();
      if (it->status().ok() && !it->Valid()) {
        ViewBatch batch;
        batch.PutBytes(view_keys::kFormatKey, kFormat);
        RETURN_IF_ERROR(store->Commit(std::move(batch)));
        return store;
      }
    } else if (IsLocked(opened)) {
      return InUse(options.directory);
    } else if (!IsBroken(opened)) {
      return FromRocks(opened, "opening the views");
    }
    // Views follow from the log: what cannot be used is made again, once.
    if (!discarded.empty()) return FromRocks(opened, "making the views anew");
    discarded = opened.ok() ? "its format is not the one that this program uses"
                            : opened.ToString();
    store->db_.reset();
    std::filesystem::remove_all(options.directory, error);
  }
}

ViewStore::~ViewStore() {
  // What this misses is folded again at the next start.
  if (db_ != nullptr) db_->Flush({}).PermitUncheckedError();
}

absl::StatusOr<std::vector<StoredTable>> ViewStore::Tables() const {
  return ReadTables(*db_, nullptr);
}

absl::Status ViewStore::Resume() {
  return FromRocks(ResumeWriting(*db_, *watch_), "resuming to write views");
}

absl::Status ViewStore::Commit(ViewBatch batch) {
  if (before_commit_) RETURN_IF_ERROR(before_commit_());
  if (batch.size() >= file_changes_ && !batch.drops() &&
      !watch_->HasRefused()) {
    return CommitFile(batch);
  }
  rocksdb::WriteOptions options;
  options.disableWAL = true;  // I2
  rocksdb::WriteBatch rocks = batch.ToWriteBatch();
  RETURN_IF_ERROR(FromRocks(db_->Write(options, &rocks), "writing views"));
  if (!flush_each_batch_) return absl::OkStatus();
  return FromRocks(db_->Flush({}), "writing views");
}

absl::Status ViewStore::CommitFile(ViewBatch& batch) {
  RETURN_IF_ERROR(RemoveBeforeWriting(file_path_));
  rocksdb::SstFileWriter file(rocksdb::EnvOptions(), db_->GetOptions());
  RETURN_IF_ERROR(FromRocks(file.Open(file_path_), "writing views"));
  RETURN_IF_ERROR(FromRocks(batch.WriteTo(file), "writing views"));
  RETURN_IF_ERROR(FromRocks(file.Finish(), "writing views"));
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.failed_move_fall_back_to_copy = true;
  // The file was written just now; what it holds is checked when it is read.
  options.verify_checksums_before_ingest = false;
  return FromRocks(db_->IngestExternalFile({file_path_}, options),
                   "writing views");
}

absl::StatusOr<std::unique_ptr<ViewSnapshot>> ViewStore::Snapshot(
    absl::Span<const Projection> projections) const {
  std::unique_ptr<ViewSnapshot> snapshot(new ViewSnapshot);
  snapshot->db_ = db_.get();
  snapshot->snapshot_ = db_->GetSnapshot();
  ASSIGN_OR_RETURN(const auto tables, ReadTables(*db_, snapshot->snapshot_));
  for (const Projection& projection : projections) {
    const auto i = static_cast<size_t>(projection.id);
    // Generation 0 is never stored, so a projection without any reads as empty.
    TableId id{std::string(projection.name), 0};
    for (const StoredTable& table : tables) {
      if (!table.live || table.id.projection != projection.name) continue;
      id = table.id;
      snapshot->markers_[i] = table.marker;
    }
    snapshot->readers_[i] = std::make_unique<ViewSnapshot::Reader>(
        *db_, snapshot->snapshot_, std::move(id), projection.prototype());
  }
  return snapshot;
}

absl::StatusOr<bool> ViewStore::Get(const TableId& table, std::string_view key,
                                    std::string& entry) const {
  const auto status = db_->Get({}, view_keys::Entry(table, key), &entry);
  if (status.IsNotFound()) return false;
  RETURN_IF_ERROR(FromRocks(status, "reading views"));
  return true;
}

absl::Status ViewStore::CannotDecode(std::string_view key) {
  return DataDamaged(absl::StrCat("the view entry ", ToAbsl(key)),
                     "it is no message of its type; rebuild the projection");
}

absl::Status ViewStore::Scan(
    const TableId& table, std::string_view prefix, std::string_view from,
    const std::function<bool(std::string_view, std::string_view)>& visit)
    const {
  return ScanEntries(*db_, nullptr, table, prefix, from, visit);
}

uint64_t ViewStore::BytesOnDisk() const {
  uint64_t bytes = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
  return bytes;
}

}  // namespace samverk::projections

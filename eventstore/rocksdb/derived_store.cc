#include "eventstore/rocksdb/derived_store.h"

#include <rocksdb/env.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/key_order.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/block_source.h"
#include "eventstore/rocksdb/posting_block.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

rocksdb::ReadOptions Lookup() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  return options;
}

// Within one prefix; uses its bloom filter.
rocksdb::ReadOptions WithinPrefix() {
  rocksdb::ReadOptions options = Lookup();
  options.prefix_same_as_start = true;
  return options;
}

std::string EncodeId(const IdEntry& entry) {
  std::string value;
  PutVarint(entry.position.value(), value);
  PutVarint(entry.position.value() - entry.request_first.value(), value);
  PutVarint(entry.request_count, value);
  return value;
}

bool DecodeId(std::string_view bytes, IdEntry& entry) {
  uint64_t position;
  uint64_t index;
  uint64_t count;
  if (!TakeVarint(bytes, position) || !TakeVarint(bytes, index) ||
      !TakeVarint(bytes, count) || !bytes.empty() || index >= position ||
      index >= count) {
    return false;
  }
  entry = {Position(position), Position(position - index),
           static_cast<uint32_t>(count)};
  return true;
}

std::string EncodeNumber(uint64_t number) {
  std::string value;
  PutVarint(number, value);
  return value;
}

bool DecodeNumber(std::string_view bytes, uint64_t& number) {
  return TakeVarint(bytes, number) && bytes.empty();
}

bool DecodeMarker(std::string_view bytes, CommitPoint& point) {
  const char* p = bytes.data();
  if (bytes.size() != 76 || GetLittle<uint32_t>(p) != kDerivedFormat) {
    return false;
  }
  point.epoch = GetLittle<uint64_t>(p + 4);
  point.sequence = GetLittle<uint64_t>(p + 12);
  point.position = Position(GetLittle<uint64_t>(p + 20));
  point.recorded_at_us = GetLittle<int64_t>(p + 28);
  point.tree.size = GetLittle<uint64_t>(p + 36);
  std::memcpy(point.tree.root.data(), p + 44, sizeof(Hash));
  return true;
}

// A table that is written in the order of keys, outside the database.
class SortedFile {
 public:
  SortedFile(Database& database, std::string path)
      : database_(database),
        path_(std::move(path)),
        writer_(rocksdb::EnvOptions(), Uncompressed(database),
                database.derived()) {}

  absl::Status Open() {
    RETURN_IF_ERROR(RemoveBeforeWriting(path_));
    return FromRocks(writer_.Open(path_), "creating an index file");
  }

  // Keys must ascend. An error shows when the file is finished.
  void Add(std::string_view key, std::string_view value) {
    if (status_.ok()) status_ = writer_.Put(ToSlice(key), ToSlice(value));
  }

  absl::Status Finish() {
    if (status_.ok()) status_ = writer_.Finish();
    return FromRocks(status_, "writing an index file");
  }

  // It is merged with others soon, and compressed then.
  static rocksdb::Options Uncompressed(Database& database) {
    rocksdb::Options options = database.db().GetOptions(database.derived());
    options.compression = rocksdb::kNoCompression;
    return options;
  }

 private:
  Database& database_;
  const std::string path_;
  rocksdb::SstFileWriter writer_;
  rocksdb::Status status_;
};

// Puts what a finished file holds into `derived` as a whole, by memory: a crash
// loses all of it with its marker, and it is derived again. The write-ahead log
// is for what is synced, and says so of all that is in it.
absl::Status CopyIn(Database& database, const std::string& path) {
  rocksdb::SstFileReader reader(SortedFile::Uncompressed(database));
  RETURN_IF_ERROR(FromRocks(reader.Open(path), "reading an index file"));
  const std::unique_ptr<rocksdb::Iterator> it(reader.NewIterator({}));
  rocksdb::WriteBatch batch;
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    batch.Put(database.derived(), it->key(), it->value());
  }
  RETURN_IF_ERROR(FromRocks(it->status(), "reading an index file"));
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  RETURN_IF_ERROR(
      FromRocks(database.db().Write(options, &batch), "writing an index"));
  // A table of its own, as a file that is taken in is one. It is not waited
  // for: RocksDB (7.8) might never come back, and what is not written by the end
  // is derived again.
  rocksdb::FlushOptions soon;
  soon.wait = false;
  soon.allow_write_stall = true;
  database.db().Flush(soon, database.derived()).PermitUncheckedError();
  return RemoveBeforeWriting(path);
}

// Makes a finished file part of `derived` as a whole.
absl::Status Ingest(Database& database, const std::string& path) {
  if (!database.TakesFilesIn()) return CopyIn(database, path);
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.snapshot_consistency = false;  // no snapshots are taken
  options.write_global_seqno = false;
  return FromRocks(
      database.db().IngestExternalFile(database.derived(), {path}, options),
      "writing an index file");
}

std::string_view BytesOf(const EventId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}
std::string_view BytesOf(std::string_view key) { return key; }

// Calls add(entry) for each entry of a hash map, in the order of its keys,
// after that of the groups that group_of(key) gives.
template <typename Map, typename Add, typename GroupOf>
void AddSorted(const Map& map, Add add, GroupOf group_of) {
  using Entry = const typename Map::value_type*;
  std::vector<Entry> sorted;
  sorted.reserve(map.size());
  for (const auto& entry : map) sorted.push_back(&entry);
  SortByKey(
      sorted, [](Entry entry) { return BytesOf(entry->first); },
      [&group_of](Entry entry) { return group_of(entry->first); });
  for (const auto* entry : sorted) add(*entry);
}

template <typename Map, typename Add>
void AddSorted(const Map& map, Add add) {
  AddSorted(map, add, [](const auto&) { return uint32_t{0}; });
}

absl::Status BadEntry(const char* what) {
  return DataDamaged(what, "the index's entry cannot be taken apart");
}

}  // namespace

std::string EncodeMarker(const CommitPoint& point) {
  std::string value;
  PutLittle(kDerivedFormat, value);
  PutLittle(point.epoch, value);
  PutLittle(point.sequence, value);
  PutLittle(point.position.value(), value);
  PutLittle(point.recorded_at_us, value);
  PutLittle(point.tree.size, value);
  value.append(AsBytes(point.tree.root));
  return value;
}

absl::StatusOr<std::optional<std::string>> DerivedStore::Get(
    std::string_view key, const char* what) const {
  std::string value;
  const auto status =
      database_->db().Get(Lookup(), database_->derived(), ToSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  RETURN_IF_ERROR(FromRocks(status, what));
  return std::optional<std::string>(std::move(value));
}

absl::StatusOr<std::optional<CommitPoint>> DerivedStore::Applied() const {
  ASSIGN_OR_RETURN(const auto value,
                   Get(std::string(1, keys::kApplied), "the applied marker"));
  CommitPoint point;
  if (!value.has_value() || !DecodeMarker(*value, point)) {
    return std::optional<CommitPoint>();
  }
  return std::optional<CommitPoint>(point);
}

absl::Status DerivedStore::Clear() {
  RETURN_IF_ERROR(RemoveBeforeWriting(RememberedFile()));
  return database_->DropDerived();
}

std::string DerivedStore::ReadRemembered() const {
  std::string bytes;
  const auto status = rocksdb::ReadFileToString(database_->db().GetEnv(),
                                                RememberedFile(), &bytes);
  return status.ok() ? bytes : std::string();
}

absl::Status DerivedStore::WriteRemembered(std::string_view bytes) const {
  RETURN_IF_ERROR(database_->CheckRoom());
  // Not synced: what a power cut leaves of it has another checksum.
  return FromRocks(rocksdb::WriteStringToFile(database_->db().GetEnv(),
                                              ToSlice(bytes), RememberedFile()),
                   "remembering what the index knows");
}

absl::Status DerivedStore::Write(const Segment& segment,
                                 const std::vector<Tile>& tiles) {
  RETURN_IF_ERROR(database_->CheckWritable());
  const std::string path = database_->IndexFile();
  std::error_code error;
  if (finished_ != segment.end.sequence ||
      !std::filesystem::exists(path, error)) {
    finished_ = 0;
    RETURN_IF_ERROR(WriteFile(segment, tiles, path));
    finished_ = segment.end.sequence;
  }
  return Ingest(*database_, path);  // D3
}

absl::Status DerivedStore::WriteFile(const Segment& segment,
                                     const std::vector<Tile>& tiles,
                                     const std::string& path) const {
  SortedFile file(*database_, path);
  RETURN_IF_ERROR(file.Open());
  // In the order of the families' letters.
  file.Add(std::string(1, keys::kApplied), EncodeMarker(segment.end));
  AddSorted(segment.cursors(), [&](const auto& entry) {
    file.Add(keys::Cursor(entry.first), entry.second);
  });
  AddSorted(segment.ids(), [&](const auto& entry) {
    file.Add(keys::Id(entry.first), EncodeId(entry.second));
  });
  for (const Tile& tile : tiles) file.Add(keys::Tile(tile.id), tile.bytes);
  for (const auto kind :
       {keys::TermKind::kTag, keys::TermKind::kStream, keys::TermKind::kType}) {
    // A key holds the term's length before the term.
    AddSorted(
        segment.postings(kind),
        [&](const auto& entry) {
          const Segment::Postings& postings = entry.second;
          file.Add(keys::Block(kind, entry.first,
                               segment.PositionAt(postings.offsets.front())),
                   EncodeBlock(postings.before, postings.offsets));
        },
        [](std::string_view term) { return keys::TermGroup(term); });
  }
  AddSorted(segment.sources(), [&](const auto& entry) {
    file.Add(entry.first, EncodeNumber(entry.second.value()));
  });
  AddSorted(segment.tracks(), [&](const auto& entry) {
    file.Add(keys::Track(entry.first), EncodeNumber(entry.second));
  });
  return file.Finish();
}

absl::StatusOr<std::optional<IdEntry>> DerivedStore::FindId(
    const EventId& id) const {
  ASSIGN_OR_RETURN(const auto value, Get(keys::Id(id), "the id index"));
  if (!value.has_value()) return std::optional<IdEntry>();
  IdEntry entry;
  if (!DecodeId(*value, entry)) return BadEntry("the id index");
  return std::optional<IdEntry>(entry);
}

absl::StatusOr<std::vector<std::optional<IdEntry>>> DerivedStore::FindIds(
    absl::Span<const EventId> ids) const {
  std::vector<std::optional<IdEntry>> entries;
  std::vector<std::string> texts;
  std::vector<rocksdb::Slice> keys;
  texts.reserve(ids.size());
  for (const EventId& id : ids) {
    texts.push_back(keys::Id(id));
    keys.push_back(ToSlice(texts.back()));
  }
  // In one call: most ids are new, and what is left then is the filters.
  std::vector<rocksdb::PinnableSlice> values(ids.size());
  std::vector<rocksdb::Status> statuses(ids.size());
  database_->db().MultiGet(Lookup(), database_->derived(), ids.size(),
                           keys.data(), values.data(), statuses.data());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    RETURN_IF_ERROR(FromRocks(statuses[i], "the id index"));
    entries.resize(ids.size());
    entries[i].emplace();
    if (!DecodeId(ToStd(values[i]), *entries[i])) {
      return BadEntry("the id index");
    }
  }
  return entries;
}

absl::Status DerivedStore::ForEachId(
    const std::function<bool(const EventId&)>& visit) const {
  rocksdb::ReadOptions options = Lookup();
  options.total_order_seek = true;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  const std::unique_ptr<rocksdb::Iterator> it(
      database_->db().NewIterator(options, database_->derived()));
  const std::string prefix(1, keys::kId);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix);
       it->Next()) {
    EventId id;
    if (it->key().size() != prefix.size() + id.bytes.size()) {
      return BadEntry("the id index");
    }
    std::memcpy(id.bytes.data(), it->key().data() + prefix.size(),
                id.bytes.size());
    if (!visit(id)) break;
  }
  return FromRocks(it->status(), "the id index");
}

absl::StatusOr<std::optional<Position>> DerivedStore::FindSource(
    std::string_view source_key) const {
  ASSIGN_OR_RETURN(const auto value, Get(source_key, "the source index"));
  if (!value.has_value()) return std::optional<Position>();
  uint64_t position;
  if (!DecodeNumber(*value, position)) return BadEntry("the source index");
  return std::optional<Position>(position);
}

absl::StatusOr<std::vector<Track>> DerivedStore::ListTracks() const {
  rocksdb::ReadOptions options = Lookup();
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> it(
      database_->db().NewIterator(options, database_->derived()));
  const std::string from = keys::Track("");
  std::vector<Track> tracks;
  for (it->Seek(from); it->Valid() && it->key().starts_with(from); it->Next()) {
    Track track;
    track.consumer = std::string(ToStd(it->key()).substr(1));
    if (!DecodeNumber(ToStd(it->value()), track.upstream_position)) {
      return BadEntry("a track");
    }
    if (track.upstream_position == 0) continue;  // forgotten
    tracks.push_back(std::move(track));
  }
  RETURN_IF_ERROR(FromRocks(it->status(), "listing tracks"));
  return tracks;
}

absl::StatusOr<std::optional<std::string>> DerivedStore::FindCursor(
    std::string_view key) const {
  auto value = Get(keys::Cursor(key), "a cursor");
  if (value.ok() && value->has_value() && (*value)->empty()) {
    return std::optional<std::string>();
  }
  return value;
}

absl::StatusOr<std::vector<CursorEntry>> DerivedStore::ListCursors(
    std::string_view prefix) const {
  rocksdb::ReadOptions options = Lookup();
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> it(
      database_->db().NewIterator(options, database_->derived()));
  const std::string from = keys::Cursor(prefix);
  std::vector<CursorEntry> cursors;
  for (it->Seek(from); it->Valid() && it->key().starts_with(from); it->Next()) {
    if (it->value().empty()) continue;  // forgotten
    cursors.push_back({std::string(ToStd(it->key()).substr(1)),
                       std::string(ToStd(it->value()))});
  }
  RETURN_IF_ERROR(FromRocks(it->status(), "listing cursors"));
  return cursors;
}

absl::StatusOr<std::string> DerivedStore::ReadTile(TileId id) const {
  ASSIGN_OR_RETURN(auto value, Get(keys::Tile(id), "a tile"));
  if (!value.has_value() || value->size() != kTileBytes) {
    return DataDamaged(
        absl::StrCat("tile ", id.index, " of level ", id.level),
        value.has_value() ? "it has another size" : "it is not there");
  }
  return *std::move(value);
}

DerivedStore::StreamFinder::StreamFinder(const DerivedStore& store)
    : it_(store.database_->db().NewIterator(WithinPrefix(),
                                            store.database_->derived())) {}

absl::StatusOr<StreamState> DerivedStore::StreamFinder::Find(
    std::string_view stream) {
  it_->SeekForPrev(keys::Block(keys::TermKind::kStream, stream,
                               Position(PositionSource::kEnd)));
  RETURN_IF_ERROR(FromRocks(it_->status(), "the stream index"));
  const std::string prefix = keys::TermPrefix(keys::TermKind::kStream, stream);
  if (!it_->Valid() || it_->key().size() != prefix.size() + 8 ||
      !it_->key().starts_with(prefix)) {
    return StreamState{};
  }
  BlockEnd end;
  if (!DecodeBlockEnd(Position(GetBig64(it_->key().data() + prefix.size())),
                      ToStd(it_->value()), end)) {
    return BadEntry("the stream index");
  }
  return StreamState{end.revision, end.position};
}

std::unique_ptr<PositionSource> DerivedStore::Positions(keys::TermKind kind,
                                                        std::string_view term,
                                                        Position upto) const {
  return std::make_unique<BlockSource>(
      std::unique_ptr<rocksdb::Iterator>(
          database_->db().NewIterator(WithinPrefix(), database_->derived())),
      kind, term, upto);
}

}  // namespace samverk

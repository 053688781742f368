#include "projections/engine/view_batch.h"

#include <algorithm>

#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "projections/engine/entry_arena.h"
#include "projections/engine/view_keys.h"

namespace samverk::projections {

using google::protobuf::Arena;

namespace {

// In the order of their keys, changes lie anywhere in memory: what is written
// soon is fetched ahead.
constexpr size_t kAhead = 8;

void Prefetch(std::string_view bytes) {
  constexpr size_t kCacheLine = 64;
  for (size_t at = 0; at < bytes.size(); at += kCacheLine) {
    __builtin_prefetch(bytes.data() + at);
  }
}

}  // namespace

ViewBatch::ViewBatch() : arena_(std::make_unique<Arena>(EntryArenaOptions())) {}

char* ViewBatch::NewKey(std::string_view first, std::string_view rest,
                        size_t more) {
  char* const key =
      Arena::CreateArray<char>(arena_.get(), first.size() + rest.size() + more);
  std::copy(first.begin(), first.end(), key);
  std::copy(rest.begin(), rest.end(), key + first.size());
  return key;
}

void ViewBatch::PutBytes(std::string_view key, std::string_view value) {
  char* const bytes = NewKey(key, "", value.size());
  std::copy(value.begin(), value.end(), bytes + key.size());
  others_.Add(
      {{bytes, key.size()}, {bytes + key.size(), value.size()}, Kind::kPut});
}

const std::string& ViewBatch::PrefixOf(const TableId& table) {
  if (last_prefix_.empty() || !(last_table_ == table)) {
    last_table_ = table;
    last_prefix_ = view_keys::Entry(table, "");
  }
  return last_prefix_;
}

void ViewBatch::Put(const TableId& table, std::string_view key,
                    const google::protobuf::Message& entry) {
  const std::string& prefix = PrefixOf(table);
  const size_t key_bytes = prefix.size() + key.size();
  const size_t bytes = entry.ByteSizeLong();
  char* const begin = NewKey(prefix, key, bytes);
  entry.SerializeWithCachedSizesToArray(
      reinterpret_cast<uint8_t*>(begin + key_bytes));
  entries_.Add({{begin, key_bytes}, {begin + key_bytes, bytes}, Kind::kPut});
}

void ViewBatch::Erase(const TableId& table, std::string_view key) {
  const std::string& prefix = PrefixOf(table);
  entries_.Add(
      {{NewKey(prefix, key, 0), prefix.size() + key.size()}, {}, Kind::kErase});
}

void ViewBatch::PutEncoded(std::string_view key, std::string_view entry) {
  entries_.Add({key, entry, Kind::kPut});
}

void ViewBatch::EraseEncoded(std::string_view key) {
  entries_.Add({key, {}, Kind::kErase});
}

void ViewBatch::SetMarker(const TableId& table, const TableMarker& marker) {
  PutBytes(view_keys::Marker(table), view_keys::EncodeMarker(marker));
}

void ViewBatch::SetLive(const TableId& table) {
  PutBytes(view_keys::Live(table.projection),
           view_keys::Number(table.generation));
}

void ViewBatch::Drop(const TableId& table) {
  const std::string& first = PrefixOf(table);
  dropped_.push_back({first, view_keys::EndOf(first)});
  const std::string marker = view_keys::Marker(table);
  others_.Add({{NewKey(marker, "", 0), marker.size()}, {}, Kind::kErase});
}

void ViewBatch::Reserve(size_t changes) { entries_.Reserve(changes); }

void ViewBatch::Changes::Add(const Change& change) {
  // Seen now, since the key is at hand; later it is far away in memory.
  in_order_ = in_order_ && (list_.empty() || list_.back().key < change.key);
  list_.push_back(change);
}

const std::vector<ViewBatch::Change>& ViewBatch::Changes::InOrder() {
  if (in_order_) return list_;
  std::stable_sort(
      list_.begin(), list_.end(),
      [](const Change& a, const Change& b) { return a.key < b.key; });
  size_t kept = 0;
  for (size_t i = 0; i < list_.size(); ++i) {
    const bool last = i + 1 == list_.size() || list_[i].key != list_[i + 1].key;
    if (last) list_[kept++] = list_[i];
  }
  list_.resize(kept);
  in_order_ = true;
  return list_;
}

rocksdb::WriteBatch ViewBatch::ToWriteBatch() const {
  rocksdb::WriteBatch batch;
  for (const Range& range : dropped_) batch.DeleteRange(range.first, range.end);
  for (const Changes* changes : {&entries_, &others_}) {
    for (const Change& change : changes->list()) {
      if (change.kind == Kind::kPut) {
        batch.Put(ToSlice(change.key), ToSlice(change.value));
      } else {
        batch.Delete(ToSlice(change.key));
      }
    }
  }
  return batch;
}

rocksdb::Status ViewBatch::WriteTo(rocksdb::SstFileWriter& file) {
  SAMVERK_CHECK(dropped_.empty()) << "ranges are dropped through the log";
  for (Changes* changes : {&entries_, &others_}) {
    const std::vector<Change>& sorted = changes->InOrder();
    for (size_t i = 0; i < sorted.size(); ++i) {
      if (i + kAhead < sorted.size()) {
        Prefetch(sorted[i + kAhead].key);
        Prefetch(sorted[i + kAhead].value);
      }
      const rocksdb::Slice key = ToSlice(sorted[i].key);
      const rocksdb::Status status =
          sorted[i].kind == Kind::kPut ? file.Put(key, ToSlice(sorted[i].value))
                                       : file.Delete(key);
      if (!status.ok()) return status;
    }
  }
  return rocksdb::Status::OK();
}

}  // namespace samverk::projections

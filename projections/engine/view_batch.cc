#include "projections/engine/view_batch.h"

#include <algorithm>

#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "projections/engine/entry_arena.h"
#include "projections/engine/view_keys.h"

namespace samverk::projections {

using google::protobuf::Arena;

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
  others_.push_back(
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
  entries_.push_back(
      {{begin, key_bytes}, {begin + key_bytes, bytes}, Kind::kPut});
}

void ViewBatch::Erase(const TableId& table, std::string_view key) {
  const std::string& prefix = PrefixOf(table);
  entries_.push_back(
      {{NewKey(prefix, key, 0), prefix.size() + key.size()}, {}, Kind::kErase});
}

void ViewBatch::PutEncoded(std::string_view key, std::string_view entry) {
  entries_.push_back({key, entry, Kind::kPut});
}

void ViewBatch::EraseEncoded(std::string_view key) {
  entries_.push_back({key, {}, Kind::kErase});
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
  others_.push_back({{NewKey(marker, "", 0), marker.size()}, {}, Kind::kErase});
}

void ViewBatch::Sort(Changes& changes) {
  const auto before = [](const auto& a, const auto& b) {
    return a.key < b.key;
  };
  // Tables hand their changes over in order.
  if (std::is_sorted(changes.begin(), changes.end(), before)) return;
  std::stable_sort(changes.begin(), changes.end(), before);
}

rocksdb::WriteBatch ViewBatch::ToWriteBatch() const {
  rocksdb::WriteBatch batch;
  for (const Range& range : dropped_) batch.DeleteRange(range.first, range.end);
  for (const Changes* changes : {&entries_, &others_}) {
    for (const Change& change : *changes) {
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
  Sort(entries_);
  Sort(others_);
  Changes sorted(size());
  std::merge(entries_.begin(), entries_.end(), others_.begin(), others_.end(),
             sorted.begin(),
             [](const Change& a, const Change& b) { return a.key < b.key; });
  for (size_t i = 0; i < sorted.size(); ++i) {
    const Change& change = sorted[i];
    // Of changes to one key the last one counts.
    if (i + 1 < sorted.size() && sorted[i + 1].key == change.key) continue;
    const rocksdb::Slice key = ToSlice(change.key);
    const rocksdb::Status status = change.kind == Kind::kPut
                                       ? file.Put(key, ToSlice(change.value))
                                       : file.Delete(key);
    if (!status.ok()) return status;
  }
  return rocksdb::Status::OK();
}

}  // namespace samverk::projections

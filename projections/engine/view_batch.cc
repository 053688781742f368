#include "projections/engine/view_batch.h"

#include <algorithm>

#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "projections/engine/view_keys.h"

namespace samverk::projections {

ViewBatch::Change& ViewBatch::Begin(Kind kind, std::string_view key,
                                    std::string_view rest) {
  Change change;
  change.begin = bytes_.size();
  change.key_bytes = static_cast<uint32_t>(key.size() + rest.size());
  change.kind = kind;
  bytes_.append(key).append(rest);
  return changes_.emplace_back(change);
}

void ViewBatch::PutBytes(std::string_view key, std::string_view value) {
  Begin(Kind::kPut, key, "").value_bytes = static_cast<uint32_t>(value.size());
  bytes_.append(value);
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
  Change& change = Begin(Kind::kPut, PrefixOf(table), key);
  const size_t bytes = entry.ByteSizeLong();
  change.value_bytes = static_cast<uint32_t>(bytes);
  const size_t begin = bytes_.size();
  bytes_.resize(begin + bytes);
  entry.SerializeWithCachedSizesToArray(
      reinterpret_cast<uint8_t*>(bytes_.data() + begin));
}

void ViewBatch::Erase(const TableId& table, std::string_view key) {
  Begin(Kind::kErase, PrefixOf(table), key);
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
  Begin(Kind::kErase, view_keys::Marker(table), "");
}

rocksdb::WriteBatch ViewBatch::ToWriteBatch() const {
  rocksdb::WriteBatch batch(bytes_.size() + 16 * changes_.size());
  for (const Range& range : dropped_) batch.DeleteRange(range.first, range.end);
  for (const Change& change : changes_) {
    const rocksdb::Slice key = ToSlice(KeyOf(change));
    if (change.kind == Kind::kPut) {
      batch.Put(key, ToSlice(ValueOf(change)));
    } else {
      batch.Delete(key);
    }
  }
  return batch;
}

rocksdb::Status ViewBatch::WriteTo(rocksdb::SstFileWriter& file) const {
  SAMVERK_CHECK(dropped_.empty()) << "ranges are dropped through the log";
  const auto before = [this](const Change& a, const Change& b) {
    return KeyOf(a) < KeyOf(b);
  };
  // Tables hand their changes over in order, so little is left to sort.
  std::vector<Change> sorted = changes_;
  std::stable_sort(sorted.begin(), sorted.end(), before);
  for (size_t i = 0; i < sorted.size(); ++i) {
    const Change& change = sorted[i];
    const std::string_view key = KeyOf(change);
    if (i + 1 < sorted.size() && KeyOf(sorted[i + 1]) == key) continue;
    const rocksdb::Status status =
        change.kind == Kind::kPut
            ? file.Put(ToSlice(key), ToSlice(ValueOf(change)))
            : file.Delete(ToSlice(key));
    if (!status.ok()) return status;
  }
  return rocksdb::Status::OK();
}

}  // namespace samverk::projections

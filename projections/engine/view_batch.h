// Changes to stored views that become visible together.
#ifndef SAMVERK_PROJECTIONS_ENGINE_VIEW_BATCH_H_
#define SAMVERK_PROJECTIONS_ENGINE_VIEW_BATCH_H_

#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "projections/engine/stored_table.h"

namespace samverk::projections {

// Collects changes, encoded, for ViewStore::Commit. Of changes to one key the
// last one counts; what is dropped and put in one batch is undefined. Not
// thread-safe.
class ViewBatch {
 public:
  void Put(const TableId& table, std::string_view key,
           const google::protobuf::Message& entry);
  void Erase(const TableId& table, std::string_view key);
  void SetMarker(const TableId& table, const TableMarker& marker);
  // From now on questions are answered from this generation.
  void SetLive(const TableId& table);
  // Takes away the generation's entries and marker.
  void Drop(const TableId& table);

 private:
  friend class ViewStore;

  enum class Kind : uint8_t { kPut, kErase };
  // A key and, when it is put, its value lie one after the other in bytes_.
  struct Change {
    size_t begin = 0;
    uint32_t key_bytes = 0;
    uint32_t value_bytes = 0;
    Kind kind = Kind::kPut;
  };
  struct Range {
    std::string first;
    std::string end;
  };

  std::string_view KeyOf(const Change& change) const {
    return std::string_view(bytes_).substr(change.begin, change.key_bytes);
  }
  std::string_view ValueOf(const Change& change) const {
    return std::string_view(bytes_).substr(change.begin + change.key_bytes,
                                           change.value_bytes);
  }
  // Appends a key to bytes_.
  Change& Begin(Kind kind, std::string_view key, std::string_view rest);
  void PutBytes(std::string_view key, std::string_view value);
  // What the keys of a table's entries begin with.
  const std::string& PrefixOf(const TableId& table);

  size_t size() const { return changes_.size(); }
  bool drops() const { return !dropped_.empty(); }
  // Writes all changes, as RocksDB's own batch and as a file's content.
  rocksdb::WriteBatch ToWriteBatch() const;
  rocksdb::Status WriteTo(rocksdb::SstFileWriter& file) const;

  std::string bytes_;
  std::vector<Change> changes_;
  std::vector<Range> dropped_;
  TableId last_table_;
  std::string last_prefix_;  // of last_table_
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_VIEW_BATCH_H_

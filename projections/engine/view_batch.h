// Changes to stored views that become visible together.
#ifndef SAMVERK_PROJECTIONS_ENGINE_VIEW_BATCH_H_
#define SAMVERK_PROJECTIONS_ENGINE_VIEW_BATCH_H_

#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"
#include "projections/engine/stored_table.h"

namespace samverk::projections {

// Collects changes, encoded, for ViewStore::Commit. Of changes to one key the
// last one counts; what is dropped and put in one batch is undefined. Not
// thread-safe.
class ViewBatch {
 public:
  ViewBatch();

  void Put(const TableId& table, std::string_view key,
           const google::protobuf::Message& entry);
  void Erase(const TableId& table, std::string_view key);
  // The same for a key as view_keys::Entry makes it and an entry that is
  // encoded already; both stay where they are until the batch is committed.
  // Keys that come in their order are not put into order again.
  void PutEncoded(std::string_view key, std::string_view entry);
  void EraseEncoded(std::string_view key);
  // Makes room for so many changes more.
  void Reserve(size_t changes);
  void SetMarker(const TableId& table, const TableMarker& marker);
  // From now on questions are answered from this generation.
  void SetLive(const TableId& table);
  // Takes away the generation's entries and marker.
  void Drop(const TableId& table);

 private:
  friend class ViewStore;

  enum class Kind : uint8_t { kPut, kErase };
  // A key and, when it is put, its value.
  struct Change {
    std::string_view key;
    std::string_view value;
    Kind kind = Kind::kPut;
  };
  // Many changes, and whether each key is greater than the one before.
  class Changes {
   public:
    void Add(const Change& change);
    void Reserve(size_t more) { list_.reserve(list_.size() + more); }
    // In the order of their keys; of changes to one key the last one alone.
    const std::vector<Change>& InOrder();
    // As they were made, or in the order of their keys.
    const std::vector<Change>& list() const { return list_; }

   private:
    std::vector<Change> list_;
    bool in_order_ = true;
  };
  struct Range {
    std::string first;
    std::string end;
  };

  // Room for a key made of two parts, which are put there, and for what follows
  // it.
  char* NewKey(std::string_view first, std::string_view rest, size_t more);
  void PutBytes(std::string_view key, std::string_view value);
  // What the keys of a table's entries begin with.
  const std::string& PrefixOf(const TableId& table);

  size_t size() const { return entries_.list().size() + others_.list().size(); }
  bool drops() const { return !dropped_.empty(); }
  // Writes all changes, as RocksDB's own batch and as a file's content.
  rocksdb::WriteBatch ToWriteBatch() const;
  rocksdb::Status WriteTo(rocksdb::SstFileWriter& file);

  std::unique_ptr<google::protobuf::Arena> arena_;
  Changes entries_;
  Changes others_;  // markers and the like; their keys come after all entries'
  std::vector<Range> dropped_;
  TableId last_table_;
  std::string last_prefix_;  // of last_table_
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_VIEW_BATCH_H_

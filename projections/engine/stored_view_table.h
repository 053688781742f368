// One generation's entries as folds see them: in memory, over the view store.
#ifndef SAMVERK_PROJECTIONS_ENGINE_STORED_VIEW_TABLE_H_
#define SAMVERK_PROJECTIONS_ENGINE_STORED_VIEW_TABLE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "eventstore/base/strings.h"
#include "google/protobuf/arena.h"
#include "projections/engine/key_filter.h"
#include "projections/engine/view_store.h"
#include "projections/projection.h"
#include "projections/view_table.h"

namespace samverk::projections {

// A write-back table. Entries are read from the store once and changed in
// memory as often as folds like. What folds work on are messages. Most entries
// are made, changed a few times soon after, and then left alone: their messages
// are given up after a while and wait encoded, in a tenth of the room, so that
// the memory that folds work in stays in the processor's cache. An entry that
// is asked for again after that keeps its message. Not thread-safe.
class StoredViewTable : public ViewTable {
 public:
  // `store` must outlive the table. `stored` is the generation as it is in the
  // store: just begun, when its marker says position 0. New messages are given
  // up when they have taken half of `fresh_bytes`, which is used again.
  StoredViewTable(ViewStore& store, const Projection& projection,
                  const StoredTable& stored, size_t fresh_bytes = 256 << 10);

  const Projection& projection() const { return projection_; }
  const TableId& id() const { return id_; }

  // The last event applied, written or not. The caller moves it on.
  Position applied() const { return marker_.applied; }
  // True when questions are answered from this generation.
  bool live() const { return live_; }
  uint64_t entries() const { return marker_.entries; }

  // Notes that every event up to `position` is in the entries.
  void SetApplied(Position position) { marker_.applied = position; }

  // When there are many new messages, encodes them and gives them up. What
  // Find and Mutable gave is not valid any more.
  void Pack();

  // Puts every change since the last time into `batch`, with the marker.
  // `recorded_at_us` and `record_hash` are those of the event at applied(). The
  // batch refers to the table's memory: it is committed before the table is
  // used again. After an error of the commit the table must not be used.
  void WriteTo(ViewBatch& batch, int64_t recorded_at_us,
               const Hash& record_hash);
  // Makes this generation the one that answers, with the batch.
  void GoLive(ViewBatch& batch);
  // Gives the memory back. Every change must have been written and committed.
  void Forget();

  // About how many bytes are in memory, changed or not.
  size_t MemoryBytes() const;
  bool HasChanges() const { return !changed_.empty(); }

  // DATA_LOSS (DAMAGED) or UNAVAILABLE when an entry could not be read: what
  // was folded since the last batch must then not be written.
  const absl::Status& status() const { return status_; }

  void Erase(std::string_view key) override;

 protected:
  const google::protobuf::Message* FindMessage(
      std::string_view key) const override;
  void ScanMessages(std::string_view prefix, std::string_view from,
                    const Visit& visit) const override;
  google::protobuf::Message& MutableMessage(std::string_view key) override;
  google::protobuf::Arena* arena() override { return &fresh_; }

 private:
  // What is known of a key. Lives on lasting_, with its key and its bytes.
  struct Entry {
    std::string_view stored_key;  // as in the store; ends with the key
    google::protobuf::Message* message = nullptr;  // null: in bytes alone
    char* bytes = nullptr;                         // the message, encoded
    size_t size = 0;
    size_t room = 0;       // for bytes
    bool exists = false;   // there is an entry
    bool dirty = false;    // the message is newer than its bytes
    bool fresh = false;    // the message is on fresh_
    bool stored = false;   // it is in the store
    bool changed = false;  // listed in changed_
  };

  // A key and its hash, which is asked for again and again.
  struct HashedKey {
    explicit HashedKey(std::string_view key)
        : text(key), hash(StringHash()(key)) {}
    bool operator==(const HashedKey& other) const { return text == other.text; }
    std::string_view text;
    size_t hash;
  };
  struct KnownHash {
    size_t operator()(const HashedKey& key) const { return key.hash; }
  };

  // The entry, with its message if it exists.
  Entry& Load(std::string_view key) const;
  // A key that nothing is known of yet.
  Entry* NewEntry(std::string_view key) const;
  // Looks for a new entry in the store.
  void Read(const HashedKey& key, Entry& entry) const;
  void Decode(Entry& entry) const;
  void Encode(Entry& entry);
  // Makes room for `size` bytes.
  void Resize(size_t size, Entry& entry) const;
  void MarkChanged(Entry& entry);
  void Note(absl::Status status) const;

  ViewStore* const store_;
  const Projection projection_;
  const TableId id_;
  TableMarker marker_;
  bool live_;
  // For a generation that began in this table: the keys that are stored and
  // forgotten. What is neither there nor in memory does not exist, which saves
  // a rebuild from looking for every new key in the store.
  std::optional<KeyFilter> forgotten_;

  const std::string prefix_;  // of every key in the store

  // Entries that were made since messages were given up last. Their messages,
  // and what folds ask for by New, lie in first_block_ as far as it goes.
  const size_t fresh_bytes_;
  std::unique_ptr<char[]> first_block_;
  google::protobuf::Arena fresh_;
  std::vector<Entry*> fresh_entries_;

  // Caches, so also filled by reads. Everything else lies on lasting_.
  mutable std::unique_ptr<google::protobuf::Arena> lasting_;
  mutable absl::flat_hash_map<HashedKey, Entry*, KnownHash> entries_;
  mutable std::string encoded_;  // what was read last
  mutable absl::Status status_;
  std::vector<Entry*> changed_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_STORED_VIEW_TABLE_H_

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

// A write-back table. Entries are read from the store once, changed in memory
// as often as folds like, and encoded when they are written: once for each
// batch, however many events touched them. Not thread-safe.
class StoredViewTable : public ViewTable {
 public:
  // `store` must outlive the table. `stored` is the generation as it is in the
  // store: just begun, when its marker says position 0.
  StoredViewTable(ViewStore& store, const Projection& projection,
                  const StoredTable& stored);

  const Projection& projection() const { return projection_; }
  const TableId& id() const { return id_; }

  // The last event applied, written or not. The caller moves it on.
  Position applied() const { return marker_.applied; }
  // True when questions are answered from this generation.
  bool live() const { return live_; }
  uint64_t entries() const { return marker_.entries; }

  // Notes that every event up to `position` is in the entries.
  void SetApplied(Position position) { marker_.applied = position; }

  // Puts every change since the last time into `batch`, with the marker.
  // `recorded_at_us` and `record_hash` are those of the event at applied().
  // After an error of the batch's commit the table must not be used again.
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
  google::protobuf::Arena* arena() override { return arena_.get(); }

 private:
  // What is known of a key. Lives on the arena, with its key and its message.
  struct Entry {
    std::string_view key;
    google::protobuf::Message* message = nullptr;  // null: no such entry
    bool stored = false;                           // it is in the store
    bool changed = false;                          // listed in changed_
  };

  Entry& Load(std::string_view key) const;
  Entry& AddEntry(std::string_view key) const;
  void MarkChanged(Entry& entry);

  ViewStore* const store_;
  const Projection projection_;
  const TableId id_;
  TableMarker marker_;
  bool live_;
  // For a generation that began in this table: the keys that are stored and
  // forgotten. What is neither there nor in memory does not exist, which saves
  // a rebuild from looking for every new key in the store.
  std::optional<KeyFilter> forgotten_;

  // Caches, so also filled by reads.
  mutable std::unique_ptr<google::protobuf::Arena> arena_;
  mutable absl::flat_hash_map<std::string_view, Entry*, StringHash,
                              std::equal_to<>>
      entries_;
  mutable std::string encoded_;  // what was read last
  mutable absl::Status status_;
  std::vector<Entry*> changed_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_STORED_VIEW_TABLE_H_

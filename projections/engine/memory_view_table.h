// Entries in memory: for a prefix folded on its own, and for tests.
#ifndef SAMVERK_PROJECTIONS_ENGINE_MEMORY_VIEW_TABLE_H_
#define SAMVERK_PROJECTIONS_ENGINE_MEMORY_VIEW_TABLE_H_

#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/strings.h"
#include "google/protobuf/arena.h"
#include "projections/engine/entry_arena.h"
#include "projections/view_table.h"

namespace samverk::projections {

// Keeps entries of one type. Entries live on an arena, so memory of erased ones
// comes back only with the table. Not thread-safe; a table that nobody writes
// to may be read by several threads.
class MemoryViewTable : public ViewTable {
 public:
  // `prototype` has the type of the entries and outlives the table.
  explicit MemoryViewTable(const google::protobuf::Message& prototype)
      : prototype_(&prototype) {}

  void Erase(std::string_view key) override;
  size_t size() const { return entries_.size(); }

 protected:
  const google::protobuf::Message* FindMessage(
      std::string_view key) const override;
  void ScanMessages(std::string_view prefix, std::string_view from,
                    const Visit& visit) const override;
  google::protobuf::Message& MutableMessage(std::string_view key) override;
  google::protobuf::Arena* arena() override { return &arena_; }

 private:
  // Lives on the arena, with its key and its message.
  struct Entry {
    std::string_view key;
    google::protobuf::Message* message = nullptr;
  };
  using Order = absl::btree_map<std::string_view, const Entry*>;

  // All entries in the order of their keys.
  const Order& Ordered() const;

  const google::protobuf::Message* const prototype_;
  google::protobuf::Arena arena_{EntryArenaOptions()};
  absl::flat_hash_map<std::string_view, Entry*, StringHash, std::equal_to<>>
      entries_;
  // Folds look up and add; few scan. So entries are put into order when that is
  // asked for, and not one by one.
  mutable Mutex order_mu_;
  mutable Order order_ ABSL_GUARDED_BY(order_mu_);
  mutable std::vector<const Entry*> unordered_ ABSL_GUARDED_BY(order_mu_);
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_MEMORY_VIEW_TABLE_H_

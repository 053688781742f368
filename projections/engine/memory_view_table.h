// Entries in memory: for a prefix folded on its own, and for tests.
#ifndef SAMVERK_PROJECTIONS_ENGINE_MEMORY_VIEW_TABLE_H_
#define SAMVERK_PROJECTIONS_ENGINE_MEMORY_VIEW_TABLE_H_

#include <string>
#include <string_view>

#include "absl/container/btree_map.h"
#include "google/protobuf/arena.h"
#include "projections/engine/entry_arena.h"
#include "projections/view_table.h"

namespace samverk::projections {

// Keeps entries of one type in the order of their keys. Entries live on an
// arena, so memory of erased ones comes back only with the table. Not
// thread-safe; a table that nobody writes to may be read by several threads.
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
  const google::protobuf::Message* const prototype_;
  google::protobuf::Arena arena_{EntryArenaOptions()};
  absl::btree_map<std::string, google::protobuf::Message*, std::less<>>
      entries_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_MEMORY_VIEW_TABLE_H_

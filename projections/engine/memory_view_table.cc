#include "projections/engine/memory_view_table.h"

#include <algorithm>

namespace samverk::projections {

using google::protobuf::Message;

void MemoryViewTable::Erase(std::string_view key) {
  const auto it = entries_.find(key);
  if (it != entries_.end()) entries_.erase(it);
}

const Message* MemoryViewTable::FindMessage(std::string_view key) const {
  const auto it = entries_.find(key);
  return it == entries_.end() ? nullptr : it->second;
}

void MemoryViewTable::ScanMessages(std::string_view prefix,
                                   std::string_view from,
                                   const Visit& visit) const {
  for (auto it = entries_.lower_bound(std::max(prefix, from));
       it != entries_.end() &&
       std::string_view(it->first).substr(0, prefix.size()) == prefix;
       ++it) {
    if (!visit(it->first, *it->second)) return;
  }
}

Message& MemoryViewTable::MutableMessage(std::string_view key) {
  auto it = entries_.lower_bound(key);
  if (it == entries_.end() || it->first != key) {
    it = entries_.emplace_hint(it, std::string(key), prototype_->New(&arena_));
  }
  return *it->second;
}

}  // namespace samverk::projections

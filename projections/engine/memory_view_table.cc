#include "projections/engine/memory_view_table.h"

#include <algorithm>

#include "eventstore/base/key_order.h"

namespace samverk::projections {

using google::protobuf::Arena;
using google::protobuf::Message;

void MemoryViewTable::Erase(std::string_view key) {
  const auto it = entries_.find(key);
  if (it == entries_.end()) return;
  it->second->message = nullptr;
  MutexLock lock(order_mu_);
  order_.erase(it->first);
  entries_.erase(it);
}

const Message* MemoryViewTable::FindMessage(std::string_view key) const {
  const auto it = entries_.find(key);
  return it == entries_.end() ? nullptr : it->second->message;
}

const MemoryViewTable::Order& MemoryViewTable::Ordered() const {
  MutexLock lock(order_mu_);
  SortByKey(unordered_, [](const Entry* entry) { return entry->key; });
  for (const Entry* entry : unordered_) {
    // Null when it was erased meanwhile.
    if (entry->message != nullptr) {
      order_.emplace_hint(order_.end(), entry->key, entry);
    }
  }
  unordered_.clear();
  return order_;
}

void MemoryViewTable::ScanMessages(std::string_view prefix,
                                   std::string_view from,
                                   const Visit& visit) const {
  const Order& order = Ordered();
  for (auto it = order.lower_bound(std::max(prefix, from)); it != order.end();
       ++it) {
    if (it->first.substr(0, prefix.size()) != prefix) return;
    if (!visit(it->first, *it->second->message)) return;
  }
}

Message& MemoryViewTable::MutableMessage(std::string_view key) {
  bool known = true;
  const auto place = entries_.lazy_emplace(key, [&](const auto& construct) {
    known = false;
    char* const lasting = Arena::CreateArray<char>(&arena_, key.size());
    std::copy(key.begin(), key.end(), lasting);
    Entry* const entry = Arena::Create<Entry>(&arena_);
    entry->key = {lasting, key.size()};
    entry->message = prototype_->New(&arena_);
    construct(entry->key, entry);
  });
  if (!known) {
    MutexLock lock(order_mu_);
    unordered_.push_back(place->second);
  }
  return *place->second->message;
}

}  // namespace samverk::projections

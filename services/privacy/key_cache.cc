#include "services/privacy/key_cache.h"

namespace samverk::privacy {

std::optional<SubjectKey> KeyCache::Find(std::string_view name) {
  MutexLock lock(mu_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->second;
}

void KeyCache::Put(std::string_view name, SubjectKey known) {
  MutexLock lock(mu_);
  if (capacity_ == 0) return;
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) {
    found->second->second = std::move(known);
    entries_.splice(entries_.begin(), entries_, found->second);
    return;
  }
  if (entries_.size() == capacity_) {
    by_name_.erase(entries_.back().first);
    entries_.pop_back();
  }
  entries_.emplace_front(std::string(name), std::move(known));
  by_name_.emplace(entries_.front().first, entries_.begin());
}

void KeyCache::Erase(std::string_view name) {
  MutexLock lock(mu_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  entries_.erase(found->second);
  by_name_.erase(found);
}

}  // namespace samverk::privacy

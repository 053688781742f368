#include "services/recording/history_cache.h"

#include <iterator>
#include <utility>

namespace samverk::recording {

History HistoryCache::Find(const Term& term) {
  MutexLock lock(mu_);
  const auto found = by_term_.find(term);
  if (found == by_term_.end()) return {};
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->history;
}

void HistoryCache::Keep(const Term& term, History history) {
  if (history.events->empty()) return;
  MutexLock lock(mu_);
  const auto found = by_term_.find(term);
  if (found != by_term_.end()) {
    History& known = found->second->history;
    if (known.upto >= history.upto) return;
    if (known.events == history.events) {
      known.upto = history.upto;
      return;
    }
    Drop(found->second);
  }
  size_t bytes = 0;
  for (const HistoryEvent& event : *history.events) bytes += event.bytes;
  if (bytes > most_bytes_) return;
  while (bytes_ + bytes > most_bytes_) Drop(std::prev(entries_.end()));
  entries_.push_front({term, std::move(history), bytes});
  by_term_[term] = entries_.begin();
  bytes_ += bytes;
}

size_t HistoryCache::bytes() const {
  MutexLock lock(mu_);
  return bytes_;
}

void HistoryCache::Drop(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_term_.erase(entry->term);
  entries_.erase(entry);
}

}  // namespace samverk::recording

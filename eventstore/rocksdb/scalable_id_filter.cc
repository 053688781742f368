#include "eventstore/rocksdb/scalable_id_filter.h"

#include <algorithm>

namespace samverk {

ScalableIdFilter::ScalableIdFilter(size_t bytes) : first_bytes_(bytes) {
  Grow(0);
}

void ScalableIdFilter::Grow(size_t made) {
  MutexLock lock(growing_);
  if (made_.load(std::memory_order_relaxed) > made) return;
  filters_[made] = std::make_unique<IdFilter>(BytesOf(made));
  made_.store(made + 1, std::memory_order_release);
}

void ScalableIdFilter::Add(const EventId& id) {
  const size_t made = made_.load(std::memory_order_acquire);
  if (!filters_[made - 1]->Add(id)) return;
  const uint64_t ids =
      ids_[made - 1].fetch_add(1, std::memory_order_relaxed) + 1;
  if (ids >= IdFilter::RoomOf(BytesOf(made - 1)) && made < kFilters) Grow(made);
}

bool ScalableIdFilter::MayHave(const EventId& id) const {
  const size_t made = made_.load(std::memory_order_acquire);
  return std::any_of(filters_.begin(), filters_.begin() + made,
                     [&id](const auto& filter) { return filter->MayHave(id); });
}

std::vector<ScalableIdFilter::Part> ScalableIdFilter::Parts() const {
  std::vector<Part> parts;
  const size_t made = made_.load(std::memory_order_acquire);
  for (size_t i = 0; i < made; ++i) {
    parts.push_back(
        {ids_[i].load(std::memory_order_relaxed), filters_[i]->bits()});
  }
  return parts;
}

bool ScalableIdFilter::AddParts(const std::vector<Part>& parts) {
  if (parts.empty() || parts.size() > kFilters) return false;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].bits.size() != BytesOf(i)) return false;
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    Grow(i);
    filters_[i]->AddBits(parts[i].bits);
    ids_[i].fetch_add(parts[i].ids, std::memory_order_relaxed);
  }
  return true;
}

}  // namespace samverk

#include "eventstore/rocksdb/recent_segments.h"

#include <algorithm>

namespace samverk {

template <typename Look>
void RecentSegments::ForEach(Look look) const {
  if (look(*tail)) return;
  for (auto it = sealed.rbegin(); it != sealed.rend(); ++it) {
    if (look(**it)) return;
  }
}

std::optional<IdEntry> RecentSegments::FindId(const EventId& id) const {
  std::optional<IdEntry> found;
  ForEach([&](const Segment& segment) {
    found = segment.FindId(id);
    return found.has_value();
  });
  return found;
}

std::optional<Position> RecentSegments::FindSource(
    std::string_view source_key) const {
  std::optional<Position> found;
  ForEach([&](const Segment& segment) {
    found = segment.FindSource(source_key);
    return found.has_value();
  });
  return found;
}

std::optional<StreamState> RecentSegments::FindStream(
    std::string_view stream) const {
  std::optional<StreamState> found;
  ForEach([&](const Segment& segment) {
    found = segment.FindStream(stream);
    return found.has_value();
  });
  return found;
}

const std::string* RecentSegments::FindCursor(std::string_view key) const {
  const std::string* found = nullptr;
  ForEach([&](const Segment& segment) {
    found = segment.FindCursor(key);
    return found != nullptr;
  });
  return found;
}

void RecentSegments::ListCursors(
    std::string_view prefix, std::map<std::string, std::string>& found) const {
  ForEach([&](const Segment& segment) {
    for (const auto& [key, value] : segment.cursors()) {
      if (std::string_view(key).substr(0, prefix.size()) == prefix) {
        found.emplace(key, value);  // the newest comes first and stays
      }
    }
    return false;
  });
}

std::vector<uint64_t> RecentSegments::Positions(keys::TermKind kind,
                                                std::string_view term,
                                                Position after,
                                                Position upto) const {
  std::vector<uint64_t> positions;
  const auto take = [&](const Segment& segment) {
    const Segment::Postings* found = segment.Find(kind, term);
    if (found == nullptr) return;
    const uint64_t base = segment.base().value();
    auto it = found->offsets.begin();
    if (after.value() > base) {
      it = std::upper_bound(it, found->offsets.end(), after.value() - base);
    }
    for (; it != found->offsets.end() && base + *it <= upto.value(); ++it) {
      positions.push_back(base + *it);
    }
  };
  for (const auto& segment : sealed) {
    if (segment->end.position > after) take(*segment);
  }
  take(*tail);
  return positions;
}

}  // namespace samverk

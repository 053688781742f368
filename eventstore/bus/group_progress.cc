#include "eventstore/bus/group_progress.h"

#include <algorithm>
#include <iterator>

#include "eventstore/base/check.h"

namespace samverk::bus {

GroupProgress::GroupProgress(Position cursor,
                             const std::vector<PositionRange>& settled)
    : scanned_to_(cursor) {
  for (const PositionRange& range : settled) {
    ranges_.emplace_hint(ranges_.end(), range.from, range.to);
  }
}

Position GroupProgress::cursor() const {
  if (unsettled_.empty()) return scanned_to_;
  return Position(unsettled_.begin()->value() - 1);
}

std::vector<Position> GroupProgress::Unsettled(size_t most) const {
  std::vector<Position> first;
  for (auto at = unsettled_.begin();
       at != unsettled_.end() && first.size() < most; ++at) {
    first.push_back(*at);
  }
  return first;
}

bool GroupProgress::Add(Position position) {
  SAMVERK_CHECK(position > scanned_to_) << "events are fed in order";
  const bool settled = IsSettled(position);
  if (!settled) unsettled_.insert(unsettled_.end(), position);
  scanned_to_ = position;
  Trim();
  return !settled;
}

void GroupProgress::ScannedTo(Position position) {
  scanned_to_ = std::max(scanned_to_, position);
  Trim();
}

void GroupProgress::Settle(Position position) {
  const auto at = unsettled_.find(position);
  SAMVERK_CHECK(at != unsettled_.end()) << "only the unsettled are settled";
  const auto after = unsettled_.erase(at);
  // One range for all that is settled between the unsettled ones around it, as
  // far as was looked at.
  const Position left =
      after == unsettled_.begin() ? Position() : *std::prev(after);
  const Position right =
      after == unsettled_.end() ? scanned_to_.Next() : *after;
  PositionRange merged = {position, position};
  for (auto range = ranges_.upper_bound(left);
       range != ranges_.end() && range->first < right;) {
    merged.from = std::min(merged.from, range->first);
    merged.to = std::max(merged.to, range->second);
    range = ranges_.erase(range);
  }
  ranges_.emplace(merged.from, merged.to);
  Trim();
}

bool GroupProgress::IsSettled(Position position) const {
  if (position <= scanned_to_) return !unsettled_.contains(position);
  const auto after = ranges_.upper_bound(position);
  return after != ranges_.begin() && std::prev(after)->second >= position;
}

std::vector<PositionRange> GroupProgress::settled() const {
  std::vector<PositionRange> settled;
  settled.reserve(ranges_.size());
  const Position first = cursor().Next();
  for (const auto& [from, to] : ranges_) {
    settled.push_back({std::max(from, first), to});
  }
  return settled;
}

void GroupProgress::Trim() {
  const Position passed = cursor();
  while (!ranges_.empty() && ranges_.begin()->second <= passed) {
    ranges_.erase(ranges_.begin());
  }
}

}  // namespace samverk::bus

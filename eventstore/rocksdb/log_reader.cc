#include "eventstore/rocksdb/log_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/event_fetcher.h"

namespace samverk {
namespace {

// Positions that are found before their events are read. What is asked of
// RocksDB at once costs no less when there are more.
constexpr size_t kGathered = 32;

}  // namespace

absl::StatusOr<RecordedEvent> LogReader::EventAt(Position position) const {
  const uint64_t one[] = {position.value()};
  std::optional<RecordedEvent> found;
  RETURN_IF_ERROR(EventFetcher(*database_)
                      .Fetch(one,
                             [&found](const RecordView& event) {
                               found.emplace(event);
                               return true;
                             })
                      .status());
  return *std::move(found);
}

absl::StatusOr<Position> LogReader::FirstAtOrAfter(absl::Time time,
                                                   Position head) const {
  // Times never run backwards, so halving finds the border.
  uint64_t low = 1;
  uint64_t high = head.value() + 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const RecordedEvent event, EventAt(Position(middle)));
    if (event.recorded_at() < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Position(low);
}

absl::StatusOr<LogReader::Range> LogReader::RangeOf(const ReadOptions& options,
                                                    Position head) const {
  Range range{options.after, head};
  if (options.before.has_value() && *options.before <= head) {
    const uint64_t before = options.before->value();
    range.upto = Position(before == 0 ? 0 : before - 1);
  }
  if (options.recorded_from.has_value()) {
    ASSIGN_OR_RETURN(const Position first,
                     FirstAtOrAfter(*options.recorded_from, head));
    range.after = std::max(range.after, Position(first.value() - 1));
  }
  if (options.recorded_until.has_value()) {
    ASSIGN_OR_RETURN(const Position first,
                     FirstAtOrAfter(*options.recorded_until, head));
    range.upto = std::min(range.upto, Position(first.value() - 1));
  }
  return range;
}

absl::StatusOr<ReadEnd> LogReader::Visit(const ReadOptions& options,
                                         const Index& index, Position head,
                                         EventVisitor visit) const {
  ASSIGN_OR_RETURN(const Range range, RangeOf(options, head));
  ReadEnd result;
  result.head = head;
  result.end = true;
  Position last;
  const auto note = [&](const RecordView& event) {
    if (!visit(event)) return false;
    last = event.position();
    return true;
  };
  if (range.after < range.upto) {
    ASSIGN_OR_RETURN(result.end,
                     options.query.items.empty()
                         ? VisitAll(options, range, note)
                         : VisitMatching(options, range, index, note));
  }
  if (!result.end) {
    result.scanned_to = last;
    return result;
  }
  // Everything within the bounds was looked at, up to the bounds or the head.
  const Position before =
      std::min(options.before.value_or(head.Next()), head.Next());
  result.scanned_to =
      options.direction == Direction::kForward
          ? std::max(options.after,
                     Position(before.value() == 0 ? 0 : before.value() - 1))
          : std::min(options.after.Next(), before);
  return result;
}

absl::StatusOr<bool> LogReader::VisitAll(const ReadOptions& options,
                                         const Range& range,
                                         EventVisitor visit) const {
  const bool forward = options.direction == Direction::kForward;
  const uint64_t there = range.upto.value() - range.after.value();
  const uint64_t n = std::min<uint64_t>(there, options.limit);
  EventFetcher events(*database_, n);
  for (uint64_t i = 0; i < n; ++i) {
    ASSIGN_OR_RETURN(const RecordView event,
                     events.At(forward ? range.after.value() + 1 + i
                                       : range.upto.value() - i));
    if (!visit(event)) return false;
  }
  return n == there;
}

absl::StatusOr<bool> LogReader::VisitMatching(const ReadOptions& options,
                                              const Range& range,
                                              const Index& index,
                                              EventVisitor visit) const {
  const bool forward = options.direction == Direction::kForward;
  const auto matches = index.Search(options.query, range.after, range.upto);
  EventFetcher events(*database_);
  size_t left = options.limit;
  uint64_t from = forward ? range.after.value() + 1 : range.upto.value();
  std::vector<uint64_t> positions;
  for (;;) {
    positions.clear();
    // One more than is asked for tells whether this is the end.
    const size_t wanted = std::min(kGathered, left + 1);
    while (positions.size() < wanted && from > 0) {
      const uint64_t found =
          forward ? matches->AtOrAfter(from) : matches->AtOrBefore(from);
      if (forward ? found > range.upto.value() : found <= range.after.value()) {
        break;
      }
      positions.push_back(found);
      from = forward ? found + 1 : found - 1;
    }
    RETURN_IF_ERROR(matches->status());
    const bool end = positions.size() < wanted;
    const bool enough = positions.size() > left;
    if (enough) positions.pop_back();
    ASSIGN_OR_RETURN(const bool taken, events.Fetch(positions, visit));
    left -= positions.size();
    if (!taken || enough) return false;
    if (end) return true;
  }
}

}  // namespace samverk

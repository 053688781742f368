#include "eventstore/rocksdb/log_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"
#include "eventstore/rocksdb/event_fetcher.h"

namespace samverk {
namespace {

// Positions that are found before their events are read.
constexpr size_t kGathered = 256;

// Takes the event if the page has room for it.
bool AddToPage(RecordedEvent event, uint32_t limit, size_t& bytes,
               EventPage& page) {
  if (page.events.size() == limit) return false;
  bytes += event.record().size();
  if (bytes > limits::kReadPageBytes && !page.events.empty()) return false;
  page.events.push_back(std::move(event));
  return true;
}

}  // namespace

absl::StatusOr<RecordedEvent> LogReader::EventAt(Position position) const {
  const uint64_t one[] = {position.value()};
  ASSIGN_OR_RETURN(auto events, EventFetcher(*database_, false).Fetch(one));
  return std::move(events[0]);
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

absl::StatusOr<EventPage> LogReader::Read(const ReadOptions& options,
                                          const Index& index,
                                          Position head) const {
  ASSIGN_OR_RETURN(const Range range, RangeOf(options, head));
  EventPage page;
  page.head = head;
  page.end = true;
  if (range.after < range.upto) {
    RETURN_IF_ERROR(options.query.items.empty()
                        ? ReadAll(options, range, page)
                        : ReadMatching(options, range, index, page));
  }
  if (!page.end) {
    page.scanned_to = page.events.back().position();
    return page;
  }
  // Everything within the bounds was looked at, up to the bounds or the head.
  const Position before =
      std::min(options.before.value_or(head.Next()), head.Next());
  page.scanned_to =
      options.direction == Direction::kForward
          ? std::max(options.after,
                     Position(before.value() == 0 ? 0 : before.value() - 1))
          : std::min(options.after.Next(), before);
  return page;
}

absl::Status LogReader::ReadAll(const ReadOptions& options, const Range& range,
                                EventPage& page) const {
  const bool forward = options.direction == Direction::kForward;
  const uint64_t n = range.upto.value() - range.after.value();
  EventFetcher events(*database_, n > 1'000 && options.limit >= 1'000);
  size_t bytes = 0;
  for (uint64_t i = 0; i < n; ++i) {
    if (page.events.size() == options.limit) {
      page.end = false;
      break;
    }
    ASSIGN_OR_RETURN(RecordedEvent event,
                     events.At(forward ? range.after.value() + 1 + i
                                       : range.upto.value() - i));
    if (!AddToPage(std::move(event), options.limit, bytes, page)) {
      page.end = false;
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status LogReader::ReadMatching(const ReadOptions& options,
                                     const Range& range, const Index& index,
                                     EventPage& page) const {
  const bool forward = options.direction == Direction::kForward;
  const auto matches = index.Search(options.query, range.after, range.upto);
  EventFetcher events(*database_, false);
  size_t bytes = 0;
  uint64_t from = forward ? range.after.value() + 1 : range.upto.value();
  std::vector<uint64_t> positions;
  bool more = true;
  while (more) {
    positions.clear();
    // One more than fits tells whether this is the end.
    const size_t wanted =
        std::min(kGathered, options.limit + 1 - page.events.size());
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
    more = positions.size() == wanted;
    if (page.events.size() + positions.size() > options.limit) {
      positions.pop_back();
      page.end = false;
      more = false;
    }
    ASSIGN_OR_RETURN(auto fetched, events.Fetch(positions));
    for (RecordedEvent& event : fetched) {
      if (!AddToPage(std::move(event), options.limit, bytes, page)) {
        page.end = false;
        return absl::OkStatus();
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace samverk

#include "eventstore/rocksdb/log_reader.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// A gap that is crossed step by step rather than by a new search.
constexpr uint64_t kSteps = 8;

std::string Where(uint64_t position) {
  return absl::StrCat("event ", position);
}

absl::StatusOr<RecordedEvent> Checked(std::string_view record,
                                      uint64_t position) {
  auto event = RecordedEvent::FromRecord(std::string(record));
  if (!event.ok()) {
    return DataDamaged(Where(position), ToStd(event.status().message()));
  }
  if (event->position().value() != position) {
    return DataDamaged(Where(position), "another event is in its place");
  }
  return event;
}

// An iterator over events that goes from one position to another the cheapest
// way.
class EventIterator {
 public:
  explicit EventIterator(Database& database, bool scan) {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    if (scan) options.readahead_size = 256 << 10;
    it_.reset(database.db().NewIterator(options, database.events()));
  }

  absl::StatusOr<RecordedEvent> At(uint64_t position) {
    MoveTo(position);
    if (!it_->Valid() || GetBig64(it_->key().data()) != position) {
      RETURN_IF_ERROR(FromRocks(it_->status(), Where(position)));
      return DataDamaged(Where(position), "it is not there");
    }
    return Checked(ToStd(it_->value()), position);
  }

 private:
  void MoveTo(uint64_t position) {
    if (it_->Valid()) {
      uint64_t at = GetBig64(it_->key().data());
      if (at < position && position - at <= kSteps) {
        for (; at < position && it_->Valid(); ++at) it_->Next();
        return;
      }
      if (at == position + 1) {
        it_->Prev();
        return;
      }
    }
    it_->Seek(keys::Number(position));
  }

  std::unique_ptr<rocksdb::Iterator> it_;
};

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
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  rocksdb::PinnableSlice value;
  const auto status = database_->db().Get(
      options, database_->events(), keys::Number(position.value()), &value);
  if (status.IsNotFound()) {
    return DataDamaged(Where(position.value()), "it is not there");
  }
  RETURN_IF_ERROR(FromRocks(status, Where(position.value())));
  return Checked(ToStd(value), position.value());
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
  EventIterator events(*database_, n > 1'000 && options.limit >= 1'000);
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
  EventIterator events(*database_, false);
  size_t bytes = 0;
  uint64_t from = forward ? range.after.value() + 1 : range.upto.value();
  while (true) {
    const uint64_t found =
        forward ? matches->AtOrAfter(from) : matches->AtOrBefore(from);
    RETURN_IF_ERROR(matches->status());
    if (forward ? found > range.upto.value() : found <= range.after.value()) {
      break;
    }
    if (page.events.size() == options.limit) {
      page.end = false;
      break;
    }
    ASSIGN_OR_RETURN(RecordedEvent event, events.At(found));
    if (!AddToPage(std::move(event), options.limit, bytes, page)) {
      page.end = false;
      break;
    }
    from = forward ? found + 1 : found - 1;
    if (from == 0) break;
  }
  return absl::OkStatus();
}

}  // namespace samverk

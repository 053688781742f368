#include "eventstore/rocksdb/event_fetcher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// A gap that is crossed step by step rather than by a new search.
constexpr uint64_t kSteps = 8;

// So many events in a row are read ahead of, about as many bytes as they take
// on the disk, and at most as much as no longer disk read would be faster.
constexpr uint64_t kScan = 1'000;
constexpr uint64_t kBytesOfEvent = 256;
constexpr uint64_t kReadAheadMost = 1 << 20;

std::string Where(uint64_t position) {
  return absl::StrCat("event ", position);
}

rocksdb::ReadOptions Checksummed() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  return options;
}

absl::StatusOr<RecordView> Checked(std::string_view record, uint64_t position) {
  auto event = RecordView::Of(record);
  if (!event.ok()) {
    return DataDamaged(Where(position), ToStd(event.status().message()));
  }
  if (event->position().value() != position) {
    return DataDamaged(Where(position), "another event is in its place");
  }
  return event;
}

}  // namespace

void EventFetcher::MoveTo(uint64_t position) {
  if (it_ == nullptr) {
    rocksdb::ReadOptions options = Checksummed();
    if (in_order_ >= kScan) {
      options.readahead_size =
          std::min(kReadAheadMost, in_order_ * kBytesOfEvent);
      // What is read once should not drive out what is read often.
      options.fill_cache = false;
    }
    it_.reset(database_->db().NewIterator(options, database_->events()));
  } else if (it_->Valid()) {
    // 0, which is no position, when the key is none either.
    uint64_t at = keys::NumberOf(ToStd(it_->key())).value_or(0);
    if (at > 0 && at < position && position - at <= kSteps) {
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

absl::StatusOr<RecordView> EventFetcher::At(uint64_t position) {
  MoveTo(position);
  if (!it_->Valid() || keys::NumberOf(ToStd(it_->key())) != position) {
    RETURN_IF_ERROR(FromRocks(it_->status(), Where(position)));
    return DataDamaged(Where(position), "it is not there");
  }
  return Checked(ToStd(it_->value()), position);
}

absl::StatusOr<bool> EventFetcher::Fetch(absl::Span<const uint64_t> positions,
                                         EventVisitor visit) {
  if (positions.empty()) return true;
  const auto [low, high] = std::minmax(positions.front(), positions.back());
  if (positions.size() == 1 || (high - low) / positions.size() > kSteps) {
    return FetchScattered(positions, visit);
  }
  for (const uint64_t position : positions) {
    ASSIGN_OR_RETURN(const RecordView event, At(position));
    if (!visit(event)) return false;
  }
  return true;
}

absl::StatusOr<bool> EventFetcher::FetchScattered(
    absl::Span<const uint64_t> positions, EventVisitor visit) {
  const size_t n = positions.size();
  std::vector<std::string> texts;
  std::vector<rocksdb::Slice> keys;
  texts.reserve(n);
  for (const uint64_t position : positions) {
    texts.push_back(keys::Number(position));
    keys.push_back(ToSlice(texts.back()));
  }
  std::vector<rocksdb::PinnableSlice> values(n);
  std::vector<rocksdb::Status> statuses(n);
  const bool ascending = positions.front() <= positions.back();
  database_->db().MultiGet(Checksummed(), database_->events(), n, keys.data(),
                           values.data(), statuses.data(), ascending);
  for (size_t i = 0; i < n; ++i) {
    if (statuses[i].IsNotFound()) {
      return DataDamaged(Where(positions[i]), "it is not there");
    }
    RETURN_IF_ERROR(FromRocks(statuses[i], Where(positions[i])));
    ASSIGN_OR_RETURN(const RecordView event,
                     Checked(ToStd(values[i]), positions[i]));
    if (!visit(event)) return false;
  }
  return true;
}

}  // namespace samverk

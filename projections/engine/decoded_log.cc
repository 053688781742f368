#include "projections/engine/decoded_log.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"

namespace samverk::projections {

DecodedLog::DecodedLog(EventStore& store, ReadOptions options)
    : store_(&store), options_(std::move(options)) {}

DecodedLog::~DecodedLog() {
  {
    MutexLock lock(mu_);
    stopping_ = true;
    moved_.NotifyAll();
  }
  if (reader_.joinable()) reader_.join();
}

absl::StatusOr<const DecodedPage*> DecodedLog::Next() {
  uint64_t number;
  {
    MutexLock lock(mu_);
    number = ++asked_;
    moved_.NotifyAll();
    while (reader_.joinable() && ready_ < number) moved_.Wait(mu_);
  }
  Slot& slot = SlotOf(number);
  if (number == 1) {
    Fill(slot);
    if (!slot.last()) {
      {
        MutexLock lock(mu_);
        ready_ = 1;
      }
      reader_ = std::thread([this] { ReadAhead(); });
    }
  } else {
    SAMVERK_CHECK(reader_.joinable()) << "the log was read to its end";
  }
  RETURN_IF_ERROR(slot.error);
  return &slot.content;
}

void DecodedLog::ReadAhead() {
  for (uint64_t number = 2;; ++number) {
    {
      MutexLock lock(mu_);
      // The page that was asked for last is in use.
      while (!stopping_ && number >= asked_ + kPages) moved_.Wait(mu_);
      if (stopping_) return;
    }
    Slot& slot = SlotOf(number);
    Fill(slot);
    const bool last = slot.last();
    MutexLock lock(mu_);
    ready_ = number;
    moved_.NotifyAll();
    if (last) return;
  }
}

void DecodedLog::Fill(Slot& slot) {
  slot.content = {};
  slot.arena.Reset();
  auto page = store_->Read(options_);
  if (!page.ok()) {
    slot.error = page.status();
    return;
  }
  options_.after = std::max(options_.after, page->scanned_to);
  slot.content.page = *std::move(page);
  slot.content.decoded.reserve(slot.content.page.events.size());
  for (const RecordedEvent& event : slot.content.page.events) {
    auto placed = decoder_.Decode(event, slot.arena);
    if (!placed.ok()) {
      slot.content.status = placed.status();
      return;
    }
    slot.content.decoded.push_back(*std::move(placed));
  }
}

}  // namespace samverk::projections

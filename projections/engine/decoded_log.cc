#include "projections/engine/decoded_log.h"

#include <algorithm>
#include <system_error>
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
  SAMVERK_CHECK(!ended_) << "the log was read to its end";
  uint64_t number;
  {
    MutexLock lock(mu_);
    number = ++asked_;
    moved_.NotifyAll();
    while (reader_.joinable() && ready_ < number) moved_.Wait(mu_);
  }
  Slot& slot = SlotOf(number);
  if (!reader_.joinable()) Fill(slot);
  ended_ = slot.last();
  if (number == 1 && !ended_) StartReader();
  RETURN_IF_ERROR(slot.error);
  return &slot.content;
}

void DecodedLog::StartReader() {
  {
    MutexLock lock(mu_);
    ready_ = 1;
  }
  try {
    reader_ = std::thread([this] { ReadAhead(); });
  } catch (const std::system_error&) {
    // As many threads as the system gives are there already.
  }
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

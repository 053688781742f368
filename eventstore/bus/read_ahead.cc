#include "eventstore/bus/read_ahead.h"

#include <utility>

namespace samverk::bus {

void ReadAhead::Keep(const RecordView& event) {
  const size_t size = event.record().size();
  if (bytes_ + size > kBytes) return;
  if (events_.try_emplace(event.position(), event).second) bytes_ += size;
}

std::optional<RecordedEvent> ReadAhead::Take(Position position) {
  const auto at = events_.find(position);
  if (at == events_.end()) return std::nullopt;
  RecordedEvent event = std::move(at->second);
  bytes_ -= event.record().size();
  events_.erase(at);
  return event;
}

void ReadAhead::ForgetUpTo(Position position) {
  while (!events_.empty() && events_.begin()->first <= position) {
    bytes_ -= events_.begin()->second.record().size();
    events_.erase(events_.begin());
  }
}

void ReadAhead::Clear() {
  events_ = {};
  bytes_ = 0;
}

}  // namespace samverk::bus

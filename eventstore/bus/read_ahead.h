// Events that were read and are soon given, so that they are read once.
#ifndef SAMVERK_EVENTSTORE_BUS_READ_AHEAD_H_
#define SAMVERK_EVENTSTORE_BUS_READ_AHEAD_H_

#include <cstddef>
#include <optional>

#include "absl/container/btree_map.h"
#include "eventstore/record.h"
#include "eventstore/types.h"

namespace samverk::bus {

// What does not fit is read again. Not thread-safe.
class ReadAhead {
 public:
  // Of the records that are kept, at most.
  static constexpr size_t kBytes = 1 << 20;

  // A copy of it, if there is room.
  void Keep(const RecordView& event);
  bool Has(Position position) const { return events_.contains(position); }
  // Gives an event away; nullopt when it was not kept.
  std::optional<RecordedEvent> Take(Position position);
  // Events up to here are not given any more.
  void ForgetUpTo(Position position);
  void Clear();

 private:
  absl::btree_map<Position, RecordedEvent> events_;
  size_t bytes_ = 0;
};

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_READ_AHEAD_H_

// Which events were corrected or taken out, by their ids.
#ifndef SAMVERK_PROJECTIONS_ENGINE_AMENDMENTS_H_
#define SAMVERK_PROJECTIONS_ENGINE_AMENDMENTS_H_

#include <optional>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "eventstore/base/strings.h"
#include "eventstore/types.h"

namespace samverk::projections {

// Remembers amendments in the order in which they were recorded. Holds about
// 100 bytes for each; events that were never amended cost nothing. Not
// thread-safe.
class Amendments {
 public:
  // Whose fact stands for `target`, which is an event or a correction of it:
  // the event itself, its latest correction, or nothing when it was reversed.
  std::optional<EventId> Standing(const EventId& target) const;

  // `correction` replaces what stands for `target`.
  void Correct(const EventId& target, const EventId& correction);

  // Nothing stands for `target` any more.
  void TakeOut(const EventId& target);

  // Whether the earlier amendments of a process have been taken in.
  bool Knows(std::string_view process) const {
    return processes_.contains(process);
  }
  void SetKnown(std::string_view process) { processes_.emplace(process); }

 private:
  // The event that a chain of corrections began with.
  EventId RootOf(const EventId& id) const;

  absl::flat_hash_map<EventId, EventId> root_;  // by correction
  absl::flat_hash_map<EventId, std::optional<EventId>> standing_;  // by root
  StringSet processes_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_AMENDMENTS_H_

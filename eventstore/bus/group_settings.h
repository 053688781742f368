// What a consumer group is.
#ifndef SAMVERK_EVENTSTORE_BUS_GROUP_SETTINGS_H_
#define SAMVERK_EVENTSTORE_BUS_GROUP_SETTINGS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "eventstore/types.h"

namespace samverk::bus {

struct GroupSettings {
  // Which events.
  Query query;
  // Events with the same value of this tag's key are given in order; those
  // without one, and all when this is empty, by their stream.
  std::string key;
  // How long a member has an event.
  absl::Duration lease = absl::Seconds(30);
  // Events with members at one time, over all of them.
  uint32_t in_flight = 1'000;
  // So often an event is given before it is parked.
  uint32_t attempts = 5;
  // Before a refused event is given again: the first time, and the longest;
  // between them the delay doubles.
  absl::Duration first_delay = absl::Seconds(1);
  absl::Duration longest_delay = absl::Minutes(5);
  // While an event of a key is parked, later ones of that key wait.
  bool block_key_while_parked = false;
  // What the maker of the group said of it; kept, and never looked at.
  std::string definition;
};

// INVALID_ARGUMENT (INVALID_FIELD, LIMIT_EXCEEDED): names the field. Lease: 1
// second to 1 hour; first_delay: 1 millisecond to longest_delay, at most a day;
// the rest as in limits.h. Durations must be whole microseconds.
absl::Status CheckSettings(const GroupSettings& settings);

// INVALID_ARGUMENT (INVALID_FIELD) unless it is 1 to 64 of a-z, 0-9, "-", "_"
// and ".", beginning with a letter.
absl::Status CheckGroupName(std::string_view name);

// INVALID_ARGUMENT (INVALID_FIELD): a field of a request to a group is wrong.
absl::Status WrongField(std::string_view field, std::string_view why);

// How long to wait after so many attempts (1 or more) have failed.
absl::Duration DelayAfter(const GroupSettings& settings, uint32_t attempts);

// Events that a group may know and not have settled: those with members and
// those read ahead.
size_t WindowOf(const GroupSettings& settings);

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_GROUP_SETTINGS_H_

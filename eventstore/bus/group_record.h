// What is stored of a consumer group. docs/bus_format.md has every byte. Pure.
#ifndef SAMVERK_EVENTSTORE_BUS_GROUP_RECORD_H_
#define SAMVERK_EVENTSTORE_BUS_GROUP_RECORD_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/bus/group_progress.h"
#include "eventstore/bus/group_settings.h"
#include "eventstore/commit_record.h"
#include "eventstore/types.h"

namespace samverk::bus {

inline constexpr uint8_t kGroupFormat = 1;
// All keys of groups begin with it.
inline constexpr char kGroupPrefix[] = "group/";

// Attempts that have failed, and when the next may be.
struct Retry {
  uint32_t attempts = 0;
  absl::Time not_before = absl::InfinitePast();  // whole microseconds
  bool operator==(const Retry&) const = default;
};

// Where a group is.
struct Place {
  Position cursor;
  std::vector<PositionRange> settled;  // beyond the cursor
  std::map<Position, Retry> retries;   // of events that are not settled
  bool operator==(const Place&) const = default;
};

// An event that was put aside.
struct Parked {
  std::string key;
  // It is to be given again, or has been, and is not settled; `retry` says how
  // often and when. Otherwise the rest holds.
  bool replaying = false;
  Retry retry;
  uint32_t attempts = 0;
  std::string reason;    // why it was refused last; empty: its lease ended
  absl::Time parked_at;  // whole microseconds
  bool operator==(const Parked&) const = default;
};

// All that is stored of a group.
struct StoredGroup {
  GroupSettings settings;
  Place place;
  std::map<Position, Parked> parked;
};

// Keys: "group/NAME", "group/NAME/place", and for each parked event
// "group/NAME/parked/POSITION" with 20 digits.
std::string SettingsKey(std::string_view name);
std::string PlaceKey(std::string_view name);
std::string ParkedKey(std::string_view name, Position position);

std::string EncodeSettings(const GroupSettings& settings);
std::string EncodePlace(const Place& place);
std::string EncodeParked(const Parked& parked);

// Take them apart.
//   DATA_LOSS (DAMAGED): it is not what the encoder can give, or exceeds a
//     limit; `name` and the entry are in the sentence.
//   FAILED_PRECONDITION (FORMAT_NEWER): a later program wrote it.
absl::StatusOr<GroupSettings> DecodeSettings(std::string_view name,
                                             std::string_view bytes);
absl::StatusOr<Place> DecodePlace(std::string_view name,
                                  std::string_view bytes);
absl::StatusOr<Parked> DecodeParked(std::string_view name,
                                    std::string_view bytes);

// Everything to store for a group as a whole, and to forget it.
std::vector<CursorEntry> EncodeGroup(std::string_view name,
                                     const StoredGroup& group);
std::vector<CursorEntry> ForgetGroup(std::string_view name,
                                     const StoredGroup& group);

// Takes a group apart: its entries, in any order. Errors as above; DATA_LOSS
// (DAMAGED) also when one is missing, or they contradict one another.
absl::StatusOr<StoredGroup> DecodeGroup(
    std::string_view name, const std::vector<CursorEntry>& entries);

// The entries of each group, by its name, out of all that begin with
// kGroupPrefix: one damaged group does not keep others from being read.
std::map<std::string, std::vector<CursorEntry>> EntriesByGroup(
    std::vector<CursorEntry> entries);

}  // namespace samverk::bus

#endif  // SAMVERK_EVENTSTORE_BUS_GROUP_RECORD_H_

#include "eventstore/bus/group_record.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "eventstore/store_errors.h"

namespace samverk::bus {
namespace {

constexpr char kPlace[] = "/place";
constexpr char kParked[] = "/parked/";
constexpr size_t kDigits = 20;

absl::Status Damaged(std::string_view name, std::string_view what) {
  return DataDamaged(absl::StrCat("consumer group ", ToAbsl(name)), what);
}

// Takes the format.
absl::Status TakeFormat(std::string_view name, std::string_view& in) {
  if (in.empty()) return Damaged(name, "a value is empty");
  const auto format = static_cast<uint8_t>(in.front());
  in.remove_prefix(1);
  if (format > kGroupFormat) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
        absl::StrCat("consumer group ", ToAbsl(name), " has format ", format,
                     ", this program knows up to ", kGroupFormat,
                     "; use the release that wrote it, or a later one"),
        {{"format", absl::StrCat(format)}, {"group", std::string(name)}});
  }
  if (format != kGroupFormat) return Damaged(name, "its format is 0");
  return absl::OkStatus();
}

bool TakeFlag(std::string_view& in, bool& flag) {
  uint64_t value;
  if (!TakeVarint(in, value) || value > 1) return false;
  flag = value == 1;
  return true;
}

bool TakeNumber(std::string_view& in, uint64_t most, uint32_t& number) {
  uint64_t value;
  if (!TakeVarint(in, value) || value > most) return false;
  number = static_cast<uint32_t>(value);
  return true;
}

bool TakeText(std::string_view& in, size_t most, std::string& text) {
  std::string_view bytes;
  if (!TakeBytes(in, bytes) || bytes.size() > most) return false;
  text = bytes;
  return true;
}

// A time in whole microseconds.
void PutTime(absl::Time time, std::string& out) {
  PutVarint(ZigZag(absl::ToUnixMicros(time)), out);
}
bool TakeTime(std::string_view& in, absl::Time& time) {
  uint64_t value;
  if (!TakeVarint(in, value)) return false;
  time = absl::FromUnixMicros(UnZigZag(value));
  return true;
}

void PutDuration(absl::Duration duration, std::string& out) {
  PutVarint(static_cast<uint64_t>(absl::ToInt64Microseconds(duration)), out);
}
bool TakeDuration(std::string_view& in, absl::Duration& duration) {
  uint64_t value;
  if (!TakeVarint(in, value) || value > uint64_t{INT64_MAX}) return false;
  duration = absl::Microseconds(static_cast<int64_t>(value));
  return true;
}

// Nothing to wait for is a flag of its own: no instant is special.
void PutRetry(const Retry& retry, std::string& out) {
  PutVarint(retry.attempts, out);
  const bool waits = retry.not_before != absl::InfinitePast();
  PutVarint(waits ? 1 : 0, out);
  if (waits) PutTime(retry.not_before, out);
}
bool TakeRetry(std::string_view& in, Retry& retry) {
  bool waits;
  if (!TakeNumber(in, limits::kGroupAttempts, retry.attempts) ||
      !TakeFlag(in, waits)) {
    return false;
  }
  return !waits || TakeTime(in, retry.not_before);
}

void PutTexts(const std::vector<std::string>& texts, std::string& out) {
  PutVarint(texts.size(), out);
  for (const std::string& text : texts) PutBytes(text, out);
}
bool TakeTexts(std::string_view& in, std::vector<std::string>& texts) {
  uint64_t n;
  if (!TakeVarint(in, n) || n > limits::kQueryTerms) return false;
  texts.resize(n);
  return std::all_of(texts.begin(), texts.end(), [&](std::string& text) {
    return TakeText(in, limits::kStreamBytes, text);
  });
}

bool TakeQuery(std::string_view& in, Query& query) {
  uint64_t n;
  if (!TakeVarint(in, n) || n > limits::kQueryItems) return false;
  query.items.resize(n);
  return std::all_of(
      query.items.begin(), query.items.end(), [&](QueryItem& item) {
        return TakeTexts(in, item.types) && TakeTexts(in, item.tags) &&
               TakeTexts(in, item.streams);
      });
}

bool TakeSettings(std::string_view in, GroupSettings& settings) {
  return TakeDuration(in, settings.lease) &&
         TakeNumber(in, limits::kGroupInFlight, settings.in_flight) &&
         TakeNumber(in, limits::kGroupAttempts, settings.attempts) &&
         TakeDuration(in, settings.first_delay) &&
         TakeDuration(in, settings.longest_delay) &&
         TakeFlag(in, settings.block_key_while_parked) &&
         TakeText(in, limits::kTagBytes, settings.key) &&
         TakeText(in, limits::kGroupDefinitionBytes, settings.definition) &&
         TakeQuery(in, settings.query) && in.empty();
}

// A distance from a position that does not run past the last one.
bool TakeDistance(std::string_view& in, Position& position) {
  uint64_t distance;
  if (!TakeVarint(in, distance) || distance > UINT64_MAX - position.value()) {
    return false;
  }
  position = Position(position.value() + distance);
  return true;
}

bool TakePlace(std::string_view in, Place& place) {
  constexpr uint64_t kMost = limits::kGroupInFlight + limits::kGroupReadAhead;
  uint64_t n;
  if (!TakeDistance(in, place.cursor)) return false;
  if (!TakeVarint(in, n) || n > kMost) return false;
  Position last = place.cursor;
  for (uint64_t i = 0; i < n; ++i) {
    PositionRange range = {last, last};
    if (!TakeDistance(in, range.from) || range.from == last) return false;
    range.to = range.from;
    if (!TakeDistance(in, range.to)) return false;
    last = range.to;
    place.settled.push_back(range);
  }
  if (!TakeVarint(in, n) || n > kMost) return false;
  last = place.cursor;
  for (uint64_t i = 0; i < n; ++i) {
    const Position before = last;
    Retry retry;
    if (!TakeDistance(in, last) || last == before || !TakeRetry(in, retry) ||
        retry.attempts == 0) {
      return false;
    }
    place.retries.emplace(last, retry);
  }
  return in.empty();
}

bool TakeParked(std::string_view in, Parked& parked) {
  if (!TakeFlag(in, parked.replaying) ||
      !TakeText(in, limits::kStreamBytes, parked.key)) {
    return false;
  }
  if (parked.replaying) return TakeRetry(in, parked.retry) && in.empty();
  return TakeNumber(in, limits::kGroupAttempts, parked.attempts) &&
         parked.attempts > 0 &&
         TakeText(in, limits::kRefusalBytes, parked.reason) &&
         TakeTime(in, parked.parked_at) && in.empty();
}

// The position at the end of a parked event's key.
std::optional<Position> PositionOf(std::string_view digits) {
  uint64_t value = 0;
  if (digits.size() != kDigits ||
      !std::all_of(digits.begin(), digits.end(),
                   [](char c) { return c >= '0' && c <= '9'; }) ||
      !absl::SimpleAtoi(ToAbsl(digits), &value) || value == 0) {
    return std::nullopt;
  }
  return Position(value);
}

// Parked events are settled, those that are tried again are not.
absl::Status CheckWhole(std::string_view name, const StoredGroup& group) {
  const GroupProgress progress(group.place.cursor, group.place.settled);
  for (const auto& [position, retry] : group.place.retries) {
    if (progress.IsSettled(position)) {
      return Damaged(name, absl::StrCat("position ", position.value(),
                                        " is settled and tried again"));
    }
  }
  for (const auto& [position, parked] : group.parked) {
    if (!progress.IsSettled(position)) {
      return Damaged(name, absl::StrCat("position ", position.value(),
                                        " is parked and not settled"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string SettingsKey(std::string_view name) {
  return absl::StrCat(kGroupPrefix, ToAbsl(name));
}

std::string PlaceKey(std::string_view name) {
  return absl::StrCat(kGroupPrefix, ToAbsl(name), kPlace);
}

std::string ParkedKey(std::string_view name, Position position) {
  return absl::StrCat(kGroupPrefix, ToAbsl(name), kParked,
                      absl::StrFormat("%020d", position.value()));
}

std::string EncodeSettings(const GroupSettings& settings) {
  std::string out(1, static_cast<char>(kGroupFormat));
  PutDuration(settings.lease, out);
  PutVarint(settings.in_flight, out);
  PutVarint(settings.attempts, out);
  PutDuration(settings.first_delay, out);
  PutDuration(settings.longest_delay, out);
  PutVarint(settings.block_key_while_parked ? 1 : 0, out);
  PutBytes(settings.key, out);
  PutBytes(settings.definition, out);
  PutVarint(settings.query.items.size(), out);
  for (const QueryItem& item : settings.query.items) {
    PutTexts(item.types, out);
    PutTexts(item.tags, out);
    PutTexts(item.streams, out);
  }
  return out;
}

std::string EncodePlace(const Place& place) {
  std::string out(1, static_cast<char>(kGroupFormat));
  PutVarint(place.cursor.value(), out);
  PutVarint(place.settled.size(), out);
  uint64_t last = place.cursor.value();
  for (const PositionRange& range : place.settled) {
    PutVarint(range.from.value() - last, out);
    PutVarint(range.to.value() - range.from.value(), out);
    last = range.to.value();
  }
  PutVarint(place.retries.size(), out);
  last = place.cursor.value();
  for (const auto& [position, retry] : place.retries) {
    PutVarint(position.value() - last, out);
    PutRetry(retry, out);
    last = position.value();
  }
  return out;
}

std::string EncodeParked(const Parked& parked) {
  std::string out(1, static_cast<char>(kGroupFormat));
  PutVarint(parked.replaying ? 1 : 0, out);
  PutBytes(parked.key, out);
  if (parked.replaying) {
    PutRetry(parked.retry, out);
  } else {
    PutVarint(parked.attempts, out);
    PutBytes(parked.reason, out);
    PutTime(parked.parked_at, out);
  }
  return out;
}

absl::StatusOr<GroupSettings> DecodeSettings(std::string_view name,
                                             std::string_view bytes) {
  RETURN_IF_ERROR(TakeFormat(name, bytes));
  GroupSettings settings;
  if (!TakeSettings(bytes, settings)) {
    return Damaged(name, "its settings cannot be taken apart");
  }
  if (const absl::Status valid = CheckSettings(settings); !valid.ok()) {
    return Damaged(name, absl::StrCat("of its settings ", valid.message()));
  }
  return settings;
}

absl::StatusOr<Place> DecodePlace(std::string_view name,
                                  std::string_view bytes) {
  RETURN_IF_ERROR(TakeFormat(name, bytes));
  Place place;
  if (!TakePlace(bytes, place)) {
    return Damaged(name, "its place cannot be taken apart");
  }
  return place;
}

absl::StatusOr<Parked> DecodeParked(std::string_view name,
                                    std::string_view bytes) {
  RETURN_IF_ERROR(TakeFormat(name, bytes));
  Parked parked;
  if (!TakeParked(bytes, parked)) {
    return Damaged(name, "a parked event cannot be taken apart");
  }
  return parked;
}

std::vector<CursorEntry> EncodeGroup(std::string_view name,
                                     const StoredGroup& group) {
  std::vector<CursorEntry> entries = {
      {SettingsKey(name), EncodeSettings(group.settings)},
      {PlaceKey(name), EncodePlace(group.place)}};
  for (const auto& [position, parked] : group.parked) {
    entries.push_back({ParkedKey(name, position), EncodeParked(parked)});
  }
  return entries;
}

std::vector<CursorEntry> ForgetGroup(std::string_view name,
                                     const StoredGroup& group) {
  std::vector<CursorEntry> entries = {{SettingsKey(name), ""},
                                      {PlaceKey(name), ""}};
  for (const auto& [position, parked] : group.parked) {
    entries.push_back({ParkedKey(name, position), ""});
  }
  return entries;
}

absl::StatusOr<StoredGroup> DecodeGroup(
    std::string_view name, const std::vector<CursorEntry>& entries) {
  StoredGroup group;
  bool has_settings = false;
  bool has_place = false;
  const std::string settings_key = SettingsKey(name);
  const std::string place_key = PlaceKey(name);
  const std::string parked = absl::StrCat(settings_key, kParked);
  for (const CursorEntry& entry : entries) {
    if (entry.key == settings_key) {
      ASSIGN_OR_RETURN(group.settings, DecodeSettings(name, entry.value));
      has_settings = true;
    } else if (entry.key == place_key) {
      ASSIGN_OR_RETURN(group.place, DecodePlace(name, entry.value));
      has_place = true;
    } else {
      std::optional<Position> position;
      if (entry.key.starts_with(parked)) {
        position =
            PositionOf(std::string_view(entry.key).substr(parked.size()));
      }
      if (!position.has_value()) {
        return Damaged(name, "an entry has an unknown key, " + entry.key);
      }
      ASSIGN_OR_RETURN(group.parked[*position],
                       DecodeParked(name, entry.value));
    }
  }
  if (!has_settings || !has_place) {
    return Damaged(name, "its settings or its place are missing");
  }
  RETURN_IF_ERROR(CheckWhole(name, group));
  return group;
}

std::map<std::string, std::vector<CursorEntry>> EntriesByGroup(
    std::vector<CursorEntry> entries) {
  std::map<std::string, std::vector<CursorEntry>> groups;
  for (CursorEntry& entry : entries) {
    std::string_view name = entry.key;
    if (!name.starts_with(kGroupPrefix)) continue;
    name.remove_prefix(sizeof(kGroupPrefix) - 1);
    name = name.substr(0, name.find('/'));
    groups[std::string(name)].push_back(std::move(entry));
  }
  return groups;
}

}  // namespace samverk::bus

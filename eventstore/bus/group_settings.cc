#include "eventstore/bus/group_settings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"

namespace samverk::bus {
namespace {

absl::Status CheckNumber(std::string_view field, uint32_t value,
                         uint32_t limit) {
  if (value >= 1 && value <= limit) return absl::OkStatus();
  return WrongField(field,
                    absl::StrCat("is ", value, "; it must be 1 to ", limit));
}

absl::Status CheckDuration(std::string_view field, absl::Duration value,
                           absl::Duration least, absl::Duration most) {
  if (value >= least && value <= most &&
      value == absl::Trunc(value, absl::Microseconds(1))) {
    return absl::OkStatus();
  }
  return WrongField(
      field,
      absl::StrCat("is ", absl::FormatDuration(value), "; it must be ",
                   absl::FormatDuration(least), " to ",
                   absl::FormatDuration(most), ", in whole microseconds"));
}

absl::Status CheckSize(std::string_view field, size_t size, size_t limit) {
  if (size <= limit) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_LIMIT_EXCEEDED,
                   absl::StrCat(ToAbsl(field), " has ", size,
                                " bytes, but at most ", limit, " are allowed"),
                   {{"what", std::string(field)},
                    {"value", absl::StrCat(size)},
                    {"limit", absl::StrCat(limit)}});
}

}  // namespace

absl::Status WrongField(std::string_view field, std::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_INVALID_FIELD,
                   absl::StrCat(ToAbsl(field), " ", ToAbsl(why)),
                   {{"field", std::string(field)}, {"why", std::string(why)}});
}

absl::Status CheckSettings(const GroupSettings& settings) {
  RETURN_IF_ERROR(CheckQuery(settings.query));
  RETURN_IF_ERROR(CheckSize("key", settings.key.size(), limits::kTagBytes));
  if (!IsValidUtf8(settings.key)) return WrongField("key", "is not UTF-8");
  RETURN_IF_ERROR(CheckSize("definition", settings.definition.size(),
                            limits::kGroupDefinitionBytes));
  RETURN_IF_ERROR(
      CheckDuration("lease", settings.lease, absl::Seconds(1), absl::Hours(1)));
  RETURN_IF_ERROR(
      CheckNumber("in_flight", settings.in_flight, limits::kGroupInFlight));
  RETURN_IF_ERROR(
      CheckNumber("attempts", settings.attempts, limits::kGroupAttempts));
  RETURN_IF_ERROR(CheckDuration("longest_delay", settings.longest_delay,
                                absl::Milliseconds(1), absl::Hours(24)));
  return CheckDuration("first_delay", settings.first_delay,
                       absl::Milliseconds(1), settings.longest_delay);
}

absl::Status CheckGroupName(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto allowed = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  if (!name.empty() && name.size() <= limits::kGroupNameBytes &&
      letter(name.front()) && std::all_of(name.begin(), name.end(), allowed)) {
    return absl::OkStatus();
  }
  return WrongField("name",
                    "must be 1 to 64 of a-z, 0-9, \"-\", \"_\" and \".\", "
                    "beginning with a letter");
}

absl::Duration DelayAfter(const GroupSettings& settings, uint32_t attempts) {
  absl::Duration delay = settings.first_delay;
  for (uint32_t i = 1; i < attempts && delay < settings.longest_delay; ++i) {
    delay *= 2;
  }
  return std::min(delay, settings.longest_delay);
}

size_t WindowOf(const GroupSettings& settings) {
  return settings.in_flight + limits::kGroupReadAhead;
}

}  // namespace samverk::bus

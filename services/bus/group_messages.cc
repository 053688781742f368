#include "services/bus/group_messages.h"

#include <algorithm>

#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"
#include "services/bus/subscribe_request.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

void FillDuration(absl::Duration from, google::protobuf::Duration& to) {
  to.set_seconds(absl::IDivDuration(from, absl::Seconds(1), &from));
  to.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(from)));
}

// Replaces `value` when something is said.
void Take(const google::protobuf::Duration& said, absl::Duration& value) {
  const absl::Duration duration =
      absl::Seconds(said.seconds()) + absl::Nanoseconds(said.nanos());
  if (duration != absl::ZeroDuration()) value = duration;
}
void Take(uint32_t said, uint32_t& value) {
  if (said != 0) value = said;
}

// Numbers and durations that are said.
void TakeNumbers(const bus::v1::GroupSettings& said,
                 bus::GroupSettings& settings) {
  Take(said.lease(), settings.lease);
  Take(said.in_flight(), settings.in_flight);
  Take(said.attempts(), settings.attempts);
  Take(said.first_delay(), settings.first_delay);
  Take(said.longest_delay(), settings.longest_delay);
  if (said.has_block_key_while_parked()) {
    settings.block_key_while_parked = said.block_key_while_parked();
  }
}

// What is kept as it was said: filter and start.
std::string DefinitionOf(const bus::v1::GroupSettings& settings) {
  bus::v1::GroupSettings kept;
  if (settings.has_filter()) *kept.mutable_filter() = settings.filter();
  if (settings.has_start()) *kept.mutable_start() = settings.start();
  return kept.SerializeAsString();
}

bus::v1::GroupSettings DefinedBy(const bus::GroupSettings& settings) {
  bus::v1::GroupSettings kept;
  SAMVERK_CHECK(kept.ParseFromString(settings.definition))
      << "this program has written it";
  return kept;
}

absl::Status CannotChange(std::string_view field) {
  return FieldError(field,
                    "cannot change while the group lives; leave it out, or "
                    "make another group");
}

}  // namespace

absl::StatusOr<bus::GroupSettings> SettingsOf(
    const bus::v1::GroupSettings& settings) {
  bus::GroupSettings made;
  ASSIGN_OR_RETURN(made.query, QueryOf(settings.filter()));
  made.key = settings.key();
  TakeNumbers(settings, made);
  made.definition = DefinitionOf(settings);
  return made;
}

absl::StatusOr<bus::GroupSettings> ChangedSettings(
    const bus::v1::GroupSettings& asked, const bus::GroupSettings& now) {
  const bus::v1::GroupSettings defined = DefinedBy(now);
  if (asked.has_filter() && asked.filter().SerializeAsString() !=
                                defined.filter().SerializeAsString()) {
    return CannotChange("settings.filter");
  }
  if (asked.has_start() && asked.start().SerializeAsString() !=
                               defined.start().SerializeAsString()) {
    return CannotChange("settings.start");
  }
  if (!asked.key().empty() && asked.key() != now.key) {
    return CannotChange("settings.key");
  }
  bus::GroupSettings changed = now;
  TakeNumbers(asked, changed);
  RETURN_IF_ERROR(bus::CheckSettings(changed));
  return changed;
}

void FillState(const bus::ConsumerGroup& group, Position head, absl::Time now,
               bus::v1::GroupState& state) {
  const bus::GroupSettings& settings = group.settings();
  auto& shown = *state.mutable_settings();
  shown = DefinedBy(settings);
  shown.set_key(settings.key);
  FillDuration(settings.lease, *shown.mutable_lease());
  shown.set_in_flight(settings.in_flight);
  shown.set_attempts(settings.attempts);
  FillDuration(settings.first_delay, *shown.mutable_first_delay());
  FillDuration(settings.longest_delay, *shown.mutable_longest_delay());
  shown.set_block_key_while_parked(settings.block_key_while_parked);

  const bus::GroupState stands = group.state();
  state.set_name(group.name());
  state.set_cursor(stands.cursor.value());
  // Read apart, so it may be the older of both.
  head = std::max(head, stands.cursor);
  state.set_head(head.value());
  state.set_lag_events(head.value() - stands.cursor.value());
  if (stands.waits_since.has_value()) {
    FillDuration(std::max(now - *stands.waits_since, absl::ZeroDuration()),
                 *state.mutable_lag());
  }
  state.set_in_flight(static_cast<uint32_t>(stands.in_flight));
  state.set_waiting_for_retry(static_cast<uint32_t>(stands.waiting_for_retry));
  state.set_parked(stands.parked);
  state.set_redelivered(stands.redelivered);
  state.set_members(static_cast<uint32_t>(stands.members));
  state.set_replaying(stands.replaying);
  state.set_too_many_parked(stands.too_many_parked);
}

void FillPlace(const std::optional<WaitingEvent>& first, absl::Time now,
               bus::v1::GroupState& state) {
  state.set_cursor(first.has_value() ? first->position.value() - 1
                                     : state.head());
  state.set_lag_events(state.head() - state.cursor());
  state.clear_lag();
  if (first.has_value()) {
    FillDuration(std::max(now - first->recorded_at, absl::ZeroDuration()),
                 *state.mutable_lag());
  }
}

bus::Acknowledgement AcknowledgementOf(
    const bus::v1::AcknowledgeRequest& request) {
  bus::Acknowledgement said;
  said.lease = request.lease();
  said.all_done = request.all_done();
  said.done.reserve(static_cast<size_t>(request.done_size()));
  for (const uint64_t position : request.done()) {
    said.done.emplace_back(position);
  }
  for (const auto& refused : request.refused()) {
    said.refused.push_back(
        {Position(refused.position()), refused.reason(), refused.park()});
  }
  return said;
}

void FillInstant(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace samverk

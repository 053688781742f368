// Consumer groups as the API has them, and as the bus does.
#ifndef SAMVERK_SERVICES_BUS_GROUP_MESSAGES_H_
#define SAMVERK_SERVICES_BUS_GROUP_MESSAGES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/bus/acknowledgement.h"
#include "eventstore/bus/consumer_group.h"
#include "eventstore/bus/group_settings.h"
#include "google/protobuf/timestamp.pb.h"
#include "samverk/bus/v1/consumer_group.pb.h"

namespace samverk {

// With defaults for what is absent; filter and start are kept as they are in
// the definition. INVALID_ARGUMENT (INVALID_FIELD): a filter that can never
// match. All else is checked by bus::CheckSettings.
absl::StatusOr<bus::GroupSettings> SettingsOf(
    const bus::v1::GroupSettings& settings);

// `asked` where it says something, and else what `now` has.
//   INVALID_ARGUMENT (INVALID_FIELD): filter, start or key would change; those
//     of bus::CheckSettings.
absl::StatusOr<bus::GroupSettings> ChangedSettings(
    const bus::v1::GroupSettings& asked, const bus::GroupSettings& now);

// How it stands, while the log has this head.
void FillState(const bus::ConsumerGroup& group, Position head, absl::Time now,
               bus::v1::GroupState& state);

// An event that waits to be settled.
struct WaitingEvent {
  Position position;
  absl::Time recorded_at;
};
// Has a state say where the group is for somebody from whom events may be kept:
// before the first event known to wait that they may read, and at the head when
// there is none. So it moves with the whole log, and not with what is kept.
void FillPlace(const std::optional<WaitingEvent>& first, absl::Time now,
               bus::v1::GroupState& state);

bus::Acknowledgement AcknowledgementOf(
    const bus::v1::AcknowledgeRequest& request);

void FillInstant(absl::Time time, google::protobuf::Timestamp& timestamp);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_GROUP_MESSAGES_H_

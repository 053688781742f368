// What a subscriber asks for.
#ifndef SAMVERK_SERVICES_BUS_SUBSCRIBE_REQUEST_H_
#define SAMVERK_SERVICES_BUS_SUBSCRIBE_REQUEST_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/event_store.h"
#include "eventstore/types.h"
#include "samverk/bus/v1/subscription.pb.h"

namespace samverk {

// Where a subscription begins: after a position, or with what was recorded at
// an instant or later.
struct SubscriptionStart {
  Position after;
  std::optional<absl::Time> recorded_from;
};

// A request whose every field has been checked, with defaults filled in.
struct SubscriptionTerms {
  Query query;
  SubscriptionStart start;
  uint32_t batch_size = 0;
  absl::Duration heartbeat;
};

// The query of a filter. INVALID_ARGUMENT as QueryOf in services/views, about
// fields of "filter.".
absl::StatusOr<Query> QueryOf(const bus::v1::Filter& filter);

// Where `start` is in a log with this head, at this time. INVALID_ARGUMENT
// (INVALID_FIELD): a position beyond the head, an instant that is malformed or
// yet to come, `now` without meaning it.
absl::StatusOr<SubscriptionStart> StartOf(const bus::v1::Start& start,
                                          Position head, absl::Time now);

// The position that a consumer group begins after that starts like this.
// Errors as StartOf; DATA_LOSS (DAMAGED). May read from the disk.
absl::StatusOr<Position> PositionOf(const bus::v1::Start& start,
                                    EventStore& store, absl::Time now);

// All of it. INVALID_ARGUMENT (INVALID_FIELD) names the field and the value.
absl::StatusOr<SubscriptionTerms> TermsOf(
    const bus::v1::SubscribeRequest& request, Position head, absl::Time now);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_SUBSCRIBE_REQUEST_H_

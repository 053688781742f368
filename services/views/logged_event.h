// A stored event as the history shows it.
#ifndef SAMVERK_SERVICES_VIEWS_LOGGED_EVENT_H_
#define SAMVERK_SERVICES_VIEWS_LOGGED_EVENT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk {

// Decodes it. Events of other applications (types outside "samverk.") keep
// their envelope and have no `event`. FAILED_PRECONDITION (UNKNOWN_EVENT),
// DATA_LOSS (DAMAGED).
absl::Status ToLoggedEvent(const RecordedEvent& recorded,
                           view::v1::LoggedEvent& logged);

// What a request asks of the store. INVALID_ARGUMENT (INVALID_FIELD) names the
// field: a kind of event that does not exist, `follow` with `reverse` or `to`,
// `from` after `to`, too many filters.
absl::StatusOr<ReadOptions> ReadOptionsOf(
    const view::v1::ReadLogRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_LOGGED_EVENT_H_

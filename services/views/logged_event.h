// A stored event as the history shows it.
#ifndef SAMVERK_SERVICES_VIEWS_LOGGED_EVENT_H_
#define SAMVERK_SERVICES_VIEWS_LOGGED_EVENT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk {

// Knows what in an event nobody can read any more. Thread-safe.
class DisposedValues {
 public:
  virtual ~DisposedValues() = default;
  // Says so in the event that is shown: LoggedEvent.disposed.
  virtual void Mark(view::v1::LoggedEvent& logged) const = 0;
};

// Decodes it. Events of other applications (types outside "samverk.") keep
// their envelope and have no `event`. `logged` may live on an arena.
// FAILED_PRECONDITION (UNKNOWN_EVENT), DATA_LOSS (DAMAGED): with the position.
absl::Status ToLoggedEvent(const RecordView& recorded,
                           view::v1::LoggedEvent& logged);

// What a request asks of the store. INVALID_ARGUMENT (INVALID_FIELD) names the
// field: a filter that can never match (log_filter.h), `from` after `to`.
absl::StatusOr<ReadOptions> ReadOptionsOf(
    const view::v1::ReadLogRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_LOGGED_EVENT_H_

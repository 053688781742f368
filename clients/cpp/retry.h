// When the same request is sent again, and how long to wait before. Pure.
#ifndef SAMVERK_CLIENTS_CPP_RETRY_H_
#define SAMVERK_CLIENTS_CPP_RETRY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace samverk::client {

// True when sending the very same request again may help and can do no harm:
// the server was not reached or is closing (UNAVAILABLE, CANCELLED), its queue
// was full (QUEUE_FULL), it could not say whether the write was made
// (OUTCOME_UNKNOWN), or others were quicker (CONTENTION). Recording is safe to
// repeat because of the events' ids. Not when a projection has stopped: that
// takes a person.
bool IsRetryable(const absl::Status& status);

// How long to wait before attempt number `attempt` (2 is the first that is a
// repetition) after `status`: what the server asked for, or else 50 ms doubled
// each time up to 2 s; then spread by `jitter` (0 to 1) over one half more, so
// that many clients do not come back at the same instant.
absl::Duration DelayBefore(int attempt, const absl::Status& status,
                           double jitter);

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_RETRY_H_

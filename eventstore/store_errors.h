// The answers that every event store words alike.
#ifndef SAMVERK_EVENTSTORE_STORE_ERRORS_H_
#define SAMVERK_EVENTSTORE_STORE_ERRORS_H_

#include <string_view>

#include "absl/status/status.h"

namespace samverk {

// DEADLINE_EXCEEDED; nothing was written.
absl::Status DeadlinePassed();
// UNAVAILABLE (SHUTTING_DOWN).
absl::Status ShuttingDown();
// RESOURCE_EXHAUSTED (QUEUE_FULL).
absl::Status QueueFull(size_t requests, size_t bytes);
// The same for a caller of whom others wait already.
absl::Status KeptForOthers(size_t requests, size_t bytes);
// FAILED_PRECONDITION (READ_ONLY), with the reason why.
absl::Status ReadOnly(std::string_view why);
// UNAVAILABLE (OUTCOME_UNKNOWN), with the reason why.
absl::Status OutcomeUnknown(std::string_view why);
// DATA_LOSS (DAMAGED): what is damaged, and where.
absl::Status DataDamaged(std::string_view where, std::string_view what);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_STORE_ERRORS_H_

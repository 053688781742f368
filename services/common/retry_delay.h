// Asking a caller to come again.
#ifndef SAMVERK_SERVICES_COMMON_RETRY_DELAY_H_
#define SAMVERK_SERVICES_COMMON_RETRY_DELAY_H_

#include "absl/status/status.h"

namespace samverk {

// Asks a caller who was turned away because a queue was full, or who asks too
// much, to wait for a while (RetryInfo); other statuses pass unchanged.
absl::Status WithRetryDelay(absl::Status status);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_RETRY_DELAY_H_

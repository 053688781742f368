#include "clients/cpp/retry.h"

#include <algorithm>

#include "clients/cpp/status.h"

namespace samverk::client {
namespace {

constexpr absl::Duration kFirstDelay = absl::Milliseconds(50);
constexpr absl::Duration kLongestDelay = absl::Seconds(2);

}  // namespace

bool IsRetryable(const absl::Status& status) {
  const error::v1::Reason reason = ReasonOf(status);
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return reason != error::v1::REASON_PROJECTION_STOPPED;
    // Without the reason it is gRPC that speaks, of a message too large.
    case absl::StatusCode::kResourceExhausted:
      return reason == error::v1::REASON_QUEUE_FULL;
    case absl::StatusCode::kAborted:
      return reason == error::v1::REASON_CONTENTION;
    // This library cancels a call only when nobody wants its answer any more:
    // it was the server, which is shutting down.
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

absl::Duration DelayBefore(int attempt, const absl::Status& status,
                           double jitter) {
  const int doublings = std::clamp(attempt - 2, 0, 10);
  absl::Duration delay =
      std::min(kFirstDelay * (int64_t{1} << doublings), kLongestDelay);
  if (const auto asked = RetryDelayOf(status); asked.has_value()) {
    delay = std::max(*asked, absl::ZeroDuration());
  }
  return delay + delay * 0.5 * std::clamp(jitter, 0.0, 1.0);
}

}  // namespace samverk::client

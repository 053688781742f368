#include "services/common/retry_delay.h"

#include <cstdint>

#include "absl/strings/cord.h"
#include "eventstore/base/error.h"
#include "google/rpc/error_details.pb.h"

namespace samverk {
namespace {

// Some group commits.
constexpr int32_t kRetryDelayNanos = 20'000'000;
// A part of the second that an allowance is for.
constexpr int32_t kRateDelayNanos = 250'000'000;
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

}  // namespace

absl::Status WithRetryDelay(absl::Status status) {
  const error::v1::Reason reason = ReasonOf(status);
  if ((reason != error::v1::REASON_QUEUE_FULL &&
       reason != error::v1::REASON_RATE_EXCEEDED) ||
      status.GetPayload(kRetryInfoUrl).has_value()) {
    return status;
  }
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_nanos(reason == error::v1::REASON_QUEUE_FULL
                                            ? kRetryDelayNanos
                                            : kRateDelayNanos);
  status.SetPayload(kRetryInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

}  // namespace samverk

#include "clients/cpp/retry.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"

namespace samverk::client {
namespace {

absl::Status WithReason(absl::StatusCode code, const std::string& reason) {
  absl::Status status(code, "a sentence");
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("samverk");
  status.SetPayload("type.googleapis.com/google.rpc.ErrorInfo",
                    absl::Cord(info.SerializeAsString()));
  return status;
}

absl::Status WithRetryDelay(absl::Status status, int32_t nanos) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_nanos(nanos);
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                    absl::Cord(info.SerializeAsString()));
  return status;
}

using absl::StatusCode;

TEST(IsRetryable, RepeatsWhatTheCatalogueSaysToSendAgain) {
  EXPECT_TRUE(IsRetryable(absl::UnavailableError("connection refused")));
  EXPECT_TRUE(
      IsRetryable(WithReason(StatusCode::kUnavailable, "OUTCOME_UNKNOWN")));
  EXPECT_TRUE(
      IsRetryable(WithReason(StatusCode::kUnavailable, "SHUTTING_DOWN")));
  EXPECT_TRUE(
      IsRetryable(WithReason(StatusCode::kResourceExhausted, "QUEUE_FULL")));
  EXPECT_TRUE(IsRetryable(WithReason(StatusCode::kAborted, "CONTENTION")));
  // What a server that is shutting down answers to a call that comes too late.
  EXPECT_TRUE(IsRetryable(absl::CancelledError("")));
}

TEST(IsRetryable, DoesNotRepeatWhatWouldFailAgain) {
  EXPECT_FALSE(IsRetryable(absl::OkStatus()));
  EXPECT_FALSE(
      IsRetryable(WithReason(StatusCode::kUnavailable, "PROJECTION_STOPPED")));
  // gRPC itself, of a message that is too large.
  EXPECT_FALSE(IsRetryable(absl::ResourceExhaustedError("message too large")));
  EXPECT_FALSE(
      IsRetryable(WithReason(StatusCode::kAborted, "REVISION_CONFLICT")));
  EXPECT_FALSE(
      IsRetryable(WithReason(StatusCode::kInvalidArgument, "REFUSED")));
  EXPECT_FALSE(IsRetryable(absl::DeadlineExceededError("late")));
}

TEST(DelayBefore, DoublesUpToTwoSeconds) {
  const absl::Status status = absl::UnavailableError("gone");
  EXPECT_EQ(DelayBefore(2, status, 0), absl::Milliseconds(50));
  EXPECT_EQ(DelayBefore(3, status, 0), absl::Milliseconds(100));
  EXPECT_EQ(DelayBefore(7, status, 0), absl::Milliseconds(1600));
  EXPECT_EQ(DelayBefore(8, status, 0), absl::Seconds(2));
  EXPECT_EQ(DelayBefore(1'000'000, status, 0), absl::Seconds(2));
}

TEST(DelayBefore, SpreadsByHalfAtMost) {
  const absl::Status status = absl::UnavailableError("gone");
  EXPECT_EQ(DelayBefore(2, status, 1), absl::Milliseconds(75));
  EXPECT_EQ(DelayBefore(2, status, 0.5), absl::Microseconds(62'500));
}

TEST(DelayBefore, TakesWhatTheServerAsksFor) {
  const absl::Status status = WithRetryDelay(
      WithReason(StatusCode::kResourceExhausted, "QUEUE_FULL"), 20'000'000);
  EXPECT_EQ(DelayBefore(9, status, 0), absl::Milliseconds(20));
  EXPECT_EQ(DelayBefore(2, WithRetryDelay(status, -5), 0),
            absl::ZeroDuration());
}

}  // namespace
}  // namespace samverk::client

// What a subscriber may not ask for, and what cannot be given.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/bus/bus_register.h"

namespace samverk {
namespace {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;
using testing::BusRegister;
using testing::Foreign;
using testing::Subscriber;

template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  Detail detail;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&detail)) break;
  }
  return detail;
}

std::string ReasonOf(const grpc::Status& status) {
  return DetailOf<google::rpc::ErrorInfo>(status).reason();
}

grpc::Status Outcome(BusRegister& followed, const SubscribeRequest& request) {
  Subscriber subscriber(followed, request);
  SubscribeResponse message;
  EXPECT_FALSE(subscriber.Read(message)) << message.ShortDebugString();
  return subscriber.Finish();
}

class SubscriptionInput : public ::testing::Test {
 protected:
  SubscriptionInput() { followed_.Append({}, 5); }

  // It names the field, and has the value in its sentence.
  void ExpectRefused(const SubscribeRequest& request, const std::string& field,
                     const std::string& value) {
    const grpc::Status status = Outcome(followed_, request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << request.ShortDebugString();
    EXPECT_EQ(ReasonOf(status), "INVALID_FIELD");
    const auto bad = DetailOf<google::rpc::BadRequest>(status);
    ASSERT_EQ(bad.field_violations_size(), 1);
    EXPECT_EQ(bad.field_violations(0).field(), field);
    EXPECT_NE(status.error_message().find(value), std::string::npos)
        << status.error_message();
  }

  BusRegister followed_;
};

TEST_F(SubscriptionInput, AStartThatIsNotThere) {
  SubscribeRequest request;
  request.mutable_start()->set_after(6);
  ExpectRefused(request, "start.after", "6");
  request.mutable_start()->set_after(UINT64_MAX);
  ExpectRefused(request, "start.after", "18446744073709551615");
  request.mutable_start()->set_now(false);
  ExpectRefused(request, "start.now", "false");
  auto& instant = *request.mutable_start()->mutable_recorded_from();
  instant.set_seconds(absl::ToUnixSeconds(followed_.clock().Now()) + 1);
  ExpectRefused(request, "start.recorded_from", "yet to come");
  instant.set_seconds(INT64_MAX);
  ExpectRefused(request, "start.recorded_from", "9223372036854775807");
  instant.set_seconds(0);
  instant.set_nanos(-1);
  ExpectRefused(request, "start.recorded_from", "-1");
}

TEST_F(SubscriptionInput, AFilterThatCanNeverMatch) {
  SubscribeRequest request;
  request.mutable_filter()->add_types("samverk.cost_boked");
  ExpectRefused(request, "filter.types", "cost_boked");
  request.mutable_filter()->set_types(0, "cost_boked");
  ExpectRefused(request, "filter.types", "cost_boked");
  request.mutable_filter()->set_types(0, "");
  ExpectRefused(request, "filter.types", "\"\"");

  request.mutable_filter()->clear_types();
  request.mutable_filter()->set_process("p");
  request.mutable_filter()->add_streams("q/finding/f-1");
  ExpectRefused(request, "filter.streams", "q/finding/f-1");
  request.mutable_filter()->set_streams(0, "");
  ExpectRefused(request, "filter.streams", "empty");

  request.mutable_filter()->clear_streams();
  request.mutable_filter()->add_tags("q/finding:f-1");
  ExpectRefused(request, "filter.tags", "q/finding:f-1");
  request.mutable_filter()->set_tags(0, "process:q");
  ExpectRefused(request, "filter.tags", "process:q");
  request.mutable_filter()->set_tags(0, std::string(300, 'x'));
  ExpectRefused(request, "filter.tags", "128");
}

TEST_F(SubscriptionInput, SizesOutOfRange) {
  SubscribeRequest request;
  request.set_batch_size(1'001);
  ExpectRefused(request, "batch_size", "1001");
  request.set_batch_size(0);
  request.mutable_heartbeat()->set_nanos(99'000'000);
  ExpectRefused(request, "heartbeat", "99ms");
  request.mutable_heartbeat()->set_seconds(3'601);
  ExpectRefused(request, "heartbeat", "1h1.099s");
  request.mutable_heartbeat()->set_seconds(-1);
  request.mutable_heartbeat()->set_nanos(0);
  ExpectRefused(request, "heartbeat", "-1s");
  request.clear_heartbeat();
  for (int i = 0; i < 65; ++i) {
    request.mutable_filter()->add_streams(absl::StrCat("p/finding/f-", i));
  }
  ExpectRefused(request, "filter.streams", "65");
}

TEST(SubscriptionLimit, AsksOneTooManyToComeAgain) {
  BusRegister followed(2);
  Subscriber first(followed, {});
  first.ReadTo(SubscribeResponse::kCaughtUp);
  auto second = std::make_unique<Subscriber>(followed, SubscribeRequest());
  second->ReadTo(SubscribeResponse::kCaughtUp);
  const grpc::Status refused = Outcome(followed, {});
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(refused), "QUEUE_FULL");
  EXPECT_TRUE(DetailOf<google::rpc::RetryInfo>(refused).has_retry_delay());
  second.reset();
  while (followed.service().Stats().count > 1) {
  }
  Subscriber third(followed, {});
  EXPECT_TRUE(third.ReadTo(SubscribeResponse::kCaughtUp).has_caught_up());
}

// Passed over, it would be a gap.
TEST(SubscriptionOutcome, StopsLoudlyAtAKindThatItDoesNotKnow) {
  BusRegister followed;
  followed.Append({}, 3);
  // Field 999 of an event, and nothing in it.
  followed.Append(Foreign{"samverk.thing_of_tomorrow",
                          "p/thing/1",
                          {"process:p"},
                          std::string("\xba\x3e\0", 3)});
  followed.Append(Foreign());
  Subscriber subscriber(followed, {});
  SubscribeResponse message;
  while (subscriber.Read(message)) {
  }
  EXPECT_EQ(subscriber.positions(), (std::vector<uint64_t>{1, 2, 3}));
  EXPECT_EQ(subscriber.cursor(), 3u);
  const grpc::Status status = subscriber.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "UNKNOWN_EVENT");
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).metadata().at("position"),
            "4");
  // Who did not ask for it is not stopped.
  SubscribeRequest others;
  others.mutable_filter()->add_types("inventory.counted");
  Subscriber unhindered(followed, others);
  EXPECT_TRUE(unhindered.ReadTo(SubscribeResponse::kCaughtUp).has_caught_up());
  EXPECT_EQ(unhindered.positions(), (std::vector<uint64_t>{1, 2, 3, 5}));
}

}  // namespace
}  // namespace samverk

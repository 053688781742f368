// The service over gRPC: answers, refusals with their details, languages.
#include "services/recording/recording_service.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "tests/testing/events.h"

namespace samverk::recording {
namespace {

using event::v1::Event;
using ::testing::AllOf;
using testing::EventOf;
using ::testing::HasSubstr;
using testing::Uuid;

class RecordingServiceTest : public ::testing::Test {
 protected:
  RecordingServiceTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::RecordingService::NewStub(server_->InProcessChannel({}));
    v1::RecordRequest world;
    for (const Event& event : testing::World()) *world.add_events() = event;
    v1::RecordResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->Record(&context, world, &response).ok());
  }
  ~RecordingServiceTest() override { server_->Shutdown(); }

  grpc::Status Record(const v1::RecordRequest& request,
                      v1::RecordResponse& response,
                      const std::string& accept_language = "") {
    grpc::ClientContext context;
    if (!accept_language.empty()) {
      context.AddMetadata("accept-language", accept_language);
    }
    return stub_->Record(&context, request, &response);
  }

  FakeClock clock_{absl::FromUnixSeconds(1'769'947'200)};
  MemoryEventStore store_{clock_};
  std::unique_ptr<grpc::Service> service_ =
      MakeRecordingService(store_, clock_, access::OpenGate());
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::RecordingService::Stub> stub_;
};

v1::RecordRequest Request(std::initializer_list<const char*> texts,
                          const std::string& language = "") {
  v1::RecordRequest request;
  request.set_language(language);
  uint64_t n = 201;
  for (const char* text : texts) {
    *request.add_events() = EventOf(text);
    request.mutable_events()->rbegin()->set_id(Uuid(n++));
  }
  return request;
}

// The detail of this type; fails the test when there is none.
template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  Detail detail;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  ADD_FAILURE() << "no " << detail.GetTypeName();
  return detail;
}

TEST_F(RecordingServiceTest, Records) {
  const auto request =
      Request({"occurred { edtf: '2025-06-01' } mentioned_actors: 'Skolor' "
               "finding_assigned { finding: 'f-1' assignee: 'fgk' }"},
              "en");
  v1::RecordResponse response;
  const grpc::Status status = Record(request, response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.facts_size(), 1);
  EXPECT_EQ(response.facts(0).event_id(), Uuid(201));
  EXPECT_EQ(response.facts(0).stream(), "p/finding/f-1");
  EXPECT_EQ(response.facts(0).position(), store_.Head().value());
  EXPECT_EQ(response.facts(0).revision(), 2u);
  EXPECT_EQ(response.recorded_at().seconds(), 1'769'947'200);
  EXPECT_FALSE(response.replayed());
  ASSERT_EQ(response.notices_size(), 2);
  EXPECT_EQ(response.notices(0).kind(), v1::NOTICE_KIND_LATE);
  EXPECT_EQ(response.notices(1).kind(), v1::NOTICE_KIND_UNKNOWN_MENTION);
  EXPECT_THAT(response.notices(1).text(),
              HasSubstr("The text mentions \"Skolor\""));
  v1::RecordResponse again;
  ASSERT_TRUE(Record(request, again).ok());
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.facts(0).position(), response.facts(0).position());
}

TEST_F(RecordingServiceTest, RefusesWithEveryDetail) {
  const auto request =
      Request({"goal_set { goal: 'g-2' text: 't' }",
               "finding_assigned { finding: 'x' assignee: 'fgk' }"});
  v1::RecordResponse response;
  const grpc::Status status = Record(request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(),
            "1 av 2 händelser tas inte emot, och ingen är registrerad. Rätta "
            "dem och sänd om.");

  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "REFUSED");
  EXPECT_EQ(info.domain(), "samverk");
  EXPECT_EQ(info.metadata().at("refused"), "1");
  EXPECT_EQ(info.metadata().at("events"), "2");
  EXPECT_EQ(info.metadata().at("refused_events"), "1");

  const auto refusal = DetailOf<v1::Refusal>(status);
  ASSERT_EQ(refusal.violations_size(), 1);
  const v1::Violation& violation = refusal.violations(0);
  EXPECT_EQ(violation.event_index(), 1u);
  EXPECT_EQ(violation.event_id(), Uuid(202));
  EXPECT_EQ(violation.rule(), "FINDING_UNKNOWN");
  EXPECT_EQ(violation.field(), "finding_assigned.finding");
  EXPECT_EQ(violation.text(),
            "Iakttagelsen ”x” finns inte i processen. Kontrollera id:t, eller "
            "registrera den först (finding_logged).");
  EXPECT_EQ(violation.values().at("id"), "x");

  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(),
            "events[1].finding_assigned.finding");
  EXPECT_EQ(bad.field_violations(0).description(), violation.text());
}

TEST_F(RecordingServiceTest, SpeaksTheCallersLanguage) {
  const auto text = [&](const std::string& field, const std::string& header) {
    v1::RecordResponse response;
    const grpc::Status status = Record(
        Request({"finding_closed { finding: 'x' }"}, field), response, header);
    return DetailOf<v1::Refusal>(status).violations(0).text();
  };
  EXPECT_THAT(text("", ""), HasSubstr("Iakttagelsen"));
  EXPECT_THAT(text("en", ""), HasSubstr("The finding"));
  EXPECT_THAT(text("", "en-GB,sv;q=0.5"), HasSubstr("The finding"));
  EXPECT_THAT(text("sv", "en"), HasSubstr("Iakttagelsen"));
}

TEST_F(RecordingServiceTest, SaysTheStoresErrorsInTheCallersLanguage) {
  v1::RecordResponse response;
  ASSERT_TRUE(
      Record(Request({"goal_set { goal: 'g-2' text: 't' }"}), response).ok());
  const auto other = [](const std::string& language) {
    return Request({"goal_set { goal: 'g-2' text: 'annat' }"}, language);
  };
  const grpc::Status swedish = Record(other(""), response);
  EXPECT_EQ(swedish.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(swedish.error_message(),
              HasSubstr("med annat innehåll: händelse 1 (#"));
  EXPECT_THAT(swedish.error_message(), HasSubstr(Uuid(201)));
  EXPECT_THAT(swedish.error_message(), HasSubstr("event_corrected"));
  EXPECT_THAT(Record(other("en"), response).error_message(),
              HasSubstr("recorded already with other content"));
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(swedish).reason(), "ID_CONFLICT");
}

TEST_F(RecordingServiceTest, SaysWhichEventHasTheSource) {
  v1::RecordResponse response;
  v1::RecordRequest request = Request({"goal_set { goal: 'g-2' text: 't' }"});
  request.mutable_events(0)->mutable_source()->set_system("xlsx");
  request.mutable_events(0)->mutable_source()->set_ref("B2");
  ASSERT_TRUE(Record(request, response).ok());
  request.mutable_events(0)->set_id(Uuid(300));
  request.mutable_events(0)->mutable_goal_set()->set_goal("g-3");
  const grpc::Status status = Record(request, response);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(),
            "SOURCE_CONFLICT");
  EXPECT_THAT(status.error_message(),
              AllOf(HasSubstr("B2"), HasSubstr("xlsx"), HasSubstr(Uuid(201)),
                    HasSubstr("egen referens")));
}

TEST_F(RecordingServiceTest, RefusesAnEmptyBatch) {
  v1::RecordResponse response;
  const grpc::Status status = Record(v1::RecordRequest(), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "INVALID_FIELD");
}

// Trailers hold about 8 KiB with every implementation's defaults.
TEST_F(RecordingServiceTest, RefusesAThousandEventsThroughADefaultChannel) {
  auto stub = v1::RecordingService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials()));
  v1::RecordRequest request;
  for (uint64_t i = 0; i < 1000; ++i) {
    Event event = EventOf("finding_assigned { assignee: 'okänd' }");
    event.set_id(Uuid(1000 + i));
    event.mutable_finding_assigned()->set_finding(std::string(64, 'x'));
    if (i % 2 == 0) event.mutable_finding_assigned()->set_assignee("okand");
    *request.add_events() = event;
  }
  v1::RecordResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub->Record(&context, request, &response);
  ASSERT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
      << status.error_message();
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.metadata().at("refused_events"), "0-999");
  EXPECT_EQ(info.metadata().at("refused"), "1000");
  const auto refusal = DetailOf<v1::Refusal>(status);
  EXPECT_EQ(info.metadata().at("shown"),
            absl::StrCat(refusal.violations_size()));
  EXPECT_GE(refusal.violations_size(), 4);
  DetailOf<google::rpc::BadRequest>(status);

  v1::ValidateRequest validate;
  *validate.mutable_events() = request.events();
  v1::ValidateResponse all;
  grpc::ClientContext second;
  ASSERT_TRUE(stub->Validate(&second, validate, &all).ok());
  EXPECT_EQ(absl::StrCat(all.violations_size()),
            info.metadata().at("violations"));
}

TEST_F(RecordingServiceTest, NamesScatteredEventsWithinTheTrailers) {
  v1::RecordRequest request;
  for (uint64_t i = 0; i < 1000; ++i) {
    Event event = EventOf("goal_set { text: 't' }");
    event.set_id(Uuid(1000 + i));
    // One long value each, every other event.
    event.mutable_goal_set()->set_goal(
        i % 2 == 0 ? absl::StrCat("Å", std::string(200, 'x'))
                   : absl::StrCat("mal-", i));
    *request.add_events() = event;
  }
  v1::RecordResponse response;
  const grpc::Status status = Record(request, response);
  ASSERT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_LE(status.error_message().size() + status.error_details().size(),
            7'500u);
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.metadata().at("refused_events").substr(0, 8), "0,2,4,6,");
  EXPECT_EQ(info.metadata().at("refused"), "500");
}

TEST_F(RecordingServiceTest, ValidatesWithoutWriting) {
  v1::ValidateRequest request;
  *request.add_events() = EventOf(
      "id: '00000000-0000-4000-8000-000000000201' occurred { edtf: '2025' } "
      "goal_set { goal: 'g-2' text: 't' }");
  request.set_language("en");
  v1::ValidateResponse response;
  {
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->Validate(&context, request, &response).ok());
  }
  EXPECT_EQ(response.violations_size(), 0);
  ASSERT_EQ(response.notices_size(), 1);
  EXPECT_EQ(response.position(), store_.Head().value());
  EXPECT_EQ(store_.Head().value(), testing::World().size());

  request.mutable_events(0)->mutable_goal_set()->set_goal("g-1");
  v1::ValidateResponse refused;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->Validate(&context, request, &refused).ok());
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).rule(), "ID_TAKEN");
  EXPECT_EQ(refused.notices_size(), 0);
}

}  // namespace
}  // namespace samverk::recording

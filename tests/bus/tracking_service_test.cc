// Named positions over gRPC: pages, words, and batches that carry one.
#include "services/bus/tracking_service.h"

#include <grpcpp/client_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>
#include <string>

#include "eventstore/memory/memory_event_store.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace samverk {
namespace {

using ::testing::HasSubstr;
using Stub = bus::v1::TrackingService::Stub;

// The reason in a status of gRPC.
std::string ReasonIn(const grpc::Status& status) {
  google::rpc::Status all;
  all.ParseFromString(status.error_details());
  for (const auto& detail : all.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

class TrackingServiceTest : public ::testing::Test {
 protected:
  TrackingServiceTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = bus::v1::TrackingService::NewStub(
        server_->InProcessChannel(grpc::ChannelArguments()));
  }
  ~TrackingServiceTest() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
                    const Request& request, Response& response,
                    const char* language = "en") {
    grpc::ClientContext context;
    context.AddMetadata("accept-language", language);
    return (*stub_.*method)(&context, request, &response);
  }
  grpc::Status Track(const std::string& name, uint64_t position,
                     bool rewind = false, const char* language = "en") {
    bus::v1::TrackRequest request;
    request.set_name(name);
    request.set_position(position);
    request.set_rewind(rewind);
    response_.Clear();
    return Call(&Stub::Track, request, response_, language);
  }
  // "a=1 b=2 > b": the page and its token.
  std::string Page(uint32_t size, const std::string& token) {
    bus::v1::ListTracksRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    bus::v1::ListTracksResponse page;
    const grpc::Status status = Call(&Stub::ListTracks, request, page);
    if (!status.ok()) return ReasonIn(status);
    std::string text;
    for (const auto& track : page.tracks()) {
      text += track.name() + "=" + std::to_string(track.position()) + " ";
    }
    return text + "> " + page.next_page_token();
  }

  FakeClock clock_{absl::FromUnixSeconds(1'767'225'600)};
  MemoryEventStore store_{clock_};
  TrackingService service_{store_, store_, access::OpenGate()};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
  bus::v1::TrackResponse response_;
};

TEST_F(TrackingServiceTest, SetsAndTellsWithTheHead) {
  ASSERT_TRUE(Track("import", 7).ok());
  EXPECT_EQ(response_.track().name(), "import");
  EXPECT_EQ(response_.track().position(), 7u);
  NewEvent event;
  event.id.bytes[0] = 1;
  event.stream = "s";
  event.type = "t";
  AppendRequest append;
  append.events = {event};
  ASSERT_TRUE(AppendAndWait(store_, append).ok());
  bus::v1::GetTrackRequest request;
  request.set_name("import");
  bus::v1::GetTrackResponse got;
  ASSERT_TRUE(Call(&Stub::GetTrack, request, got).ok());
  EXPECT_EQ(got.track().position(), 7u);
  EXPECT_EQ(got.head(), 1u);
}

TEST_F(TrackingServiceTest, DoesNotGoBackwardsUnlessTold) {
  ASSERT_TRUE(Track("import", 7).ok());
  const grpc::Status refused = Track("import", 6);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ReasonIn(refused), "REVISION_CONFLICT");
  EXPECT_THAT(refused.error_message(), HasSubstr("go on after 7"));
  EXPECT_THAT(Track("import", 6, false, "sv").error_message(),
              HasSubstr("Gå vidare efter 7"));
  EXPECT_TRUE(Track("import", 6, true).ok());
  EXPECT_EQ(Page(0, ""), "import=6 > ");
}

TEST_F(TrackingServiceTest, TellsWhatIsNotThere) {
  bus::v1::GetTrackRequest request;
  request.set_name("nobody");
  bus::v1::GetTrackResponse got;
  const grpc::Status missing = Call(&Stub::GetTrack, request, got, "sv");
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(missing.error_message(), HasSubstr("”nobody”"));
  request.clear_name();
  EXPECT_EQ(ReasonIn(Call(&Stub::GetTrack, request, got)), "INVALID_FIELD");
}

TEST_F(TrackingServiceTest, Forgets) {
  ASSERT_TRUE(Track("import", 7).ok());
  bus::v1::DeleteTrackRequest request;
  request.set_name("import");
  bus::v1::DeleteTrackResponse deleted;
  EXPECT_TRUE(Call(&Stub::DeleteTrack, request, deleted).ok());
  EXPECT_EQ(ReasonIn(Call(&Stub::DeleteTrack, request, deleted)), "NOT_FOUND");
  EXPECT_EQ(Page(0, ""), "> ");
}

TEST_F(TrackingServiceTest, ListsInPages) {
  for (const char* name : {"c", "a", "b"}) ASSERT_TRUE(Track(name, 1).ok());
  EXPECT_EQ(Page(2, ""), "a=1 b=1 > b");
  EXPECT_EQ(Page(2, "b"), "c=1 > ");
  EXPECT_EQ(Page(3, ""), "a=1 b=1 c=1 > ");
  EXPECT_EQ(Page(1'001, ""), "INVALID_FIELD");
}

}  // namespace
}  // namespace samverk

// The library against services that fail in ways that real ones seldom do.
#include "clients/cpp/client.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/status.h"
#include "eventstore/base/error.h"
#include "google/rpc/error_details.pb.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "samverk/bus/v1/tracking.grpc.pb.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "samverk/report/v1/report.grpc.pb.h"
#include "samverk/view/v1/view_service.grpc.pb.h"
#include "services/common/grpc_status.h"

namespace samverk::client {
namespace {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;
using recording::v1::RecordRequest;
using recording::v1::RecordResponse;
using report::v1::GenerateReportRequest;
using report::v1::GenerateReportResponse;
using view::v1::ReadLogRequest;
using view::v1::ReadLogResponse;

grpc::Status Unavailable() {
  return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
}

// Services whose answers a test writes.
class FakeServices {
 public:
  struct Recording final : recording::v1::RecordingService::Service {
    grpc::Status Record(grpc::ServerContext* context, const RecordRequest* got,
                        RecordResponse* response) override {
      const auto& metadata = context->client_metadata();
      const auto it = metadata.find("accept-language");
      accept_language = it == metadata.end()
                            ? ""
                            : std::string(it->second.data(), it->second.size());
      requests.push_back(*got);
      return on_record(response);
    }
    std::function<grpc::Status(RecordResponse*)> on_record;
    std::vector<RecordRequest> requests;
    std::string accept_language;
  };
  struct Views final : view::v1::ViewService::Service {
    grpc::Status GetBudget(grpc::ServerContext*,
                           const view::v1::GetBudgetRequest* got,
                           view::v1::GetBudgetResponse*) override {
      budget_language = got->scope().language();
      ++budget_calls;
      return on_budget ? on_budget() : grpc::Status::OK;
    }
    grpc::Status ReadLog(grpc::ServerContext* context,
                         const ReadLogRequest* got,
                         grpc::ServerWriter<ReadLogResponse>* out) override {
      log_requests.push_back(*got);
      return on_read_log(*context, *got, *out);
    }
    std::string budget_language;
    int budget_calls = 0;
    std::function<grpc::Status()> on_budget;
    std::vector<ReadLogRequest> log_requests;
    std::function<grpc::Status(grpc::ServerContext&, const ReadLogRequest&,
                               grpc::ServerWriter<ReadLogResponse>&)>
        on_read_log;
  };
  struct Bus final : bus::v1::SubscriptionService::Service {
    grpc::Status Subscribe(
        grpc::ServerContext* context, const SubscribeRequest* got,
        grpc::ServerWriter<SubscribeResponse>* out) override {
      requests.push_back(*got);
      return on_subscribe(*context, *got, *out);
    }
    std::vector<SubscribeRequest> requests;
    std::function<grpc::Status(grpc::ServerContext&, const SubscribeRequest&,
                               grpc::ServerWriter<SubscribeResponse>&)>
        on_subscribe;
  };
  struct Tracking final : bus::v1::TrackingService::Service {
    grpc::Status Track(grpc::ServerContext*, const bus::v1::TrackRequest* got,
                       bus::v1::TrackResponse* response) override {
      response->mutable_track()->set_position(got->position());
      return ++calls < 3 ? Unavailable() : grpc::Status::OK;
    }
    grpc::Status ListTracks(grpc::ServerContext*,
                            const bus::v1::ListTracksRequest* got,
                            bus::v1::ListTracksResponse* response) override {
      const bool first = got->page_token().empty();
      response->add_tracks()->set_name(first ? "a" : "b");
      if (first) response->set_next_page_token("a");
      return grpc::Status::OK;
    }
    int calls = 0;
  };
  struct Reporting final : report::v1::ReportingService::Service {
    grpc::Status GenerateReport(
        grpc::ServerContext*, const GenerateReportRequest*,
        grpc::ServerWriter<GenerateReportResponse>* out) override {
      return on_report(*out);
    }
    std::function<grpc::Status(grpc::ServerWriter<GenerateReportResponse>&)>
        on_report;
  };

  Recording recording;
  Views views;
  Bus bus;
  Tracking tracking;
  Reporting reporting;
};

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&fakes_.recording);
    builder.RegisterService(&fakes_.views);
    builder.RegisterService(&fakes_.bus);
    builder.RegisterService(&fakes_.tracking);
    builder.RegisterService(&fakes_.reporting);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    options_.address = absl::StrCat("127.0.0.1:", port);
    options_.language = "en";
    Connect();
  }

  void TearDown() override {
    server_->Shutdown(std::chrono::system_clock::now());
  }

  void Connect() {
    auto client = Client::Connect(options_);
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  FakeServices fakes_;
  std::unique_ptr<grpc::Server> server_;
  Options options_;
  std::unique_ptr<Client> client_;
};

RecordRequest OneEvent() {
  RecordRequest request;
  request.add_events()->set_id("018bcfe5-6800-7000-8000-00000000002a");
  return request;
}

TEST_F(ClientTest, RecordsAgainWithTheSameIdsWhenTheOutcomeIsUnknown) {
  int calls = 0;
  fakes_.recording.on_record = [&](RecordResponse* response) {
    if (++calls < 3) {
      return ToGrpcStatus(MakeError(absl::StatusCode::kUnavailable,
                                    error::v1::REASON_OUTCOME_UNKNOWN,
                                    "cannot say"));
    }
    response->set_replayed(true);
    return grpc::Status::OK;
  };
  const auto recorded = client_->Record(OneEvent());
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_TRUE(recorded->replayed());
  ASSERT_EQ(fakes_.recording.requests.size(), 3u);
  for (const RecordRequest& request : fakes_.recording.requests) {
    EXPECT_EQ(request.events(0).id(), "018bcfe5-6800-7000-8000-00000000002a");
  }
}

TEST_F(ClientTest, SendsATrackAgainWithTheSameBatch) {
  int calls = 0;
  fakes_.recording.on_record = [&](RecordResponse*) {
    return ++calls < 2 ? Unavailable() : grpc::Status::OK;
  };
  RecordRequest request = OneEvent();
  request.mutable_track()->set_name("import");
  request.mutable_track()->set_position(7);
  ASSERT_TRUE(client_->Record(request).ok());
  ASSERT_EQ(fakes_.recording.requests.size(), 2u);
  for (const RecordRequest& sent : fakes_.recording.requests) {
    EXPECT_EQ(sent.track().name(), "import");
    EXPECT_EQ(sent.track().position(), 7u);
  }
}

TEST_F(ClientTest, SetsAPositionAgainButRewindsOnce) {
  bus::v1::TrackRequest request;
  request.set_name("import");
  request.set_position(7);
  EXPECT_TRUE(client_->Track(request).ok());
  EXPECT_EQ(fakes_.tracking.calls, 3);
  fakes_.tracking.calls = 0;
  request.set_rewind(true);
  EXPECT_EQ(client_->Track(request).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(fakes_.tracking.calls, 1);
}

TEST_F(ClientTest, ListsTracksToTheLastPage) {
  const auto all = client_->ListTracks();
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->tracks_size(), 2);
  EXPECT_EQ(all->tracks(1).name(), "b");
  EXPECT_EQ(all->next_page_token(), "");
}

TEST_F(ClientTest, WaitsAsLongAsAFullQueueAsksFor) {
  int calls = 0;
  fakes_.recording.on_record = [&](RecordResponse*) {
    if (++calls > 1) return grpc::Status::OK;
    absl::Status full = MakeError(absl::StatusCode::kResourceExhausted,
                                  error::v1::REASON_QUEUE_FULL, "full");
    google::rpc::RetryInfo info;
    info.mutable_retry_delay()->set_nanos(300'000'000);
    full.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                    absl::Cord(info.SerializeAsString()));
    return ToGrpcStatus(full);
  };
  const absl::Time before = absl::Now();
  EXPECT_TRUE(client_->Record(OneEvent()).ok());
  EXPECT_EQ(calls, 2);
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(300));
}

TEST_F(ClientTest, GivesUpWhenTheTimeIsOver) {
  options_.timeout = absl::Milliseconds(400);
  Connect();
  fakes_.recording.on_record = [](RecordResponse*) { return Unavailable(); };
  const absl::Time before = absl::Now();
  const auto recorded = client_->Record(OneEvent());
  // What the last attempt said, or that the time ended within one.
  EXPECT_TRUE(recorded.status().code() == absl::StatusCode::kUnavailable ||
              recorded.status().code() == absl::StatusCode::kDeadlineExceeded)
      << recorded.status();
  EXPECT_LE(absl::Now() - before, absl::Seconds(2));
  EXPECT_GE(fakes_.recording.requests.size(), 2u);
}

TEST_F(ClientTest, KeepsEveryViolationOfALargeRefusal) {
  // More than gRPC's usual 8 KiB of trailing metadata.
  constexpr int kViolations = 500;
  fakes_.recording.on_record = [](RecordResponse*) {
    absl::Status refused = MakeError(absl::StatusCode::kFailedPrecondition,
                                     error::v1::REASON_REFUSED, "refused");
    recording::v1::Refusal refusal;
    for (uint32_t i = 0; i < kViolations; ++i) {
      recording::v1::Violation& violation = *refusal.add_violations();
      violation.set_event_index(i);
      violation.set_rule("ACTOR_UNKNOWN");
      violation.set_text("the actor \"x\" is not in the register");
    }
    refused.SetPayload("type.googleapis.com/samverk.recording.v1.Refusal",
                       absl::Cord(refusal.SerializeAsString()));
    return ToGrpcStatus(refused);
  };
  const auto recorded = client_->Record(OneEvent());
  EXPECT_EQ(recorded.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(recorded.status()), error::v1::REASON_REFUSED);
  const auto refusal = RefusalOf(recorded.status());
  ASSERT_TRUE(refusal.has_value()) << recorded.status();
  EXPECT_EQ(refusal->violations_size(), kViolations);
  EXPECT_EQ(fakes_.recording.requests.size(), 1u);
}

TEST_F(ClientTest, SaysItsLanguageInTheRequestAndInTheMetadata) {
  fakes_.recording.on_record = [](RecordResponse*) { return grpc::Status::OK; };
  ASSERT_TRUE(client_->Record(OneEvent()).ok());
  EXPECT_EQ(fakes_.recording.requests[0].language(), "en");
  EXPECT_EQ(fakes_.recording.accept_language, "en");
  ASSERT_TRUE(client_->GetBudget({}).ok());
  EXPECT_EQ(fakes_.views.budget_language, "en");
  view::v1::GetBudgetRequest swedish;
  swedish.mutable_scope()->set_language("sv");
  ASSERT_TRUE(client_->GetBudget(swedish).ok());
  EXPECT_EQ(fakes_.views.budget_language, "sv");
}

TEST_F(ClientTest, DoesNotRepeatAQuestionToAStoppedProjection) {
  fakes_.views.on_budget = [] {
    return ToGrpcStatus(MakeError(absl::StatusCode::kUnavailable,
                                  error::v1::REASON_PROJECTION_STOPPED,
                                  "stopped at 7"));
  };
  const auto budget = client_->GetBudget({});
  EXPECT_EQ(ReasonOf(budget.status()), error::v1::REASON_PROJECTION_STOPPED);
  EXPECT_EQ(fakes_.views.budget_calls, 1);
}

// Serves a log of `head` events, two a page, and cuts the connection after
// every `pages_a_call` pages.
grpc::Status ServeLog(uint64_t head, int pages_a_call,
                      const ReadLogRequest& request,
                      grpc::ServerWriter<ReadLogResponse>& out) {
  uint64_t next = std::max<uint64_t>(request.from(), 1);
  const uint64_t last = request.to() == 0 ? head : request.to();
  for (int page = 0; next <= last; ++page) {
    if (page == pages_a_call) return Unavailable();
    ReadLogResponse response;
    for (int i = 0; i < 2 && next <= last; ++i) {
      response.add_events()->set_position(next++);
    }
    response.set_scanned_to(next - 1);
    response.set_head(head);
    out.Write(response);
  }
  return grpc::Status::OK;
}

TEST_F(ClientTest, ReadsTheLogWithoutGapOrRepetitionWhenTheConnectionBreaks) {
  uint64_t head = 9;
  fakes_.views.on_read_log = [&](grpc::ServerContext&,
                                 const ReadLogRequest& request,
                                 grpc::ServerWriter<ReadLogResponse>& out) {
    // The log grows meanwhile; the reading ends where it began to.
    return ServeLog(head++, 2, request, out);
  };
  std::vector<uint64_t> positions;
  int interruptions = 0;
  const absl::Status status = client_->ReadLog(
      {}, {.on_page =
               [&](const ReadLogResponse& page) {
                 for (const auto& event : page.events()) {
                   positions.push_back(event.position());
                 }
                 return true;
               },
           .on_interrupted = [&](const absl::Status&) { ++interruptions; }});
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(positions, (std::vector<uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(interruptions, 2);
}

TEST_F(ClientTest, EndsTheReadingWhenTheCallerHasEnough) {
  fakes_.views.on_read_log = [&](grpc::ServerContext&,
                                 const ReadLogRequest& request,
                                 grpc::ServerWriter<ReadLogResponse>& out) {
    return ServeLog(1000, 1000, request, out);
  };
  int pages = 0;
  const absl::Status status = client_->ReadLog(
      {}, {.on_page = [&](const ReadLogResponse&) { return ++pages < 3; }});
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(fakes_.views.log_requests.size(), 1u);
}

TEST_F(ClientTest, AsksForTheHeadWithOneEventAtMost) {
  fakes_.views.on_read_log = [&](grpc::ServerContext&, const ReadLogRequest&,
                                 grpc::ServerWriter<ReadLogResponse>& out) {
    ReadLogResponse response;
    response.set_head(94);
    out.Write(response);
    return grpc::Status::OK;
  };
  const auto head = client_->GetHead();
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(*head, 94u);
  ASSERT_EQ(fakes_.views.log_requests.size(), 1u);
  EXPECT_TRUE(fakes_.views.log_requests[0].reverse());
  EXPECT_EQ(fakes_.views.log_requests[0].limit(), 1u);
}

// Sends events `first` to `last`, one a message, and a message without any
// that is one further on.
void SendEvents(uint64_t first, uint64_t last,
                grpc::ServerWriter<SubscribeResponse>& out) {
  for (uint64_t position = first; position <= last; ++position) {
    SubscribeResponse message;
    message.mutable_events()->add_events()->set_position(position);
    message.set_cursor(position);
    out.Write(message);
  }
  SubscribeResponse progress;
  progress.mutable_progress();
  progress.set_cursor(last + 1);
  out.Write(progress);
}

TEST_F(ClientTest, SubscribesAgainAfterTheLastCursorUntilItIsCancelled) {
  fakes_.bus.on_subscribe = [&](grpc::ServerContext& context,
                                const SubscribeRequest& request,
                                grpc::ServerWriter<SubscribeResponse>& out) {
    // First it breaks, then the server closes, then it is full; then it is
    // silent, as a log that does not grow.
    const uint64_t next = request.start().after() + 1;
    switch (fakes_.bus.requests.size()) {
      case 1:
        SendEvents(1, 2, out);
        return Unavailable();
      case 2:
        SendEvents(next, next, out);
        return ToGrpcStatus(MakeError(absl::StatusCode::kUnavailable,
                                      error::v1::REASON_SHUTTING_DOWN,
                                      "closing"));
      case 3:
        return ToGrpcStatus(MakeError(absl::StatusCode::kResourceExhausted,
                                      error::v1::REASON_QUEUE_FULL, "full"));
      default:
        SendEvents(next, next, out);
        while (!context.IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
        return grpc::Status::CANCELLED;
    }
  };
  Cancellation cancellation;
  std::vector<uint64_t> positions;
  int interruptions = 0;
  std::thread canceller;
  SubscribeRequest request;
  request.mutable_filter()->set_process("p");
  const absl::Status status = client_->Subscribe(
      request, {.on_message =
                    [&](const SubscribeResponse& message) {
                      for (const auto& event : message.events().events()) {
                        positions.push_back(event.position());
                      }
                      if (message.cursor() == 7) {
                        canceller = std::thread([&] { cancellation.Cancel(); });
                      }
                      return true;
                    },
                .on_interrupted = [&](const absl::Status&) { ++interruptions; },
                .cancellation = &cancellation});
  canceller.join();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(positions, (std::vector<uint64_t>{1, 2, 4, 6}));
  EXPECT_EQ(interruptions, 3);
  ASSERT_EQ(fakes_.bus.requests.size(), 4u);
  EXPECT_EQ(fakes_.bus.requests[0].start().from_case(),
            bus::v1::Start::FROM_NOT_SET);
  const uint64_t after[] = {3, 5, 5};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fakes_.bus.requests[i + 1].start().after(), after[i]);
    EXPECT_EQ(fakes_.bus.requests[i + 1].filter().process(), "p");
  }
}

TEST_F(ClientTest, NowIsWhenTheSubscriptionWasAskedFor) {
  fakes_.views.on_read_log = [&](grpc::ServerContext&, const ReadLogRequest&,
                                 grpc::ServerWriter<ReadLogResponse>& out) {
    ReadLogResponse response;
    response.set_head(94);
    out.Write(response);
    return grpc::Status::OK;
  };
  fakes_.bus.on_subscribe = [&](grpc::ServerContext&,
                                const SubscribeRequest& request,
                                grpc::ServerWriter<SubscribeResponse>& out) {
    // Whatever is recorded until it succeeds is not missed.
    if (fakes_.bus.requests.size() == 1) return Unavailable();
    SendEvents(request.start().after() + 1, 95, out);
    return grpc::Status::OK;
  };
  SubscribeRequest request;
  request.mutable_start()->set_now(true);
  uint64_t first = 0;
  EXPECT_TRUE(
      client_
          ->Subscribe(request, {.on_message =
                                    [&](const SubscribeResponse& m) {
                                      first = m.events().events(0).position();
                                      return false;
                                    }})
          .ok());
  EXPECT_EQ(first, 95u);
}

TEST_F(ClientTest, DoesNotRepeatASubscriptionThatIsRefused) {
  fakes_.bus.on_subscribe = [](grpc::ServerContext&, const SubscribeRequest&,
                               grpc::ServerWriter<SubscribeResponse>&) {
    return ToGrpcStatus(MakeError(absl::StatusCode::kInvalidArgument,
                                  error::v1::REASON_INVALID_FIELD,
                                  "start.after: beyond the head"));
  };
  const absl::Status status = client_->Subscribe(
      {}, {.on_message = [](const SubscribeResponse&) { return true; }});
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_INVALID_FIELD);
  EXPECT_EQ(fakes_.bus.requests.size(), 1u);
}

TEST_F(ClientTest, PutsAReportTogetherFromTheBeginning) {
  int calls = 0;
  fakes_.reporting.on_report =
      [&](grpc::ServerWriter<GenerateReportResponse>& out) {
        GenerateReportResponse part;
        part.set_media_type("text/markdown");
        part.set_as_of_position(94);
        part.set_content("# Åter");
        out.Write(part);
        if (++calls == 1) return Unavailable();
        part.Clear();
        part.set_content("rapport");
        part.set_took_us(17);
        out.Write(part);
        return grpc::Status::OK;
      };
  const auto report = client_->GenerateReport({});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->content, "# Återrapport");
  EXPECT_EQ(report->about.media_type(), "text/markdown");
  EXPECT_EQ(report->about.as_of_position(), 94u);
  EXPECT_EQ(report->about.took_us(), 17u);
  EXPECT_TRUE(report->about.content().empty());
}

// A refusal may be chance: the server stands a moment later.
TEST_F(ClientTest, IsNotPutOffByOneRefusal) {
  const std::string address = options_.address;
  client_.reset();
  server_->Shutdown(std::chrono::system_clock::now());
  server_.reset();
  std::thread later([&] {
    absl::SleepFor(absl::Milliseconds(50));
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(&fakes_.views);
    server_ = builder.BuildAndStart();
  });
  const auto client = Client::Connect(options_);
  later.join();
  ASSERT_NE(server_, nullptr) << "the port was taken meanwhile";
  EXPECT_TRUE(client.ok()) << client.status();
}

TEST(ClientConnect, SaysAtOnceThatNobodyAnswers) {
  const absl::Time before = absl::Now();
  // A port that is reserved and that nobody listens on.
  const auto client = Client::Connect({.address = "127.0.0.1:1"});
  EXPECT_EQ(client.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(client.status().message()).find("127.0.0.1:1"),
            std::string::npos);
  EXPECT_LE(absl::Now() - before, absl::Seconds(3));
}

}  // namespace
}  // namespace samverk::client

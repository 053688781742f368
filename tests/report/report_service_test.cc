// The service over gRPC: chunks, their first and last message, errors.
#include "services/reporting/report_service.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/base/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/reporting/report_generator.h"
#include "tests/report/test_register.h"

namespace samverk {
namespace {

using report::v1::GenerateReportRequest;
using report::v1::GenerateReportResponse;
using report::v1::ReportingService;
using ::testing::HasSubstr;

struct Answer {
  grpc::Status status;
  std::vector<GenerateReportResponse> messages;
  std::string content;
};

class ReportServiceTest : public ::testing::Test {
 protected:
  ReportServiceTest() {
    testing::RecordDemo(register_);
    ReportService::Options options;
    options.register_name = "prov";
    options.at_least_wait_max = absl::Milliseconds(200);
    service_ = std::make_unique<ReportService>(register_.store(),
                                               access::OpenGate(), options);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = ReportingService::NewStub(
        server_->InProcessChannel(grpc::ChannelArguments()));
  }
  ~ReportServiceTest() override { server_->Shutdown(); }

  Answer Ask(const GenerateReportRequest& request,
             const std::string& accept_language = "") {
    grpc::ClientContext context;
    if (!accept_language.empty()) {
      context.AddMetadata("accept-language", accept_language);
    }
    const auto reader = stub_->GenerateReport(&context, request);
    Answer answer;
    GenerateReportResponse message;
    while (reader->Read(&message)) {
      answer.content += message.content();
      answer.messages.push_back(message);
    }
    answer.status = reader->Finish();
    return answer;
  }

  static GenerateReportRequest Asking() {
    GenerateReportRequest request;
    request.set_process("augustenborg");
    request.set_period("2025");
    return request;
  }

  testing::TestRegister register_;
  std::unique_ptr<ReportService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ReportingService::Stub> stub_;
};

TEST_F(ReportServiceTest, SaysWhatTheReportIsInTheFirstMessage) {
  GenerateReportRequest request = Asking();
  request.set_format(report::v1::REPORT_FORMAT_JSON);
  const Answer answer = Ask(request);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_FALSE(answer.messages.empty());
  const GenerateReportResponse& first = answer.messages.front();
  EXPECT_EQ(first.media_type(), "application/json");
  EXPECT_EQ(first.as_of_position(), 75u);
  EXPECT_EQ(first.as_of_recorded_at().seconds(), 1768467600 + 5 * 60);
  EXPECT_GT(first.open_checks(), 5u);
  EXPECT_GT(answer.messages.back().took_us(), 0u);
  // JSON is the canonical model itself, so its hash is the report's.
  EXPECT_EQ(first.model_sha256(), AsBytes(Sha256(answer.content)));
}

TEST_F(ReportServiceTest, SendsTheSameBytesInEveryFormatAndChunk) {
  for (const auto format :
       {report::v1::REPORT_FORMAT_UNSPECIFIED,
        report::v1::REPORT_FORMAT_MARKDOWN, report::v1::REPORT_FORMAT_HTML,
        report::v1::REPORT_FORMAT_JSON}) {
    GenerateReportRequest request = Asking();
    request.set_format(format);
    const Answer answer = Ask(request);
    ASSERT_TRUE(answer.status.ok());
    ReportQuestion question;
    question.process = "augustenborg";
    question.period = "2025";
    question.format = format;
    EXPECT_EQ(answer.content,
              GenerateReport(register_.store(), "prov", question)->content);
    for (const GenerateReportResponse& message : answer.messages) {
      EXPECT_LE(message.content().size(), kReportChunkBytes);
    }
  }
}

TEST_F(ReportServiceTest, CutsALargeReportIntoChunks) {
  // The demo's page is about as large as one chunk; a hundred contributions of
  // several kilobytes make it larger.
  std::vector<event::v1::Event> batch;
  for (int i = 0; i < 100; ++i) {
    event::v1::Event event;
    event.set_id("0199b000-0000-7000-8000-0000000" + std::to_string(10000 + i));
    event.set_process("augustenborg");
    event.mutable_recorded_by()->set_organisation("mkb");
    event.mutable_recorded_by()->set_role("projektledare");
    event.mutable_recorded_by()->set_subject("p-1");
    event.mutable_occurred()->set_edtf("2025");
    auto& said = *event.mutable_dialogue_contribution_recorded();
    said.set_contribution("d-" + std::to_string(i));
    said.set_activity("boendedialoger-2025");
    said.set_paraphrase(std::string(8000, 'x'));
    batch.push_back(event);
  }
  register_.Record(std::move(batch));
  GenerateReportRequest request = Asking();
  request.set_format(report::v1::REPORT_FORMAT_HTML);
  const Answer answer = Ask(request);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_GT(answer.messages.size(), 2u);
  for (size_t i = 0; i < answer.messages.size(); ++i) {
    const GenerateReportResponse& message = answer.messages[i];
    const bool last = i + 1 == answer.messages.size();
    EXPECT_EQ(message.model_sha256().empty(), i > 0);
    EXPECT_EQ(message.media_type().empty(), i > 0);
    EXPECT_EQ(message.took_us() == 0, !last);
    if (last) break;
    EXPECT_EQ(message.content().size(), kReportChunkBytes);
  }
  EXPECT_TRUE(answer.content.ends_with("</html>\n"));
}

TEST_F(ReportServiceTest, SpeaksTheLanguageAskedFor) {
  EXPECT_THAT(Ask(Asking()).content, HasSubstr("# Återrapport 2025"));
  EXPECT_THAT(Ask(Asking(), "en-GB,en;q=0.8").content,
              HasSubstr("# Grant report 2025"));
  GenerateReportRequest request = Asking();
  request.set_language("sv");
  EXPECT_THAT(Ask(request, "en").content, HasSubstr("# Återrapport 2025"));
}

TEST_F(ReportServiceTest, AnswersForAnEarlierState) {
  GenerateReportRequest request = Asking();
  request.mutable_as_of()->set_position(49);
  const Answer by_position = Ask(request);
  ASSERT_TRUE(by_position.status.ok());
  EXPECT_EQ(by_position.messages[0].as_of_position(), 49u);
  // The second batch was recorded at 09:02: 49 events by then.
  request.mutable_as_of()->mutable_recorded_at()->set_seconds(1768467600 + 150);
  const Answer by_time = Ask(request);
  ASSERT_TRUE(by_time.status.ok());
  EXPECT_EQ(by_time.content, by_position.content);
}

TEST_F(ReportServiceTest, RefusesAStateThatIsNotRecordedYet) {
  GenerateReportRequest request = Asking();
  request.mutable_as_of()->set_position(75);
  EXPECT_TRUE(Ask(request).status.ok());
  request.mutable_as_of()->set_position(76);
  const Answer answer = Ask(request);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(),
              HasSubstr("as_of.position: position 76 has not been recorded "
                        "yet, the last one is 75"));
  EXPECT_TRUE(answer.messages.empty());
}

TEST_F(ReportServiceTest, RefusesWhatItCannotAnswer) {
  GenerateReportRequest request = Asking();
  request.set_process("okänd");
  EXPECT_EQ(Ask(request).status.error_code(), grpc::StatusCode::NOT_FOUND);
  request = Asking();
  request.set_period("snart");
  const Answer answer = Ask(request);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("period"));
  EXPECT_FALSE(answer.status.error_details().empty());
  request = Asking();
  request.clear_process();
  EXPECT_EQ(Ask(request).status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request = Asking();
  request.set_format(static_cast<report::v1::ReportFormat>(99));
  EXPECT_EQ(Ask(request).status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReportServiceTest, WaitsForThePositionAskedFor) {
  GenerateReportRequest request = Asking();
  request.set_at_least(75);
  EXPECT_TRUE(Ask(request).status.ok());
  request.set_at_least(76);
  const Answer answer = Ask(request);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_THAT(answer.status.error_message(), HasSubstr("75 events"));
}

TEST_F(ReportServiceTest, ServesManyAtOnce) {
  const std::string expected = Ask(Asking()).content;
  std::vector<std::thread> callers;
  std::vector<std::string> contents(16);
  for (std::string& content : contents) {
    callers.emplace_back([&] { content = Ask(Asking()).content; });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::string& content : contents) EXPECT_EQ(content, expected);
}

TEST_F(ReportServiceTest, SurvivesACallerThatGoesAway) {
  for (int i = 0; i < 8; ++i) {
    grpc::ClientContext context;
    const auto reader = stub_->GenerateReport(&context, Asking());
    context.TryCancel();
    GenerateReportResponse message;
    while (reader->Read(&message)) {
    }
    EXPECT_FALSE(reader->Finish().ok());
  }
  EXPECT_TRUE(Ask(Asking()).status.ok());
}

}  // namespace
}  // namespace samverk

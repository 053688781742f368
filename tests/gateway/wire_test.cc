// Bodies: content types, envelopes, JSON.
#include "services/gateway/wire.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "samverk/admin/v1/admin_service.pb.h"
#include "samverk/bus/v1/consumer_group.pb.h"
#include "samverk/bus/v1/subscription.pb.h"
#include "samverk/recording/v1/recording_service.pb.h"
#include "samverk/report/v1/report.pb.h"
#include "samverk/store/v1/store_service.pb.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk {
namespace {

using bus::v1::SubscribeRequest;
using codec::Language;
using Framing = Wire::Framing;
using testing::HasSubstr;

TEST(WireOf, KnowsTheTypesOfConnectAndLines) {
  EXPECT_TRUE(WireOf("application/json")->json);
  EXPECT_TRUE(WireOf("Application/JSON; charset=UTF-8").has_value());
  EXPECT_FALSE(WireOf("application/proto")->json);
  EXPECT_EQ(WireOf("application/connect+json")->framing, Framing::kEnvelopes);
  EXPECT_FALSE(WireOf("application/connect+proto")->json);
  EXPECT_EQ(WireOf("application/x-ndjson")->framing, Framing::kLines);
  for (const char* other :
       {"", "text/plain", "application/json; charset=latin1",
        "application/jsonx", "application/grpc", "application/grpc-web+proto",
        "application/connect+xml", "application/proto; charset=utf-8",
        "application/json; charset=utf-8; charset=utf-8"}) {
    EXPECT_FALSE(WireOf(other).has_value()) << other;
  }
}

TEST(OnlyMessage, TakesOneEnvelope) {
  const std::string body("\0\0\0\0\2{}", 7);
  EXPECT_EQ(*OnlyMessage(Framing::kEnvelopes, body), "{}");
  EXPECT_EQ(*OnlyMessage(Framing::kNone, "{}"), "{}");
  EXPECT_EQ(*OnlyMessage(Framing::kLines, "{}\n"), "{}\n");
  const std::string large(70'000, 'x');
  EXPECT_EQ(*OnlyMessage(Framing::kEnvelopes,
                         FrameHead(Framing::kEnvelopes, large.size()) + large),
            large);
}

TEST(OnlyMessage, RefusesOtherEnvelopes) {
  const auto refused = [](const std::string& body) {
    return OnlyMessage(Framing::kEnvelopes, body).status();
  };
  using std::string_literals::operator""s;
  for (const std::string& wrong :
       {""s, "\0\0\0\0"s, "\0\0\0\0\3{}"s, "\0\0\0\0\1{}"s, "\2\0\0\0\2{}"s,
        "\0\0\0\0\2{}\0\0\0\0\2{}"s, "\0\xff\xff\xff\xff{}"s}) {
    EXPECT_EQ(refused(wrong).code(), absl::StatusCode::kInvalidArgument)
        << wrong.size() << " " << refused(wrong);
  }
  EXPECT_EQ(refused("\1\0\0\0\2{}"s).code(), absl::StatusCode::kUnimplemented);
}

TEST(Frames, AreThoseOfConnect) {
  using std::string_literals::operator""s;
  EXPECT_EQ(FrameHead(Framing::kEnvelopes, 0x1234), "\0\0\0\x12\x34"s);
  EXPECT_EQ(FrameTail(Framing::kEnvelopes), "");
  EXPECT_EQ(LastFrame(Framing::kEnvelopes, "", ""), "\2\0\0\0\2{}"s);
  EXPECT_EQ(
      LastFrame(Framing::kEnvelopes, R"({"code":"aborted"})", R"({"a":["b"]})")
          .substr(5),
      R"({"error":{"code":"aborted"},"metadata":{"a":["b"]}})");
  EXPECT_EQ(FrameHead(Framing::kLines, 2), "");
  EXPECT_EQ(FrameTail(Framing::kLines), "\n");
  EXPECT_EQ(LastFrame(Framing::kLines, "", R"({"a":["b"]})"), "");
  EXPECT_EQ(LastFrame(Framing::kLines, R"({"code":"aborted"})", ""),
            "{\"error\":{\"code\":\"aborted\"}}\n");
}

absl::StatusOr<std::string> Bytes(std::string_view json,
                                  Language language = Language::kEnglish) {
  return BytesOfJson(json, SubscribeRequest::default_instance(), language);
}

TEST(Json, IsReadUnderBothNames) {
  const auto bytes = Bytes(
      R"({"filter":{"process":"p"},"start":{"recordedFrom":"2025-10-14T16:30:00Z"},
          "batch_size":"7","heartbeat":"0.5s"})");
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  SubscribeRequest request;
  ASSERT_TRUE(request.ParseFromString(*bytes));
  EXPECT_EQ(request.filter().process(), "p");
  EXPECT_EQ(request.start().recorded_from().seconds(), 1760459400);
  EXPECT_EQ(request.batch_size(), 7u);
  EXPECT_EQ(request.heartbeat().nanos(), 500'000'000);
}

TEST(Json, IsRefusedWithThePlace) {
  const struct {
    const char* json;
    const char* said;
  } cases[] = {
      {"", "the text is empty"},
      {"[]", "an array stands where an object"},
      {"{'filter':{}}", "double quotes"},
      {R"({"filter":{},})", "a comma stands before"},
      {R"({"filter":{},"filter":{}})", "given twice"},
      {R"({"filter":{"proces":"p"}})",
       "line 1, column 12: filter.proces: Filter has no field \"proces\"; did "
       "you mean \"process\"?"},
      {"{\"filter\":\n{\"types\":[\"a\",7]}}",
       "line 2, column 15: "
       "filter.types[1]: 7 stands"},
      {R"({"batchSize":-1})", "batch_size: -1 lies outside 0 to 4294967295"},
      {R"({"batchSize":1.5})", "batch_size: 1.5 is not a whole number"},
      {R"({"start":{"after":1,"now":true}})", "only one from may be given"},
      {R"({"start":{"recordedFrom":"yesterday"}})",
       "start.recorded_from: \"yesterday\" is not an instant"},
      {R"({"heartbeat":10})", "heartbeat: 10 is not a duration"},
      {"{} {}", "the end of the text"},
  };
  for (const auto& c : cases) {
    const auto bytes = Bytes(c.json);
    EXPECT_EQ(bytes.status().code(), absl::StatusCode::kInvalidArgument)
        << c.json;
    EXPECT_THAT(std::string(bytes.status().message()), HasSubstr(c.said));
  }
}

TEST(Json, IsRefusedForProgramsTooAndInSwedish) {
  const absl::Status status =
      Bytes(R"({"filter":{"proces":"p"}})", Language::kSwedish).status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("rad 1, kolumn 12: filter.proces: Filter har inget "
                        "fält \"proces\"; menades ”process”?"));
  google::rpc::BadRequest bad;
  ASSERT_TRUE(bad.ParseFromString(std::string(
      *status.GetPayload("type.googleapis.com/google.rpc.BadRequest"))));
  EXPECT_EQ(bad.field_violations(0).field(), "filter.proces");
}

TEST(Json, IsWrittenWithTheContractsNames) {
  bus::v1::SubscribeResponse response;
  response.mutable_caught_up();
  response.set_cursor(7);
  EXPECT_EQ(*JsonOfBytes(response.SerializeAsString(), response),
            R"({"caught_up":{},"cursor":"7"})");
  EXPECT_EQ(JsonOfBytes("\xff", response).status().code(),
            absl::StatusCode::kInternal);
}

// A field that JSON cannot give, in a request or in what it holds.
std::string UnreadableIn(const google::protobuf::Descriptor* type,
                         std::set<const google::protobuf::Descriptor*>& seen) {
  using google::protobuf::FieldDescriptor;
  if (!seen.insert(type).second) return "";
  if (type->file()->package() == "google.protobuf") {
    const bool read = type->name() == "Timestamp" || type->name() == "Duration";
    return read ? "" : type->full_name();
  }
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_map() ||
        field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT ||
        field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      return field->full_name();
    }
    if (field->message_type() == nullptr) continue;
    const std::string within = UnreadableIn(field->message_type(), seen);
    if (!within.empty()) return within;
  }
  return "";
}

TEST(Json, CanSayEveryRequestOfEveryService) {
  const google::protobuf::FileDescriptor* const files[] = {
      admin::v1::GetStatusRequest::descriptor()->file(),
      bus::v1::GetGroupRequest::descriptor()->file(),
      bus::v1::SubscribeRequest::descriptor()->file(),
      recording::v1::RecordRequest::descriptor()->file(),
      report::v1::GenerateReportRequest::descriptor()->file(),
      store::v1::AppendRequest::descriptor()->file(),
      view::v1::GetBudgetRequest::descriptor()->file(),
  };
  std::set<const google::protobuf::Descriptor*> seen;
  for (const google::protobuf::FileDescriptor* file : files) {
    ASSERT_EQ(file->service_count(), 1) << file->name();
    const google::protobuf::ServiceDescriptor* service = file->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_EQ(UnreadableIn(service->method(i)->input_type(), seen), "")
          << service->method(i)->full_name();
    }
  }
  EXPECT_GT(seen.size(), 50u);
}

}  // namespace
}  // namespace samverk

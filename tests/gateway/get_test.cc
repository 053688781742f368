// Calls with GET, as raw as curl makes them.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/limits.h"
#include "samverk/admin/v1/admin_service.pb.h"
#include "samverk/bus/v1/connector.pb.h"
#include "samverk/bus/v1/consumer_group.pb.h"
#include "samverk/bus/v1/subscription.pb.h"
#include "samverk/recording/v1/recording_service.pb.h"
#include "samverk/report/v1/report.pb.h"
#include "samverk/store/v1/store_service.pb.h"
#include "samverk/view/v1/view_service.pb.h"
#include "tests/gateway/connection.h"
#include "tests/gateway/served_bus.h"

namespace samverk {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kGetGroup[] = "/samverk.bus.v1.ConsumerGroupService/GetGroup";
constexpr char kDeleteGroup[] =
    "/samverk.bus.v1.ConsumerGroupService/DeleteGroup";
constexpr char kSubscribe[] = "/samverk.bus.v1.SubscriptionService/Subscribe";
// {"name":"archive"} in JSON.
constexpr char kArchive[] = "message=%7B%22name%22%3A%22archive%22%7D";
constexpr char kAnswer[] =
    R"({"group":{"name":"archive","cursor":"9007199254740993"}})";

// In the form for addresses, with or without what fills it up.
std::string Base64(const std::string& bytes, bool filled = false) {
  std::string text = absl::WebSafeBase64Escape(bytes);
  if (filled && text.size() % 4 != 0) {
    for (size_t i = text.size() % 4; i < 4; ++i) text += "%3D";
  }
  return text;
}

std::string Packed(const std::string& bytes, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits,
                         8, Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string from = bytes;
  std::string packed(bytes.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(from.data());
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}
std::string Gzipped(const std::string& bytes) { return Packed(bytes, 15 + 16); }
std::string Deflated(const std::string& bytes) { return Packed(bytes, 15); }

class GetTest : public testing::Test {
 protected:
  httplib::Result Get(const std::string& query,
                      const httplib::Headers& headers = {},
                      const char* path = kGetGroup) {
    return client_.Get(absl::StrCat(path, "?", query), headers);
  }
  int StatusOf(const std::string& query) {
    const auto answer = Get(query);
    return answer ? answer->status : 0;
  }

  ServedBus bus_;
  httplib::Client client_{"127.0.0.1", bus_.port()};
};

TEST_F(GetTest, AnswersWhatHttpClientAnswers) {
  const auto answer = Get(absl::StrCat("connect=v1&encoding=json&", kArchive),
                          {{"Authorization", "Bearer x"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, kAnswer);
  EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(answer->get_header_value("x-lead"), "l");
  EXPECT_EQ(answer->get_header_value("trailer-x-trail"), "t");
  EXPECT_THAT(bus_.groups().Metadata(),
              testing::Contains(testing::Pair("authorization", "Bearer x")));
}

TEST_F(GetTest, TakesItsParametersInAnyOrderAmongOthers) {
  for (const char* query :
       {"%s&encoding=json", "encoding=json&utm=1&%s&connect=v1",
        "base64=0&%s&encoding=json", "compression=identity&encoding=json&%s"}) {
    std::string made = query;
    made.replace(made.find("%s"), 2, kArchive);
    const auto answer = Get(made);
    ASSERT_TRUE(answer) << made;
    EXPECT_EQ(answer->body, kAnswer) << made;
  }
}

TEST_F(GetTest, TakesBase64AndCompression) {
  bus::v1::GetGroupRequest request;
  // Bytes for which both forms of base64 differ.
  request.set_name("archive");
  const std::string bytes = request.SerializeAsString();
  const std::string json = R"({"name":"archive"})";
  for (const bool filled : {false, true}) {
    const auto answer = Get(absl::StrCat("encoding=proto&base64=1&message=",
                                         Base64(bytes, filled)));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->get_header_value("Content-Type"), "application/proto");
    bus::v1::GetGroupResponse response;
    ASSERT_TRUE(response.ParseFromString(answer->body));
    EXPECT_EQ(response.group().name(), "archive");
  }
  EXPECT_EQ(Get(absl::StrCat("encoding=json&base64=1&compression=gzip&message=",
                             Base64(Gzipped(json))))
                ->body,
            kAnswer);
  EXPECT_EQ(
      Get(absl::StrCat("encoding=json&base64=1&compression=deflate&message=",
                       Base64(Deflated(json))))
          ->body,
      kAnswer);
  // A message of no bytes is not unpacked.
  EXPECT_EQ(StatusOf("encoding=proto&base64=1&compression=gzip&message="), 200);
}

TEST_F(GetTest, NamesWhatIsWrongWithItsQuery) {
  const struct {
    std::string query;
    int status;
    const char* says;
  } wrong[] = {
      {"encoding=json", 400, "message: "},
      {absl::StrCat("encoding=json&connect=v2&", kArchive), 400, "connect: "},
      {"encoding=json&base64=1&message=%21%21", 400, "base64"},
      {"encoding=json&base64=1&compression=gzip&message=AQID", 400, "unpacked"},
      {"encoding=json&message=%7B", 400, "line 1"},
      {"encoding=json&compression=br&message=AQID", 501,
       "identity, gzip or deflate"},
      {kArchive, 415, "json or proto"},
      {absl::StrCat("encoding=xml&", kArchive), 415, "json or proto"},
  };
  for (const auto& [query, status, says] : wrong) {
    const auto answer = Get(query, {{"Accept-Language", "en"}});
    ASSERT_TRUE(answer) << query;
    EXPECT_EQ(answer->status, status) << query;
    EXPECT_THAT(answer->body, HasSubstr(says)) << query;
    EXPECT_EQ(answer->get_header_value("Cache-Control"), "no-store");
  }
}

TEST_F(GetTest, GivesErrorsOfServicesThatNobodyKeeps) {
  const auto answer =
      Get("encoding=json&message=%7B%22name%22%3A%22refused%22%7D");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_THAT(answer->body, StartsWith(R"({"code":"not_found")"));
  EXPECT_EQ(answer->get_header_value("Cache-Control"), "no-store");
  EXPECT_FALSE(answer->has_header("ETag"));
}

TEST_F(GetTest, SaysWhetherACopyIsStillTheAnswer) {
  const std::string query = absl::StrCat("encoding=json&", kArchive);
  const auto first = Get(query);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->get_header_value("Cache-Control"), "private, no-cache");
  EXPECT_EQ(first->get_header_value("Vary"), "Accept-Language, Authorization");
  const std::string tag = first->get_header_value("ETag");
  ASSERT_GT(tag.size(), 10u);

  const auto again = Get(query, {{"If-None-Match", tag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->body, "");
  EXPECT_EQ(again->get_header_value("ETag"), tag);
  EXPECT_EQ(Get(query, {{"If-None-Match", "\"other\""}})->status, 200);
  const auto other = Get("encoding=json&message=%7B%22name%22%3A%22b%22%7D",
                         {{"If-None-Match", tag}});
  EXPECT_EQ(other->status, 200);
  EXPECT_NE(other->get_header_value("ETag"), tag);
}

TEST_F(GetTest, HeadIsAGetWithoutItsBody) {
  Connection connection(bus_.port());
  connection.Send(absl::StrCat("HEAD ", kGetGroup, "?encoding=json&", kArchive,
                               " HTTP/1.1\r\nHost: localhost:7480\r\n"
                               "Connection: close\r\n\r\n"));
  const std::string answer = connection.ReadAll();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, AllOf(HasSubstr("ETag: \""), Not(HasSubstr("archive"))));
}

TEST_F(GetTest, WhatWritesOrStreamsIsNotCalledWithGet) {
  const std::string query = absl::StrCat("encoding=json&", kArchive);
  for (const char* path : {kDeleteGroup, kSubscribe}) {
    const auto answer = Get(query, {}, path);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 405) << path;
    EXPECT_EQ(answer->get_header_value("Allow"), "POST") << path;
  }
  const auto put = client_.Put(kGetGroup, "{}", "application/json");
  EXPECT_EQ(put->status, 405);
  EXPECT_EQ(put->get_header_value("Allow"), "GET, HEAD, POST");
}

TEST_F(GetTest, LongQueriesAreRefused) {
  const std::string name(9'000, 'a');
  const auto answer = Get(absl::StrCat(
      "encoding=json&message=%7B%22name%22%3A%22", name, "%22%7D"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 414);
  // Nor may it grow when it is unpacked.
  std::string large = R"({"name":")";
  large.append(limits::kMessageBytes, 'a');
  large += "\"}";
  const auto bomb =
      Get(absl::StrCat("encoding=json&base64=1&compression=gzip&message=",
                       Base64(Gzipped(large))));
  ASSERT_TRUE(bomb);
  EXPECT_EQ(bomb->status, 429);
  EXPECT_THAT(bomb->body, HasSubstr("LIMIT_EXCEEDED"));
}

// A page of evil.example whose name has been made to lead to this machine is
// the server's own page for the browser, and no Origin comes with its GETs.
TEST_F(GetTest, IsAnsweredUnderThisMachinesNameOnly) {
  const std::string query = absl::StrCat("encoding=json&", kArchive);
  const auto from = [&](const std::string& host) {
    Connection connection(bus_.port());
    connection.Send(absl::StrCat("GET ", kGetGroup, "?", query,
                                 " HTTP/1.1\r\nHost: ", host,
                                 "\r\nConnection: close\r\n\r\n"));
    return connection.ReadAll();
  };
  EXPECT_THAT(from("localhost:7480"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(from("evil.example:7480"),
              AllOf(StartsWith("HTTP/1.1 403"), Not(HasSubstr("archive"))));
  EXPECT_EQ(Get(query, {{"Origin", "https://evil.example"}})->status, 403);

  ServedBus listed({"https://register.example"});
  httplib::Client client("127.0.0.1", listed.port());
  const std::string path = absl::StrCat(kGetGroup, "?", query);
  EXPECT_EQ(client.Get(path, {{"Host", "register.example"}})->status, 200);
  EXPECT_EQ(client.Get(path, {{"Host", "evil.example"}})->status, 403);
}

// By their names, so that a method that is added says what it is.
TEST(Contracts, MethodsThatReadSayThatTheyHaveNoSideEffects) {
  using google::protobuf::MethodOptions;
  int reads = 0;
  for (const auto* message : {
           admin::v1::GetStatusRequest::descriptor(),
           bus::v1::CreateConnectorRequest::descriptor(),
           bus::v1::CreateGroupRequest::descriptor(),
           bus::v1::SubscribeRequest::descriptor(),
           recording::v1::RecordRequest::descriptor(),
           report::v1::GenerateReportRequest::descriptor(),
           store::v1::GetHeadRequest::descriptor(),
           view::v1::GetBudgetRequest::descriptor(),
       }) {
    ASSERT_EQ(message->file()->service_count(), 1) << message->full_name();
    const auto* service = message->file()->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const bool reads_by_name = absl::StartsWith(method.name(), "Get") ||
                                 absl::StartsWith(method.name(), "List") ||
                                 method.name() == "AwaitBeyond" ||
                                 method.name() == "Locate";
      reads += reads_by_name;
      EXPECT_EQ(method.options().idempotency_level() ==
                    MethodOptions::NO_SIDE_EFFECTS,
                reads_by_name)
          << method.full_name();
    }
  }
  EXPECT_GE(reads, 20);
}

}  // namespace
}  // namespace samverk

// Calls over HTTP to a gRPC server that does as it is told.
#include "services/gateway/gateway.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <prometheus/text_serializer.h>
#include <zlib.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/limits.h"
#include "tests/gateway/connection.h"
#include "tests/gateway/served_bus.h"

namespace samverk {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr char kGetGroup[] = "/samverk.bus.v1.ConsumerGroupService/GetGroup";
constexpr char kSubscribe[] = "/samverk.bus.v1.SubscriptionService/Subscribe";
constexpr char kJson[] = "application/json";
constexpr char kLines[] = "application/x-ndjson";
constexpr char kEnvelopes[] = "application/connect+json";

std::string Envelope(const std::string& json) {
  return std::string("\0\0\0\0", 4) + static_cast<char>(json.size()) + json;
}

class GatewayTest : public testing::Test {
 protected:
  httplib::Result Post(const std::string& path, const std::string& body,
                       const char* type = kJson,
                       const httplib::Headers& headers = {}) {
    return client_.Post(path, headers, body, type);
  }
  std::string Metrics() {
    return prometheus::TextSerializer().Serialize(bus_.registry().Collect());
  }
  // A stream of this kind that has begun.
  std::unique_ptr<Connection> Follow(const std::string& process) {
    auto connection = std::make_unique<Connection>(bus_.port());
    connection->Post(
        kSubscribe, kLines,
        absl::StrCat("{\"filter\":{\"process\":\"", process, "\"}}"));
    EXPECT_THAT(connection->ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
    return connection;
  }

  ServedBus bus_;
  httplib::Client client_{"127.0.0.1", bus_.port()};
};

TEST_F(GatewayTest, AnswersInJson) {
  const auto answer = Post(kGetGroup, R"({"name":"archive"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->get_header_value("Content-Type"), kJson);
  EXPECT_EQ(answer->get_header_value("Content-Length"), "56");
  EXPECT_EQ(answer->body,
            R"({"group":{"name":"archive","cursor":"9007199254740993"}})");
  EXPECT_EQ(answer->get_header_value("x-lead"), "l");
  EXPECT_EQ(answer->get_header_value("trailer-x-trail"), "t");
}

TEST_F(GatewayTest, AnswersInBinary) {
  bus::v1::GetGroupRequest request;
  request.set_name("archive");
  const auto answer =
      Post(kGetGroup, request.SerializeAsString(), "application/proto");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->get_header_value("Content-Type"), "application/proto");
  bus::v1::GetGroupResponse response;
  ASSERT_TRUE(response.ParseFromString(answer->body));
  EXPECT_EQ(response.group().name(), "archive");
}

TEST_F(GatewayTest, GivesErrorsWithTheirDetails) {
  for (const char* type : {kJson, "application/proto"}) {
    bus::v1::GetGroupRequest request;
    request.set_name("refused");
    const auto answer = Post(
        kGetGroup,
        type == kJson ? R"({"name":"refused"})" : request.SerializeAsString(),
        type);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->get_header_value("Content-Type"), kJson);
    EXPECT_THAT(answer->body,
                StartsWith(R"({"code":"not_found","message":"there is no such )"
                           R"(group","details":[{"type":"google.rpc.Error)"));
    EXPECT_EQ(answer->get_header_value("trailer-x-trail"), "t");
  }
}

TEST_F(GatewayTest, NamesThePlaceOfMalformedJson) {
  const auto answer = Post(kGetGroup, "{\n\"nam\":\"archive\"}", kJson,
                           {{"Accept-Language", "en"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  EXPECT_THAT(
      answer->body,
      HasSubstr(R"(line 2, column 1: nam: GetGroupRequest has no field )"
                R"(\"nam\"; did you mean \"name\"?)"));
  EXPECT_THAT(Post(kGetGroup, "{\"nam\":1}")->body,
              HasSubstr("har inget fält"));
}

TEST_F(GatewayTest, RefusesWhatIsNoCall) {
  EXPECT_EQ(Post("/samverk.bus.v1.ConsumerGroupService/Nothing", "{}")->status,
            404);
  EXPECT_THAT(Post("/nothing.v1.Service/Get", "{}")->body,
              HasSubstr(R"("code":"unimplemented")"));
  EXPECT_EQ(Post("/", "{}")->status, 404);
  for (const char* type :
       {"text/plain", kEnvelopes, kLines, "multipart/form-data"}) {
    const auto answer = Post(kGetGroup, "{}", type);
    ASSERT_TRUE(answer) << type;
    EXPECT_EQ(answer->status, 415) << type;
    EXPECT_EQ(answer->get_header_value("Accept-Post"),
              "application/json, application/proto");
  }
  EXPECT_EQ(Post(kSubscribe, "{}")->status, 415);
  // A service whose contract is known here, and which is not served.
  const auto other =
      Post("/samverk.bus.v1.ConsumerGroupService/ListGroups", "{}");
  EXPECT_EQ(other->status, 501);
}

TEST_F(GatewayTest, PassesOnWhatServicesRead) {
  Post(kGetGroup, "{}", kJson,
       {{"Accept-Language", "en"},
        {"Authorization", "Bearer x"},
        {"X-Data-Bin", "AQI"},
        {"Samverk-Gateway-Peer", "somebody"}});
  const auto metadata = bus_.groups().Metadata();
  EXPECT_THAT(metadata,
              AllOf(Contains(Pair("accept-language", "en")),
                    Contains(Pair("authorization", "Bearer x")),
                    Contains(Pair("x-data-bin", "\1\2")),
                    Not(Contains(Pair("samverk-gateway-peer", "somebody")))));
  EXPECT_TRUE(bus_.groups().HasDeadline());
}

TEST_F(GatewayTest, TellsItsClientsApart) {
  client_.set_keep_alive(true);
  Post(kGetGroup, "{}");
  const uint64_t first = bus_.groups().Caller();
  Post(kGetGroup, "{}");
  EXPECT_EQ(bus_.groups().Caller(), first);
  httplib::Client("127.0.0.1", bus_.port()).Post(kGetGroup, "{}", kJson);
  EXPECT_NE(bus_.groups().Caller(), first);
}

TEST_F(GatewayTest, IsNotImitatedByClientsOfGrpc) {
  const auto stub = bus::v1::ConsumerGroupService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", bus_.grpc_port()),
                          grpc::InsecureChannelCredentials()));
  std::vector<uint64_t> callers;
  for (const char* pretended : {"one", "two"}) {
    grpc::ClientContext context;
    context.AddMetadata("samverk-gateway-peer", pretended);
    bus::v1::GetGroupResponse response;
    ASSERT_TRUE(stub->GetGroup(&context, {}, &response).ok());
    callers.push_back(bus_.groups().Caller());
  }
  EXPECT_EQ(callers[0], callers[1]);
}

TEST_F(GatewayTest, EndsACallWhenItsTimeIsUp) {
  const absl::Time start = absl::Now();
  const auto answer = Post(kGetGroup, R"({"name":"never"})", kJson,
                           {{"Connect-Timeout-Ms", "200"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 504);
  EXPECT_THAT(answer->body, HasSubstr(R"("code":"deadline_exceeded")"));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(200));
  EXPECT_TRUE(Eventually([this] { return bus_.groups().cancelled() == 1; }));

  EXPECT_EQ(
      Post(kGetGroup, "{}", kJson, {{"Connect-Timeout-Ms", "soon"}})->status,
      400);
  EXPECT_EQ(
      Post(kGetGroup, "{}", kJson, {{"Connect-Protocol-Version", "2"}})->status,
      400);
  const auto stream = Post(kSubscribe, R"({"filter":{"process":"silent"}})",
                           kLines, {{"Connect-Timeout-Ms", "200"}});
  EXPECT_THAT(stream->body,
              StartsWith(R"({"error":{"code":"deadline_exceeded")"));
}

TEST_F(GatewayTest, StreamsInEnvelopes) {
  const auto answer = Post(
      kSubscribe, Envelope(R"({"filter":{"process":"three"}})"), kEnvelopes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->get_header_value("Content-Type"), kEnvelopes);
  std::string_view left = answer->body;
  std::vector<std::pair<int, std::string>> frames;
  while (left.size() >= 5) {
    size_t size = 0;
    for (int i = 1; i < 5; ++i)
      size = size << 8 | static_cast<uint8_t>(left[i]);
    frames.emplace_back(left[0], left.substr(5, size));
    left.remove_prefix(std::min(left.size(), size + 5));
  }
  ASSERT_EQ(frames.size(), 4u);
  EXPECT_THAT(frames[2].second, HasSubstr(R"("cursor":"3")"));
  EXPECT_EQ(frames[3],
            std::pair(2, std::string(R"({"metadata":{"x-trail":["t"]}})")));
}

TEST_F(GatewayTest, StreamsInBinary) {
  bus::v1::SubscribeRequest request;
  request.mutable_filter()->set_process("three");
  const auto answer = Post(kSubscribe, Envelope(request.SerializeAsString()),
                           "application/connect+proto");
  ASSERT_TRUE(answer);
  bus::v1::SubscribeResponse first;
  size_t size = 0;
  for (int i = 1; i < 5; ++i) {
    size = size << 8 | static_cast<uint8_t>(answer->body[i]);
  }
  ASSERT_TRUE(first.ParseFromString(answer->body.substr(5, size)));
  EXPECT_EQ(first.cursor(), 1u);
  EXPECT_EQ(first.events().events(0).stream().size(), FakeLog::kMessageBytes);
}

TEST_F(GatewayTest, StreamsInLinesAndSaysHowItEnded) {
  const auto three =
      Post(kSubscribe, R"({"filter":{"process":"three"}})", kLines);
  EXPECT_EQ(std::count(three->body.begin(), three->body.end(), '\n'), 3);
  const auto broken =
      Post(kSubscribe, R"({"filter":{"process":"broken"}})", kLines);
  const size_t last = broken->body.find('\n') + 1;
  EXPECT_THAT(broken->body.substr(last),
              StartsWith(R"({"error":{"code":"data_loss","message":"it is )"
                         R"(damaged","details":[{)"));
  const auto refused = Post(kSubscribe, "{\"filter\":7}", kLines);
  EXPECT_EQ(refused->status, 200);
  EXPECT_THAT(refused->body,
              StartsWith(R"({"error":{"code":"invalid_argument")"));
}

TEST_F(GatewayTest, HasNoMoreStreamsThanItMayAndGoesOnAnswering) {
  auto first = Follow("silent");
  const auto second = Follow("silent");
  ASSERT_TRUE(Eventually([this] { return bus_.log().open() == 2; }));
  EXPECT_THAT(Metrics(), HasSubstr("samverk_gateway_streams 2"));
  const auto third =
      Post(kSubscribe, R"({"filter":{"process":"silent"}})", kLines);
  EXPECT_THAT(third->body, AllOf(HasSubstr(R"("code":"resource_exhausted")"),
                                 HasSubstr("QUEUE_FULL"),
                                 HasSubstr("google.rpc.RetryInfo")));
  EXPECT_EQ(client_.Get("/livez")->status, 200);
  EXPECT_EQ(Post(kGetGroup, "{}")->status, 200);
  // One of them hangs up.
  first.reset();
  EXPECT_TRUE(Eventually([this] { return bus_.log().open() == 1; }));
  const auto answer =
      Post(kSubscribe, R"({"filter":{"process":"three"}})", kLines);
  EXPECT_THAT(answer->body, HasSubstr(R"("cursor":"3")"));
}

TEST_F(GatewayTest, HasNoMoreCallsThanItMayAndGoesOnAnswering) {
  std::vector<std::unique_ptr<Connection>> waiting;
  for (size_t i = 0; i < Gateway::kCalls; ++i) {
    waiting.push_back(std::make_unique<Connection>(bus_.port()));
    waiting.back()->Post(kGetGroup, kJson, R"({"name":"never"})");
  }
  ASSERT_TRUE(Eventually([this] {
    return bus_.groups().waiting() == static_cast<int>(Gateway::kCalls);
  }));
  const auto more = Post(kGetGroup, "{}");
  EXPECT_EQ(more->status, 429);
  EXPECT_EQ(more->get_header_value("Retry-After"), "1");
  EXPECT_THAT(more->body, HasSubstr(R"("code":"resource_exhausted")"));
  EXPECT_EQ(client_.Get("/livez")->status, 200);
}

TEST_F(GatewayTest, CancelsTheCallOfAReaderWhoIsGone) {
  auto silent = Follow("silent");
  auto endless = Follow("endless");
  ASSERT_TRUE(Eventually([this] { return bus_.log().open() == 2; }));
  silent.reset();
  endless.reset();
  EXPECT_TRUE(Eventually([this] { return bus_.log().open() == 0; }));
  EXPECT_TRUE(Eventually([this] {
    return Metrics().find("samverk_gateway_streams 0") != std::string::npos;
  }));
  EXPECT_THAT(Metrics(), HasSubstr(R"({code="canceled",kind="stream"} 2)"));
}

TEST_F(GatewayTest, WaitsForASlowReaderAndKeepsLittle) {
  auto slow = Follow("endless");
  ASSERT_TRUE(Eventually([this] { return bus_.log().written() > 0; }));
  // Until nothing more is taken for half a second.
  int before = -1;
  ASSERT_TRUE(Eventually([this, &before] {
    absl::SleepFor(absl::Milliseconds(500));
    return before == std::exchange(before, bus_.log().written());
  }));
  // What is on its way lies in the kernel's buffers: some megabytes.
  EXPECT_LT(before * FakeLog::kMessageBytes, size_t{16} << 20);
  EXPECT_EQ(bus_.log().open(), 1);
  // It reads on, and nothing is missing.
  int64_t next = 1;
  while (next < before + 20) {
    const std::string cursor = absl::StrCat("\"cursor\":\"", next, "\"");
    ASSERT_THAT(slow->ReadUntil(cursor), HasSubstr(cursor));
    next += 10;
  }
  EXPECT_GT(bus_.log().written(), before);
}

TEST_F(GatewayTest, TakesNoBodyThatIsTooLarge) {
  client_.set_keep_alive(true);
  const std::string large(limits::kMessageBytes + 1, ' ');
  const auto answer = Post(kGetGroup, large);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429);
  EXPECT_THAT(answer->body, AllOf(HasSubstr(R"("code":"resource_exhausted")"),
                                  HasSubstr("LIMIT_EXCEEDED")));
  // The connection goes on after it.
  EXPECT_EQ(Post(kGetGroup, "{}")->status, 200);
  // As large as may be.
  const std::string most(limits::kMessageBytes - 2, ' ');
  EXPECT_EQ(Post(kGetGroup, "{" + most + "}")->status, 200);
  // Much more is not read to its end.
  Post(kGetGroup, std::string(48 << 20, ' '));
  EXPECT_EQ(Post(kGetGroup, "{}")->status, 200);
}

std::string Gzip(const std::string& text) {
  std::string packed(compressBound(text.size()) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST_F(GatewayTest, UnpacksBodiesWithinTheSameLimit) {
  const httplib::Headers packed = {{"Content-Encoding", "gzip"}};
  const auto answer =
      Post(kGetGroup, Gzip(R"({"name":"archive"})"), kJson, packed);
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, HasSubstr("archive"));
  const auto bomb =
      Post(kGetGroup, Gzip(std::string(100 << 20, ' ')), kJson, packed);
  ASSERT_TRUE(bomb);
  EXPECT_EQ(bomb->status, 429);
  const auto torn = Post(kGetGroup, "not gzip", kJson, packed);
  ASSERT_TRUE(torn);
  EXPECT_EQ(torn->status, 400);
  EXPECT_EQ(Post(kGetGroup, "x", kJson, {{"Content-Encoding", "zstd"}})->status,
            501);
  EXPECT_EQ(Post(kGetGroup, "{}")->status, 200);
}

// Whoever shares the connection, behind a proxy, must not be given the answer
// to a request that hides in another's body.
TEST_F(GatewayTest, TakesNoRequestOutOfABody) {
  const std::string hidden = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string length = absl::StrCat("Content-Length: ", hidden.size());
  for (const std::string& head :
       {absl::StrCat("GET / HTTP/1.1\r\nHost: x\r\n", length, "\r\n\r\n"),
        absl::StrCat("OPTIONS / HTTP/1.1\r\nHost: x\r\n", length, "\r\n\r\n"),
        absl::StrCat("POST ", kGetGroup, " HTTP/1.1\r\nHost: x\r\n", length,
                     "\r\nTransfer-Encoding: chunked\r\n\r\n"),
        absl::StrCat("POST ", kGetGroup, " HTTP/1.1\r\nHost: x\r\n", length,
                     "\r\nContent-Length: 0\r\n\r\n"),
        absl::StrCat("POST ", kGetGroup, " HTTP/1.1\r\nHost: x\r\n", length,
                     "\r\nContent-Type: multipart/form-data\r\n\r\n"),
        absl::StrCat("POST ", kGetGroup, " HTTP/1.1\r\nHost: x\r\n",
                     "Transfer-Encoding: gzip, chunked\r\n\r\n")}) {
    Connection connection(bus_.port());
    // The library forgets what came together with a request and is not read.
    connection.Send(head);
    absl::SleepFor(absl::Milliseconds(50));
    connection.Send(hidden);
    const std::string read = connection.ReadAll();
    EXPECT_THAT(read, StartsWith("HTTP/1.1 4")) << head;
    EXPECT_THAT(read, Not(HasSubstr("alive\n"))) << head;
  }
}

TEST_F(GatewayTest, EndsItsStreamsWithTheServer) {
  auto ended = std::make_unique<ServedBus>();
  Connection silent(ended->port());
  silent.Post(kSubscribe, kLines, R"({"filter":{"process":"silent"}})");
  silent.ReadUntil("\r\n\r\n");
  Connection stalled(ended->port());
  stalled.Post(kSubscribe, kLines, R"({"filter":{"process":"endless"}})");
  ASSERT_TRUE(Eventually([&ended] { return ended->log().open() == 2; }));
  const absl::Time start = absl::Now();
  ended.reset();
  EXPECT_LT(absl::Now() - start, absl::Seconds(6));
  EXPECT_THAT(silent.ReadAll(), HasSubstr(R"({"error":{"code":)"));
}

TEST_F(GatewayTest, CountsByKindAndCode) {
  Post(kGetGroup, "{}");
  Post(kGetGroup, R"({"name":"refused"})");
  Post(kSubscribe, R"({"filter":{"process":"three"}})", kLines);
  client_.Get("/nothing");
  ASSERT_TRUE(Eventually([this] {
    return Metrics().find(R"({code="ok",kind="stream"} 1)") !=
           std::string::npos;
  }));
  EXPECT_THAT(Metrics(),
              AllOf(HasSubstr(R"({code="ok",kind="unary"} 1)"),
                    HasSubstr(R"({code="not_found",kind="unary"} 1)"),
                    HasSubstr(R"({code="not_found",kind="file"} 1)")));
}

TEST(GatewayOfPages, AnswersOnlyThePagesThatAreListed) {
  ServedBus bus({"https://a.example"});
  httplib::Client client("127.0.0.1", bus.port());
  const auto asked = client.Options(
      kGetGroup, {{"Origin", "https://a.example"},
                  {"Access-Control-Request-Method", "POST"},
                  {"Access-Control-Request-Headers", "content-type"}});
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->status, 204);
  EXPECT_EQ(asked->get_header_value("Access-Control-Allow-Origin"),
            "https://a.example");
  const auto listed =
      client.Post(kGetGroup, {{"Origin", "https://a.example"}}, "{}", kJson);
  EXPECT_EQ(listed->status, 200);
  EXPECT_THAT(listed->get_header_value("Access-Control-Expose-Headers"),
              HasSubstr("trailer-x-trail"));
  const auto other =
      client.Post(kGetGroup, {{"Origin", "https://b.example"}}, "{}", kJson);
  EXPECT_EQ(other->status, 403);
  EXPECT_EQ(bus.groups().Metadata().count("origin"), 0u);
}

}  // namespace
}  // namespace samverk

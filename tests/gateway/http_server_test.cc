// Connections, and readers who take their time.
#include "services/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/gateway/connection.h"

namespace samverk {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr size_t kLarge = 8 << 20;
constexpr char kGet[] = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

std::unique_ptr<HttpServer> Serve(size_t connections) {
  HttpServer::Options options;
  options.host = "127.0.0.1";
  options.connections = connections;
  options.handlers["/small"] = [](const HttpRequest&) {
    return HttpAnswer{.body = "abc"};
  };
  options.handlers["/large"] = [](const HttpRequest&) {
    HttpAnswer answer;
    answer.body.assign(kLarge, 'x');
    answer.body.append("end");
    return answer;
  };
  options.handlers["/torn"] = [](const HttpRequest&) {
    HttpAnswer answer;
    answer.stream = [](HttpSink& sink) {
      sink.Write("begun");
      return false;
    };
    return answer;
  };
  auto server = HttpServer::Start(std::move(options));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

TEST(HttpServer, AnswersWithLengthsAndParts) {
  const auto server = Serve(4);
  httplib::Client client("127.0.0.1", server->port());
  const auto whole = client.Get("/small");
  EXPECT_EQ(whole->body, "abc");
  EXPECT_EQ(whole->get_header_value("Content-Length"), "3");
  const auto head = client.Head("/small");
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(head->get_header_value("Content-Length"), "3");
  const auto part = client.Get("/small", {{"Range", "bytes=1-2"}});
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, "bc");
  EXPECT_EQ(client.Get("/other")->status, 404);
}

TEST(HttpServer, LetsItsReadersSeeThatAnAnswerBreaksOff) {
  const auto server = Serve(4);
  Connection connection(server->port());
  connection.Send("GET /torn HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string read = connection.ReadAll();
  EXPECT_THAT(read, HasSubstr("begun"));
  EXPECT_THAT(read, testing::Not(EndsWith("0\r\n\r\n")));
}

TEST(HttpServer, WaitsForAReaderLongerThanOneWriteMayTake) {
  const auto server = Serve(4);
  Connection connection(server->port());
  connection.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  connection.ReadUntil("xxx");
  absl::SleepFor(absl::Milliseconds(2500));
  EXPECT_THAT(connection.ReadUntil("end"), EndsWith("end"));
}

TEST(HttpServer, HasNoMoreConnectionsThanItMay) {
  const auto server = Serve(1);
  const absl::Time start = absl::Now();
  Connection idle(server->port());
  idle.Send(kGet);
  EXPECT_THAT(idle.ReadUntil("abc"), StartsWith("HTTP/1.1 200"));
  Connection next(server->port());
  next.Send(kGet);
  // When the first has been idle for two seconds, it is this one's turn.
  EXPECT_THAT(next.ReadUntil("abc"), StartsWith("HTTP/1.1 200"));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(1900));
}

TEST(HttpServer, KeepsManyWaitingInTheKernel) {
  const auto server = Serve(1);
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<Connection>> waiting;
  for (int i = 0; i < 50; ++i) {
    waiting.push_back(std::make_unique<Connection>(server->port()));
  }
  // A connection that finds no room there is tried again after a second.
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(900));
}

TEST(HttpServer, StopsWhileConnectionsAreOpenAndWait) {
  auto server = Serve(1);
  Connection stalled(server->port());
  stalled.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  stalled.ReadUntil("xxx");
  Connection waiting(server->port());
  waiting.Send(kGet);
  const absl::Time start = absl::Now();
  server.reset();
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST(HttpServer, SaysThatAnAddressIsTaken) {
  const auto server = Serve(1);
  HttpServer::Options options;
  options.host = "127.0.0.1";
  options.port = server->port();
  const auto second = HttpServer::Start(std::move(options));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("--http"));
}

}  // namespace
}  // namespace samverk

// Connections, and readers who take their time.
#include "services/http/http_server.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/gateway/connection.h"

namespace {

std::atomic<bool> no_threads = false;

}  // namespace

// In place of the library's: may refuse, as when there are too many threads.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* with,
                              void* (*run)(void*), void* argument) {
  if (no_threads) return EAGAIN;
  static const auto create = reinterpret_cast<decltype(&pthread_create)>(
      dlsym(RTLD_NEXT, "pthread_create"));
  return create(thread, with, run, argument);
}

namespace samverk {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr size_t kLarge = 8 << 20;
constexpr char kGet[] = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

HttpServer::Options OptionsFor(size_t connections) {
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
  options.others = [](const HttpRequest& request) {
    if (request.method == "GET") return HttpAnswer{.status = 404, .body = "no"};
    const auto body = request.read_body(100);
    if (!body.ok()) return HttpAnswer{.status = 400, .body = "torn"};
    return HttpAnswer{
        .body = absl::StrCat(request.method, " of ", body->size(), " bytes")};
  };
  return options;
}

std::unique_ptr<HttpServer> Serve(HttpServer::Options options) {
  auto server = HttpServer::Start(std::move(options));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}
std::unique_ptr<HttpServer> Serve(size_t connections) {
  return Serve(OptionsFor(connections));
}

// A server that does not wait long.
HttpServer::Options Impatient() {
  HttpServer::Options options = OptionsFor(4);
  options.head_time = absl::Seconds(1);
  options.body_time = absl::Seconds(1);
  return options;
}

// Sends `piece` again and again, until the other side has closed or `longest`
// has passed; how long that took.
absl::Duration SendUntilClosed(Connection& connection, const std::string& piece,
                               absl::Duration longest) {
  const absl::Time start = absl::Now();
  while (!connection.IsClosed() && absl::Now() < start + longest) {
    connection.Send(piece);
    absl::SleepFor(absl::Milliseconds(50));
  }
  return absl::Now() - start;
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
  // Not three times the same.
  const auto parts = client.Get("/small", {{"Range", "bytes=0-2,0-2,0-2"}});
  EXPECT_EQ(parts->status, 200);
  EXPECT_EQ(parts->body, "abc");
}

TEST(HttpServer, AnswersRequestsThatComeTogetherInTurn) {
  const auto server = Serve(4);
  Connection connection(server->port());
  connection.Send(absl::StrCat(
      "POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n123",
      "POST /two HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
      "2\r\n12\r\n2\r\n34\r\n0\r\n\r\n", kGet));
  EXPECT_THAT(connection.ReadUntil("abc"),
              AllOf(HasSubstr("POST of 3 bytes"), HasSubstr("POST of 4 bytes"),
                    HasSubstr("abc")));
}

// A page may make a browser send any body, but not any request: what hides in a
// body has none of the headers by which pages are told apart.
TEST(HttpServer, TakesNoRequestOutOfABody) {
  const auto server = Serve(16);
  const std::string length =
      absl::StrCat("Content-Length: ", sizeof(kGet) - 1, "\r\n");
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::vector<std::pair<std::string, std::string>> heads = {
      {"POST /?a?b", length},
      {"POST / / /", length},
      {"POST /", length + "Range: bytes=2-1,x\r\n"},
      {absl::StrCat("POST /", std::string(9000, 'a')), length},
      {"POST /", length + "X: " + std::string(9000, 'a') + "\r\n"},
      {"POST /", length + "Content-Length: 0\r\n"},
      {"POST /", length + chunked},
      {"POST /", "Transfer-Encoding: gzip, chunked\r\n"},
      {"TRACE /", length},
      {"CONNECT /", length},
      {"PRI /", length},
      {"BREW /", length},
      {"GET /small", length},
      {"HEAD /small", length},
      {"OPTIONS /small", length},
      {"DELETE /", length},
      {"DELETE /", chunked},
  };
  for (const auto& [line, headers] : heads) {
    Connection connection(server->port());
    connection.Send(
        absl::StrCat(line, " HTTP/1.1\r\nHost: x\r\n", headers, "\r\n"));
    // The head is read by then.
    absl::SleepFor(absl::Milliseconds(30));
    connection.Send(kGet);
    const std::string read = connection.ReadAll();
    EXPECT_THAT(read, StartsWith("HTTP/1.1 4")) << line;
    EXPECT_THAT(read, HasSubstr("Connection: close\r\n")) << line;
    EXPECT_THAT(read, Not(HasSubstr("abc"))) << line << headers;
  }
}

TEST(HttpServer, AsksItsHandlersAlsoForOddPaths) {
  const auto server = Serve(4);
  httplib::Client client("127.0.0.1", server->port());
  // The library would read a body of any size for a path that it cannot match.
  const auto odd = client.Post("/%0A", std::string(200, ' '), "text/plain");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->body, "torn");
  EXPECT_EQ(client.Post("/" + std::string(8000, 'a'), "", "text/plain")->status,
            200);
  std::string ranges = "bytes=0-0";
  while (ranges.size() < 8000) ranges += ",0-0";
  EXPECT_EQ(client.Get("/small", {{"Range", ranges}})->status, 200);
}

TEST(HttpServer, BoundsTheHeadOfARequest) {
  const auto server = Serve(4);
  const std::string piece(64 << 10, 'a');
  // A line without end, and headers without end.
  Connection line(server->port());
  EXPECT_LT(SendUntilClosed(line, piece, absl::Seconds(5)), absl::Seconds(4));
  Connection headers(server->port());
  headers.Send("GET /small HTTP/1.1\r\nHost: x\r\n");
  std::string many;
  while (many.size() < (16 << 10)) many += "X-Header: value\r\n";
  EXPECT_LT(SendUntilClosed(headers, many, absl::Seconds(5)), absl::Seconds(4));
  // What is before a chunk is such a line.
  Connection chunk(server->port());
  chunk.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_LT(SendUntilClosed(chunk, piece, absl::Seconds(5)), absl::Seconds(4));
  // A line that ends, but too late, is answered.
  Connection late(server->port());
  late.Send(absl::StrCat("GET /", std::string(20'000, 'a'),
                         " HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(late.ReadAll(), StartsWith("HTTP/1.1 414"));
}

TEST(HttpServer, WaitsForARequestNoLongerThanItMayTake) {
  const auto server = Serve(Impatient());
  Connection head(server->port());
  head.Send("GET /small HTTP/1.1\r\nHost: ");
  EXPECT_LT(SendUntilClosed(head, "x", absl::Seconds(6)), absl::Seconds(4));
  Connection body(server->port());
  body.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n");
  EXPECT_LT(SendUntilClosed(body, "x", absl::Seconds(6)), absl::Seconds(4));
  EXPECT_THAT(body.ReadAll(), HasSubstr("torn"));
  // The name of a packed file, which has no end.
  Connection packed(server->port());
  packed.Send(
      absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
                   "Content-Length: 1000000\r\n\r\n",
                   std::string("\x1f\x8b\x08\x08\0\0\0\0\0\x03", 10)));
  EXPECT_LT(SendUntilClosed(packed, "name", absl::Seconds(6)),
            absl::Seconds(4));
}

TEST(HttpServer, StopsWhileARequestTrickles) {
  auto server = Serve(4);
  Connection head(server->port());
  head.Send("GET /small HTTP/1.1\r\n");
  Connection body(server->port());
  body.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n");
  std::atomic<bool> stopped = false;
  std::thread sender([&] {
    while (!stopped) {
      head.Send("x");
      body.Send("x");
      absl::SleepFor(absl::Milliseconds(100));
    }
  });
  absl::SleepFor(absl::Milliseconds(300));
  const absl::Time start = absl::Now();
  server.reset();
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  stopped = true;
  sender.join();
}

// The socket of this process that listens at this port.
int ListeningAt(int port) {
  for (int socket = 3; socket < 1000; ++socket) {
    int listens = 0;
    socklen_t size = sizeof(listens);
    sockaddr_in address{};
    socklen_t address_size = sizeof(address);
    if (getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 &&
        listens != 0 &&
        getsockname(socket, reinterpret_cast<sockaddr*>(&address),
                    &address_size) == 0 &&
        ntohs(address.sin_port) == port) {
      return socket;
    }
  }
  return -1;
}

TEST(HttpServer, ListensAgainWhenItsSocketBreaks) {
  std::atomic<int> warnings = 0;
  HttpServer::Options options = OptionsFor(4);
  options.warn = [&](std::string_view) { ++warnings; };
  const auto server = Serve(std::move(options));
  const int listening = ListeningAt(server->port());
  ASSERT_GE(listening, 0);
  shutdown(listening, SHUT_RDWR);
  bool answered = false;
  for (int i = 0; i < 50 && !answered; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
    const auto answer =
        httplib::Client("127.0.0.1", server->port()).Get("/small");
    answered = answer && answer->status == 200;
  }
  EXPECT_TRUE(answered);
  EXPECT_EQ(warnings, 1);
}

TEST(HttpServer, GoesOnWhenAThreadCannotBeStarted) {
  std::atomic<int> warnings = 0;
  HttpServer::Options options = OptionsFor(1);
  options.warn = [&](std::string_view) { ++warnings; };
  const auto server = Serve(std::move(options));
  no_threads = true;
  Connection refused(server->port());
  EXPECT_THAT(refused.ReadAll(), StartsWith("HTTP/1.1 503"));
  no_threads = false;
  httplib::Client client("127.0.0.1", server->port());
  EXPECT_EQ(client.Get("/small")->status, 200);
  EXPECT_EQ(warnings, 1);
}

TEST(HttpServer, LetsItsReadersSeeThatAnAnswerBreaksOff) {
  const auto server = Serve(4);
  Connection connection(server->port());
  connection.Send("GET /torn HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string read = connection.ReadAll();
  EXPECT_THAT(read, HasSubstr("begun"));
  EXPECT_THAT(read, Not(EndsWith("0\r\n\r\n")));
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

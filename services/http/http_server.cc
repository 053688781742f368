#include "services/http/http_server.h"

#include <httplib.h>

#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "eventstore/base/error.h"
#include "services/http/listener.h"
#include "services/http/request_body.h"
#include "services/http/socket_stream.h"
#include "services/http/stop_event.h"

namespace samverk {
namespace {

constexpr size_t kRequestsOfConnection = 10'000;
constexpr time_t kSecondsIdle = 2;
// The library keeps a piece of a stream twice while it writes it.
constexpr size_t kPieceBytes = 64 << 10;
// A line's end too, which "." is not.
constexpr char kAnyPath[] = R"([\s\S]*)";
// To a request line without end, which the library does not answer.
constexpr char kTooLong[] =
    "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\n"
    "Content-Length: 0\r\n\r\n";

// Whether the request that this thread answers was read to its end. The library
// tells its handlers nothing of the connection that a request came with.
thread_local bool read_whole = false;

// Of the library, that which reads a request and writes its answer.
class Protocol final : public httplib::Server {
 public:
  // Without a socket of its own it thinks that it is stopping.
  Protocol() { svr_sock_ = 0; }
  using httplib::Server::process_request;
};

class Sink final : public HttpSink {
 public:
  Sink(httplib::DataSink& sink, const StopEvent& stop)
      : sink_(sink), stop_(stop) {}

  bool Write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kPieceBytes);
      if (!sink_.write(piece.data(), piece.size())) return false;
      bytes.remove_prefix(piece.size());
    }
    return true;
  }
  bool Alive() override { return !stop_.IsSet() && sink_.is_writable(); }

 private:
  httplib::DataSink& sink_;
  const StopEvent& stop_;
};

HttpRequest RequestOf(const httplib::Request& from, RequestBody& body) {
  HttpRequest request;
  request.method = from.method;
  request.path = from.path;
  request.query = from.params;
  for (const auto& [name, value] : from.headers) {
    request.headers.emplace(absl::AsciiStrToLower(name), value);
  }
  request.remote = absl::StrCat(from.remote_addr, ":", from.remote_port);
  request.read_body = [&body](size_t bytes_max) {
    return body.Read(bytes_max);
  };
  return request;
}

class RunningHttpServer final : public HttpServer {
 public:
  explicit RunningHttpServer(Options options) : options_(std::move(options)) {
    protocol_.set_keep_alive_max_count(kRequestsOfConnection);
    protocol_.set_keep_alive_timeout(kSecondsIdle);
    const httplib::Server::Handler without_body =
        [this](const httplib::Request& request, httplib::Response& response) {
          Serve(request, nullptr, response);
        };
    const httplib::Server::HandlerWithContentReader with_body =
        [this](const httplib::Request& request, httplib::Response& response,
               const httplib::ContentReader& reader) {
          Serve(request, &reader, response);
        };
    // Else the library would read the body, of any size, before it asks.
    const httplib::Server::HandlerWithContentReader body_refused =
        [this](const httplib::Request& request, httplib::Response& response,
               const httplib::ContentReader&) {
          Serve(request, nullptr, response);
        };
    protocol_.Get(kAnyPath, without_body);  // and HEAD
    protocol_.Options(kAnyPath, without_body);
    protocol_.Post(kAnyPath, with_body);
    protocol_.Put(kAnyPath, with_body);
    protocol_.Patch(kAnyPath, with_body);
    protocol_.Delete(kAnyPath, body_refused);
    // Any other method ends here, before its body is read.
    const httplib::Server::HandlerWithResponse before =
        [](const httplib::Request& request, httplib::Response& response) {
          if (request.method != "PRI") {
            return httplib::Server::HandlerResponse::Unhandled;
          }
          response.status = 400;
          return httplib::Server::HandlerResponse::Handled;
        };
    protocol_.set_pre_routing_handler(before);
    // Answers that the library gives by itself too.
    const httplib::Server::HandlerWithResponse on_error =
        [](const httplib::Request&, httplib::Response& response) {
          if (!read_whole) response.set_header("Connection", "close");
          return httplib::Server::HandlerResponse::Unhandled;
        };
    protocol_.set_error_handler(on_error);
  }
  ~RunningHttpServer() override {
    stop_.Set();
    listener_.reset();
  }

  bool Listen() {
    listener_ = Listener::Start(
        {options_.host, options_.port, options_.connections,
         [this](int socket) { Converse(socket); }, options_.warn},
        stop_);
    return listener_ != nullptr;
  }
  int port() const override { return listener_->port(); }

 private:
  // Answers the requests of a connection, one after the other.
  void Converse(int socket) {
    SocketStream stream(socket, stop_);
    const auto head_read = [this, &stream](httplib::Request& request) {
      // Many parts would make a large answer of a small file.
      if (request.ranges.size() > 1) request.ranges.clear();
      stream.BeginBody(options_.body_time);
    };
    for (size_t left = kRequestsOfConnection; left > 0; --left) {
      if (!stream.AwaitRequest(absl::Seconds(kSecondsIdle),
                               options_.head_time)) {
        return;
      }
      read_whole = false;
      bool closed = false;
      const bool answered =
          protocol_.process_request(stream, left == 1, closed, head_read);
      if (!answered && stream.too_large()) {
        stream.write(kTooLong, sizeof(kTooLong) - 1);
      }
      if (!answered || closed || !read_whole) break;
    }
    stream.End();
  }

  void Serve(const httplib::Request& request,
             const httplib::ContentReader* reader,
             httplib::Response& response) {
    RequestBody body(request, reader);
    HttpAnswer answer;
    if (reader == nullptr && !body.Skip()) {
      answer = {.status = 400,
                .body = absl::StrCat(request.method, " has no body\n")};
    } else {
      answer = Dispatch(RequestOf(request, body));
    }
    for (const auto& [name, value] : answer.headers) {
      response.set_header(name, value);
    }
    read_whole = body.Skip();
    if (!read_whole) response.set_header("Connection", "close");
    // The library makes 206 of 200 where a range is asked for.
    if (answer.status != 200) response.status = answer.status;
    if (answer.stream != nullptr) {
      response.status = answer.status;
      SetStream(std::move(answer), response);
    } else if (answer.part != nullptr && answer.size > 0) {
      SetParts(std::move(answer), response);
    } else if (!answer.body.empty()) {
      SetBody(std::move(answer), response);
    }
  }

  void SetBody(HttpAnswer answer, httplib::Response& response) {
    answer.size = answer.body.size();
    answer.part = [body = std::move(answer.body)](size_t offset, size_t length,
                                                  HttpSink& to) {
      return to.Write(std::string_view(body).substr(offset, length));
    };
    SetParts(std::move(answer), response);
  }
  void SetParts(HttpAnswer answer, httplib::Response& response) {
    response.set_content_provider(
        answer.size, answer.type,
        [this, part = std::move(answer.part)](size_t offset, size_t length,
                                              httplib::DataSink& to) {
          Sink sink(to, stop_);
          return part(offset, length, sink);
        });
  }
  void SetStream(HttpAnswer answer, httplib::Response& response) {
    response.set_chunked_content_provider(
        answer.type, [this, stream = std::move(answer.stream)](
                         size_t, httplib::DataSink& to) {
          Sink sink(to, stop_);
          if (!stream(sink)) return false;
          to.done();
          return true;
        });
  }

  HttpAnswer Dispatch(const HttpRequest& request) {
    if (request.method == "GET" || request.method == "HEAD") {
      const auto found = options_.handlers.find(request.path);
      if (found != options_.handlers.end()) return found->second(request);
    }
    if (options_.others != nullptr) return options_.others(request);
    return {.status = 404, .body = "there is nothing here\n"};
  }

  const Options options_;
  Protocol protocol_;
  StopEvent stop_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(Options options) {
  const std::string address = absl::StrCat(options.host, ":", options.port);
  auto server = std::make_unique<RunningHttpServer>(std::move(options));
  if (!server->Listen()) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_IN_USE,
        absl::StrCat("the address ", address,
                     " cannot be served, another program may use it; stop that "
                     "one, or give another address with --http, or none"),
        {{"address", address}});
  }
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace samverk

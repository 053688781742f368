#include "services/http/http_server.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "eventstore/base/error.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/thread_name.h"
#include "services/http/request_body.h"

namespace samverk {
namespace {

constexpr size_t kRequestsOfConnection = 10'000;
constexpr time_t kSecondsIdle = 2;
constexpr time_t kSecondsToRead = 5;
// One wait for room; see kPatience.
constexpr time_t kSecondsToWrite = 1;
// A reader who takes nothing for so long has lost the answer.
constexpr absl::Duration kPatience = absl::Minutes(5);
// The kernel takes so much at once from whoever it calls writable.
constexpr size_t kPieceBytes = 4 << 10;

// A thread for each connection, which ends with it: what it has allocated is
// used by others then. Connections beyond the limit wait in the kernel.
class Connections final : public httplib::TaskQueue {
 public:
  explicit Connections(size_t limit) : limit_(limit) {}

  void enqueue(std::function<void()> connection) override {
    {
      MutexLock lock(mu_);
      while (open_ == limit_) ended_.Wait(mu_);
      ++open_;
    }
    std::thread([this, connection = std::move(connection)] {
      SetThreadName("http");
      connection();
      MutexLock lock(mu_);
      --open_;
      ended_.NotifyAll();
    }).detach();
  }

  void shutdown() override {
    MutexLock lock(mu_);
    while (open_ > 0) ended_.Wait(mu_);
  }

 private:
  const size_t limit_;
  Mutex mu_;
  CondVar ended_;
  size_t open_ ABSL_GUARDED_BY(mu_) = 0;
};

// Writes at the reader's speed.
class Sink final : public HttpSink {
 public:
  Sink(httplib::DataSink& sink, const std::atomic<bool>& stopping)
      : sink_(sink), stopping_(stopping) {}

  bool Write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kPieceBytes);
      if (!AwaitRoom() || !sink_.write(piece.data(), piece.size())) {
        return false;
      }
      bytes.remove_prefix(piece.size());
    }
    return true;
  }

  bool Alive() override {
    bool gone = false;
    return !stopping_ && (HasRoom(gone) || !gone);
  }

 private:
  // Waits for kSecondsToWrite. Without room before that time: nobody is there.
  bool HasRoom(bool& gone) {
    const absl::Time start = absl::Now();
    if (sink_.is_writable()) return true;
    gone = absl::Now() - start < absl::Seconds(kSecondsToWrite) / 2;
    return false;
  }
  bool AwaitRoom() {
    const absl::Time deadline = absl::Now() + kPatience;
    bool gone = false;
    while (!HasRoom(gone)) {
      if (gone || stopping_ || absl::Now() >= deadline) return false;
    }
    return true;
  }

  httplib::DataSink& sink_;
  const std::atomic<bool>& stopping_;
};

HttpRequest RequestOf(const httplib::Request& from, RequestBody& body) {
  HttpRequest request;
  request.method = from.method;
  request.path = from.path;
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
    server_.new_task_queue = [this] {
      return new Connections(options_.connections);
    };
    server_.set_keep_alive_max_count(kRequestsOfConnection);
    server_.set_keep_alive_timeout(kSecondsIdle);
    server_.set_read_timeout(kSecondsToRead);
    server_.set_write_timeout(kSecondsToWrite);
    server_.set_tcp_nodelay(true);
    // Two servers on one port would share its calls between them.
    server_.set_socket_options([this](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
      listening_ = socket;
    });
    const httplib::Server::Handler without_body =
        [this](const httplib::Request& request, httplib::Response& response) {
          Serve(request, nullptr, response);
        };
    const httplib::Server::HandlerWithContentReader with_body =
        [this](const httplib::Request& request, httplib::Response& response,
               const httplib::ContentReader& reader) {
          Serve(request, &reader, response);
        };
    server_.Get(".*", without_body);  // and HEAD
    server_.Options(".*", without_body);
    server_.Post(".*", with_body);
    server_.Put(".*", with_body);
    server_.Patch(".*", with_body);
    server_.Delete(".*", with_body);
  }
  ~RunningHttpServer() override {
    stopping_ = true;
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  bool Listen() {
    if (options_.port == 0) {
      port_ = server_.bind_to_any_port(options_.host);
    } else if (server_.bind_to_port(options_.host, options_.port)) {
      port_ = options_.port;
    }
    if (port_ <= 0) return false;
    // The library has the kernel keep five that wait; others would have to
    // knock again, each time later.
    listen(listening_, SOMAXCONN);
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // Else a stop() that comes first would be lost.
    while (!server_.is_running()) std::this_thread::yield();
    return true;
  }
  int port() const override { return port_; }

 private:
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
    const bool goes_on = body.Skip();
    if (!goes_on) response.set_header("Connection", "close");
    // The library makes 206 of 200 where a range is asked for.
    if (answer.status != 200) response.status = answer.status;
    if (answer.stream != nullptr) {
      response.status = answer.status;
      SetStream(std::move(answer), goes_on, response);
    } else if (!answer.body.empty()) {
      SetBody(std::move(answer), goes_on, response);
    }
  }

  // The library ends a connection for which false is returned.
  void SetBody(HttpAnswer answer, bool goes_on, httplib::Response& response) {
    const size_t size = answer.body.size();
    response.set_content_provider(
        size, answer.type,
        [this, goes_on, body = std::move(answer.body)](
            size_t offset, size_t length, httplib::DataSink& to) {
          const auto part = std::string_view(body).substr(offset, length);
          return Sink(to, stopping_).Write(part) && goes_on;
        });
  }
  void SetStream(HttpAnswer answer, bool goes_on, httplib::Response& response) {
    response.set_chunked_content_provider(
        answer.type, [this, goes_on, stream = std::move(answer.stream)](
                         size_t, httplib::DataSink& to) {
          Sink sink(to, stopping_);
          if (!stream(sink)) return false;
          to.done();
          return goes_on;
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
  httplib::Server server_;
  socket_t listening_ = INVALID_SOCKET;  // the library's
  std::atomic<bool> stopping_ = false;
  int port_ = 0;
  std::thread thread_;
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

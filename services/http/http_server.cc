#include "services/http/http_server.h"

#include <httplib.h>

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {
namespace {

// Each holds one connection.
constexpr int kThreads = 8;
constexpr size_t kRequestBytes = 64 << 10;
constexpr time_t kSecondsToRead = 5;

class RunningHttpServer final : public HttpServer {
 public:
  RunningHttpServer() {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server_.set_payload_max_length(kRequestBytes);
    server_.set_read_timeout(kSecondsToRead);
    server_.set_write_timeout(kSecondsToRead);
    // Two servers on one port would share its calls between them.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
  }
  ~RunningHttpServer() override {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  bool Listen(const std::string& host, int port,
              std::map<std::string, Handler> handlers) {
    for (auto& [path, handler] : handlers) {
      server_.Get(path,
                  [handler = std::move(handler)](const httplib::Request&,
                                                 httplib::Response& response) {
                    HttpAnswer answer = handler();
                    response.status = answer.status;
                    response.set_content(std::move(answer.body), answer.type);
                  });
    }
    if (port == 0) {
      port_ = server_.bind_to_any_port(host);
    } else if (server_.bind_to_port(host, port)) {
      port_ = port;
    }
    if (port_ <= 0) return false;
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // Else a stop() that comes first would be lost.
    while (!server_.is_running()) std::this_thread::yield();
    return true;
  }
  int port() const override { return port_; }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const std::string& host, int port,
    std::map<std::string, Handler> handlers) {
  auto server = std::make_unique<RunningHttpServer>();
  if (!server->Listen(host, port, std::move(handlers))) {
    const std::string address = absl::StrCat(host, ":", port);
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

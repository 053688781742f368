#include "tests/connectors/http_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"

namespace samverk::testing {
namespace {

// A socket on a free port of the loopback.
int Bound(int& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  SAMVERK_CHECK(bind(listener, reinterpret_cast<sockaddr*>(&address),
                     sizeof(address)) == 0);
  socklen_t size = sizeof(address);
  SAMVERK_CHECK(
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

HttpTarget::HttpTarget(Answer answer) {
  server_.Post(".*", [this, answer](const httplib::Request& request,
                                    httplib::Response& response) {
    Received received;
    for (const auto& [name, value] : request.headers) {
      received.headers[absl::AsciiStrToLower(name)] = value;
    }
    received.body = request.body;
    int n = 0;
    {
      MutexLock lock(mu_);
      received_.push_back(received);
      n = static_cast<int>(received_.size());
    }
    if (answer) answer(n, received, response);
  });
  port_ = server_.bind_to_any_port("127.0.0.1");
  SAMVERK_CHECK(port_ > 0);
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::yield();
}

HttpTarget::~HttpTarget() {
  server_.stop();
  thread_.join();
}

std::string HttpTarget::url() const {
  return absl::StrCat("http://127.0.0.1:", port_, "/hook?from=samverk");
}

std::vector<HttpTarget::Received> HttpTarget::received() {
  MutexLock lock(mu_);
  return received_;
}

std::vector<std::string> HttpTarget::ids() {
  std::vector<std::string> ids;
  for (const Received& one : received()) {
    ids.push_back(one.headers.at("webhook-id"));
  }
  return ids;
}

OddTarget::OddTarget(std::string says)
    : says_(std::move(says)), listener_(Bound(port_)) {
  SAMVERK_CHECK(listen(listener_, 16) == 0);
  thread_ = std::thread([this] { Run(); });
}

OddTarget::~OddTarget() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string OddTarget::url() const {
  return absl::StrCat("http://127.0.0.1:", port_, "/");
}

std::string OddTarget::heard() {
  MutexLock lock(mu_);
  return heard_;
}

void OddTarget::Run() {
  while (true) {
    const int peer = accept(listener_, nullptr, nullptr);
    if (peer < 0) return;
    char bytes[4096];
    if (const ssize_t n = recv(peer, bytes, sizeof(bytes), 0); n > 0) {
      {
        MutexLock lock(mu_);
        heard_.append(bytes, static_cast<size_t>(n));
      }
      send(peer, says_.data(), says_.size(), MSG_NOSIGNAL);
      while (recv(peer, bytes, sizeof(bytes), 0) > 0) {
      }
    }
    close(peer);
  }
}

int UnusedPort() {
  int port = 0;
  close(Bound(port));
  return port;
}

}  // namespace samverk::testing

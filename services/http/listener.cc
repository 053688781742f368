#include "services/http/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/thread_name.h"

namespace samverk {
namespace {

// What fails now may succeed then.
constexpr absl::Duration kPause = absl::Milliseconds(100);
constexpr absl::Duration kBetweenWarnings = absl::Minutes(1);
constexpr char kNoThread[] =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
    "Retry-After: 1\r\nContent-Length: 0\r\n\r\n";

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof(value));
}

int ListenAt(const addrinfo& address) {
  const int made = socket(address.ai_family,
                          address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                          address.ai_protocol);
  if (made < 0) return -1;
  // Not SO_REUSEPORT: two servers on one port would share its calls.
  SetOption(made, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.ai_family == AF_INET6) {
    SetOption(made, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  }
  if (bind(made, address.ai_addr, address.ai_addrlen) == 0 &&
      listen(made, SOMAXCONN) == 0) {
    return made;
  }
  close(made);
  return -1;
}

// -1: the address cannot be served.
int Listen(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found) !=
      0) {
    return -1;
  }
  int listening = -1;
  for (const addrinfo* each = found; each != nullptr && listening < 0;
       each = each->ai_next) {
    listening = ListenAt(*each);
  }
  freeaddrinfo(found);
  return listening;
}

int PortOf(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

// Of the connection that was to be accepted; the next may be good.
bool OfOneConnection(int error) {
  return error == EINTR || error == EAGAIN || error == EWOULDBLOCK ||
         error == ECONNABORTED;
}
// Of the socket that listens.
bool OfListening(int error) {
  return error == EINVAL || error == EBADF || error == ENOTSOCK ||
         error == EOPNOTSUPP;
}

}  // namespace

std::unique_ptr<Listener> Listener::Start(Options options,
                                          const StopEvent& stop) {
  const int listening = Listen(options.host, options.port);
  if (listening < 0) return nullptr;
  return std::unique_ptr<Listener>(
      new Listener(std::move(options), stop, listening));
}

Listener::Listener(Options options, const StopEvent& stop, int listening)
    : options_(std::move(options)),
      stop_(stop),
      listening_(listening),
      port_(PortOf(listening)),
      thread_([this] { Run(); }) {}

Listener::~Listener() {
  {
    MutexLock lock(mu_);
    ended_.NotifyAll();
  }
  thread_.join();
  if (listening_ >= 0) close(listening_);
  MutexLock lock(mu_);
  while (open_ > 0) ended_.Wait(mu_);
}

void Listener::Run() {
  SetThreadName("http_listen");
  while (AwaitRoom()) {
    const int socket = Accept();
    if (socket < 0) return;
    SetOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    Begin(socket);
  }
}

bool Listener::AwaitRoom() {
  MutexLock lock(mu_);
  while (open_ == options_.connections && !stop_.IsSet()) ended_.Wait(mu_);
  return !stop_.IsSet();
}

int Listener::Accept() {
  while (!stop_.IsSet()) {
    if (listening_ < 0) listening_ = Listen(options_.host, port_);
    if (listening_ >= 0) {
      if (!stop_.Await(listening_, POLLIN, absl::InfiniteFuture())) return -1;
      const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket >= 0) return socket;
    }
    const int error = errno;
    if (listening_ >= 0 && OfOneConnection(error)) continue;
    Warn("no connection can be accepted", error);
    if (listening_ >= 0 && OfListening(error)) {
      close(std::exchange(listening_, -1));
    }
    stop_.Await(-1, 0, absl::Now() + kPause);
  }
  return -1;
}

void Listener::Begin(int socket) {
  {
    MutexLock lock(mu_);
    ++open_;
  }
  const auto end = [this] {
    MutexLock lock(mu_);
    --open_;
    ended_.NotifyAll();
  };
  try {
    std::thread([this, socket, end] {
      SetThreadName("http");
      options_.converse(socket);
      end();
    }).detach();
  } catch (const std::system_error& error) {
    Warn("no thread can be started for a connection", error.code().value());
    send(socket, kNoThread, sizeof(kNoThread) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(socket);
    end();
  }
}

void Listener::Warn(std::string_view what, int error) {
  const absl::Time now = absl::Now();
  if (options_.warn == nullptr || now < warned_ + kBetweenWarnings) return;
  warned_ = now;
  options_.warn(absl::StrCat("HTTP: ", ToAbsl(what), ": ",
                             std::generic_category().message(error),
                             "; it is tried again"));
}

}  // namespace samverk

#include "services/http/socket_stream.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/time/clock.h"

namespace samverk {
namespace {

// A reader who takes nothing for so long has lost the answer.
constexpr absl::Duration kPatience = absl::Minutes(5);
constexpr absl::Duration kTimeToEnd = absl::Seconds(1);

// getpeername or getsockname.
using NameOf = int (*)(int, sockaddr*, socklen_t*);

void AddressOf(NameOf name_of, int socket, std::string& ip, int& port) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  char host[NI_MAXHOST];
  char service[NI_MAXSERV];
  if (name_of(socket, any, &size) != 0 ||
      getnameinfo(any, size, host, sizeof(host), service, sizeof(service),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return;
  }
  ip = host;
  port = std::atoi(service);
}

bool OnlyNotNow() {
  return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

SocketStream::~SocketStream() { close(socket_); }

bool SocketStream::AwaitRequest(absl::Duration patience,
                                absl::Duration head_time) {
  if (stop_.IsSet()) return false;
  deadline_ = absl::Now() + patience;
  if (begin_ == end_ && !Fill()) return false;
  deadline_ = absl::Now() + head_time;
  in_head_ = true;
  head_bytes_ = line_bytes_ = 0;
  return true;
}

void SocketStream::BeginBody(absl::Duration time) {
  deadline_ = absl::Now() + time;
  in_head_ = false;
}

void SocketStream::End() {
  shutdown(socket_, SHUT_WR);
  deadline_ = absl::Now() + kTimeToEnd;
  while (Fill()) {
  }
}

bool SocketStream::Fill() {
  // Who sends without a pause has a deadline too.
  while (absl::Now() < deadline_ && stop_.Await(socket_, POLLIN, deadline_)) {
    const ssize_t come =
        recv(socket_, come_.data(), come_.size(), MSG_DONTWAIT);
    if (come > 0) {
      begin_ = 0;
      end_ = static_cast<size_t>(come);
      return true;
    }
    if (come == 0 || !OnlyNotNow()) return false;
  }
  return false;
}

bool SocketStream::Within(size_t bytes, bool of_line) {
  if (in_head_) head_bytes_ += bytes;
  line_bytes_ = of_line ? line_bytes_ + bytes : 0;
  too_large_ = head_bytes_ > kHeadBytesMax || line_bytes_ > kLineBytesMax;
  return !too_large_;
}

ssize_t SocketStream::read(char* to, size_t size) {
  if (too_large_) return -1;
  if (begin_ == end_ && !Fill()) return -1;
  const size_t read = std::min(size, end_ - begin_);
  // The library reads lines byte by byte.
  if (!Within(read, size == 1 && come_[begin_] != '\n')) return -1;
  std::memcpy(to, come_.data() + begin_, read);
  begin_ += read;
  return static_cast<ssize_t>(read);
}

ssize_t SocketStream::write(const char* from, size_t size) {
  absl::Time deadline = absl::Now() + kPatience;
  size_t written = 0;
  while (written < size) {
    const ssize_t taken = send(socket_, from + written, size - written,
                               MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken > 0) {
      written += static_cast<size_t>(taken);
      deadline = absl::Now() + kPatience;
    } else if (!OnlyNotNow() || !stop_.Await(socket_, POLLOUT, deadline)) {
      return -1;
    }
  }
  return static_cast<ssize_t>(written);
}

bool SocketStream::is_readable() const {
  pollfd waiting{socket_, POLLIN, 0};
  return begin_ != end_ || poll(&waiting, 1, 0) > 0;
}

bool SocketStream::is_writable() const {
  if (begin_ != end_) return true;
  char byte;
  const ssize_t come = recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return come > 0 || (come < 0 && OnlyNotNow());
}

void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  AddressOf(getpeername, socket_, ip, port);
}

void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const {
  AddressOf(getsockname, socket_, ip, port);
}

}  // namespace samverk

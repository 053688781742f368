// A client that sends exactly what it is told and reads when it is told.
#ifndef SAMVERK_TESTS_GATEWAY_CONNECTION_H_
#define SAMVERK_TESTS_GATEWAY_CONNECTION_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace samverk {

// A connection to a port of this machine.
class Connection {
 public:
  explicit Connection(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    // Little is on its way to who does not read; and a test that hangs fails.
    const int bytes = 16 << 10;
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)),
              0);
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent =
          send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<size_t>(sent));
    }
  }
  void Post(std::string_view path, std::string_view type,
            std::string_view body) const {
    Send(absl::StrCat(
        "POST ", std::string(path),
        " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ", std::string(type),
        "\r\nContent-Length: ", body.size(), "\r\n\r\n", std::string(body)));
  }

  // Reads until `part` has come, or the end; what was read.
  std::string ReadUntil(std::string_view part) {
    std::string text;
    char piece[64 << 10];
    size_t from = 0;  // it does not end before
    while (text.find(part, from) == std::string::npos) {
      from = text.size() < part.size() ? 0 : text.size() - part.size();
      const ssize_t read = recv(socket_, piece, sizeof(piece), 0);
      if (read <= 0) break;
      text.append(piece, static_cast<size_t>(read));
    }
    return text;
  }
  // Reads until the other side closes.
  std::string ReadAll() { return ReadUntil("what never comes"); }
  // The other side has closed. Nothing is read by this.
  bool IsClosed() const {
    pollfd waiting{socket_, POLLRDHUP, 0};
    return poll(&waiting, 1, 0) > 0;
  }

 private:
  const int socket_;
};

}  // namespace samverk

#endif  // SAMVERK_TESTS_GATEWAY_CONNECTION_H_

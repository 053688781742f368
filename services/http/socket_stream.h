// A connection, as the HTTP library reads and writes it.
#ifndef SAMVERK_SERVICES_HTTP_SOCKET_STREAM_H_
#define SAMVERK_SERVICES_HTTP_SOCKET_STREAM_H_

#include <httplib.h>

#include <array>
#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "services/http/stop_event.h"

namespace samverk {

// Bounds what a request may have and how long it may take; the library does
// neither. Reads no more once it is time to stop and nothing has come. One
// thread.
class SocketStream final : public httplib::Stream {
 public:
  // The library keeps a line whole, be it of the head or before a chunk.
  static constexpr size_t kLineBytesMax = 16 << 10;
  // The request line and all headers.
  static constexpr size_t kHeadBytesMax = 64 << 10;

  // Owns `socket`. `stop` must outlive it.
  SocketStream(int socket, const StopEvent& stop)
      : socket_(socket), stop_(stop) {}
  ~SocketStream() override;
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;

  // Waits `patience` for a request, whose head must come within `head_time`
  // then. False: none comes, or it is time to stop.
  bool AwaitRequest(absl::Duration patience, absl::Duration head_time);
  // The head has been read; what is read now must come within `time`.
  void BeginBody(absl::Duration time);
  // The head, or a line, was larger than it may be.
  bool too_large() const { return too_large_; }

  // Says that nothing more is written, and waits a second for the other side to
  // end: who is cut off while sending may not hear the answer.
  void End();

  // What the library calls. 0 is never returned: what breaks off in the middle
  // is not taken for whole.
  ssize_t read(char* to, size_t size) override;
  // Waits for a slow reader, but not for one who takes nothing for five
  // minutes, nor for any who has no room when it is time to stop.
  ssize_t write(const char* from, size_t size) override;
  bool is_readable() const override;
  // The reader is there.
  bool is_writable() const override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  bool Fill();
  // Counts a byte of the head or of a line.
  bool Within(size_t bytes, bool of_line);

  const int socket_;
  const StopEvent& stop_;
  absl::Time deadline_ = absl::InfinitePast();
  bool in_head_ = true;
  bool too_large_ = false;
  size_t head_bytes_ = 0;
  size_t line_bytes_ = 0;
  // What has come and is not read yet: from begin_ to end_.
  std::array<char, 4 << 10> come_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_SOCKET_STREAM_H_

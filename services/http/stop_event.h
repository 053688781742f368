// Wakes threads that wait for sockets.
#ifndef SAMVERK_SERVICES_HTTP_STOP_EVENT_H_
#define SAMVERK_SERVICES_HTTP_STOP_EVENT_H_

#include "absl/time/time.h"

namespace samverk {

// Says once that it is time to stop. Thread-safe.
class StopEvent {
 public:
  StopEvent();
  ~StopEvent();
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  void Set();
  bool IsSet() const;

  // Waits until `socket` is ready for `events` (POLLIN, POLLOUT), or broken.
  // False: it is not, and `deadline` has passed or it is time to stop. With -1
  // waits for these two alone.
  bool Await(int socket, int events, absl::Time deadline) const;

 private:
  const int event_;  // readable when set
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_STOP_EVENT_H_

// Takes in connections.
#ifndef SAMVERK_SERVICES_HTTP_LISTENER_H_
#define SAMVERK_SERVICES_HTTP_LISTENER_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "services/http/stop_event.h"

namespace samverk {

// Gives each connection a thread of its own, which ends with it: what it has
// allocated is used by others then. What goes wrong is told to `warn`, and
// tried again: this ends with `stop` only.
class Listener {
 public:
  struct Options {
    std::string host;
    int port = 0;  // 0: one that is free
    // At most so many connections; others wait in the kernel.
    size_t connections = 0;
    // Called for each, on its thread; owns the socket.
    std::function<void(int socket)> converse;
    // From the listener's thread; may be null.
    std::function<void(std::string_view)> warn;
  };

  // Null: the address cannot be served. `stop` must outlive it.
  static std::unique_ptr<Listener> Start(Options options,
                                         const StopEvent& stop);
  // `stop` must be set. Waits for all connections.
  ~Listener();

  int port() const { return port_; }

 private:
  Listener(Options options, const StopEvent& stop, int listening);

  void Run();
  // The next connection; -1: it is time to stop.
  int Accept();
  void Begin(int socket);
  bool AwaitRoom();
  void Warn(std::string_view what, int error);

  const Options options_;
  const StopEvent& stop_;
  int listening_;  // -1: it broke, and is to be made anew
  int port_;
  absl::Time warned_ = absl::InfinitePast();
  Mutex mu_;
  CondVar ended_;
  size_t open_ ABSL_GUARDED_BY(mu_) = 0;
  std::thread thread_;  // last: begins when all else is there
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_LISTENER_H_

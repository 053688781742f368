// The composition root: one register, its views and its services, served.
#ifndef SAMVERK_SERVICES_SERVER_SERVER_H_
#define SAMVERK_SERVICES_SERVER_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/server/server_options.h"

namespace samverk {

// A running server. Start and Stop are called by one thread.
class Server {
 public:
  // Opens the register (or makes it), its views, and serves them. Everything
  // that is wrong is said in one sentence; data is left as it was.
  //   FAILED_PRECONDITION: another server uses the directory, a newer format,
  //     the port is in use. DATA_LOSS: the log is damaged. RESOURCE_EXHAUSTED:
  //     the disk is full.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options);

  // Stops.
  virtual ~Server() = default;

  // One line for whoever started it: version, register, address, head.
  virtual std::string Greeting() = 0;

  // Takes no more calls, lets those under way end within the time to drain,
  // and closes register and views. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_SERVER_H_

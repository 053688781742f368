// Serves HTTP/1.1.
#ifndef SAMVERK_SERVICES_HTTP_HTTP_SERVER_H_
#define SAMVERK_SERVICES_HTTP_HTTP_SERVER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/http/http_message.h"

namespace samverk {

// Answers requests, each connection with a thread of its own. A connection goes
// on only after a request that was read to its end: what follows another is
// never taken for a request.
class HttpServer {
 public:
  // Called from several threads at once.
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  struct Options {
    std::string host;
    int port = 0;  // 0: one that is free
    // At most so many; who comes then waits until one ends. Those that are
    // idle end after two seconds.
    size_t connections = 32;
    // A request line and headers must come within the first, a body within the
    // second; what does not ends the connection.
    absl::Duration head_time = absl::Seconds(10);
    absl::Duration body_time = absl::Seconds(30);
    // Told what went wrong with connections; the server goes on. May be null.
    std::function<void(std::string_view)> warn;
    // Answers GET for these paths; what is not among them goes to `others`.
    std::map<std::string, Handler> handlers;
    Handler others;
  };

  // Listens. FAILED_PRECONDITION (IN_USE): the address cannot be served.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(Options options);

  // Takes no more requests and waits for those under way, but not for clients
  // who neither send nor read.
  virtual ~HttpServer() = default;
  // The one that it came to be.
  virtual int port() const = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_HTTP_SERVER_H_

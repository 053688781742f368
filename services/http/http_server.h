// What is served over plain HTTP.
#ifndef SAMVERK_SERVICES_HTTP_HTTP_SERVER_H_
#define SAMVERK_SERVICES_HTTP_HTTP_SERVER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace samverk {

struct HttpAnswer {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

// Answers GET for paths. Thread-safe.
class HttpServer {
 public:
  // Called from several threads at once.
  using Handler = std::function<HttpAnswer()>;

  // Listens at HOST:PORT (port 0: one that is free) with a few threads of its
  // own. FAILED_PRECONDITION (IN_USE): the address cannot be served.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const std::string& host, int port,
      std::map<std::string, Handler> handlers);

  // Ends the calls under way, then closes.
  virtual ~HttpServer() = default;
  // The one that it came to be.
  virtual int port() const = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_HTTP_SERVER_H_

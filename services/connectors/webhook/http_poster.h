// POST requests, one after the other, on a connection that is kept.
#ifndef SAMVERK_SERVICES_CONNECTORS_WEBHOOK_HTTP_POSTER_H_
#define SAMVERK_SERVICES_CONNECTORS_WEBHOOK_HTTP_POSTER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/connectors/stop_signal.h"

namespace samverk::connectors {

struct PostRequest {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct PostAnswer {
  // 0: there is no answer, and `error` says why.
  int status = 0;
  absl::Duration retry_after;  // as the target said; at most an hour
  std::string error;
  bool timed_out = false;  // connected, but no answer came in time
};

// Not thread-safe. Redirects are not followed, proxies not used, certificates
// checked against the system's authorities. Of an answer's body nothing is
// kept, and no more than 64 KiB of it and its head are read.
class HttpPoster {
 public:
  HttpPoster(std::string url, absl::Duration timeout);
  ~HttpPoster();
  HttpPoster(const HttpPoster&) = delete;
  HttpPoster& operator=(const HttpPoster&) = delete;

  // Blocks until there is an answer, the timeout or `stop`.
  PostAnswer Post(const PostRequest& request, StopSignal& stop);

 private:
  void* curl_ = nullptr;  // CURL
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_WEBHOOK_HTTP_POSTER_H_

// Requests to other servers, one after the other, on a connection that is kept.
#ifndef SAMVERK_SERVICES_HTTP_HTTP_CLIENT_H_
#define SAMVERK_SERVICES_HTTP_HTTP_CLIENT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/common/stop_signal.h"

namespace samverk {

struct PostRequest {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct HttpClientAnswer {
  // 0: there is no answer, and `error` says why.
  int status = 0;
  std::string body;            // what was read of it
  absl::Duration retry_after;  // as the target said; at most an hour
  std::string error;
  bool timed_out = false;  // connected, but no answer came in time
};

// Not thread-safe. Redirects are not followed, proxies not used, certificates
// checked against the system's authorities. Of an answer no more than 64 KiB,
// with its head, are read.
class HttpClient {
 public:
  HttpClient(std::string url, absl::Duration timeout);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Both block until there is an answer, the timeout or `stop`.
  HttpClientAnswer Post(const PostRequest& request, StopSignal& stop);
  HttpClientAnswer Get(StopSignal& stop);

 private:
  HttpClientAnswer Perform(StopSignal& stop);

  void* curl_ = nullptr;  // CURL
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_HTTP_CLIENT_H_

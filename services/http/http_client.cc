#include "services/http/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"

namespace samverk {
namespace {

constexpr size_t kAnswerBytesMost = 64 << 10;
constexpr absl::Duration kRetryAfterMost = absl::Hours(1);

// A process that uses the library says so once.
void InitialiseOnce() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  SAMVERK_CHECK(initialised == CURLE_OK) << curl_easy_strerror(initialised);
}

// What has come of an answer.
struct Received {
  size_t bytes = 0;
  std::string body;
};

// Each ends the request when too much comes. Headers count too: the library
// would keep them all.
size_t TakeHeader(char* /*data*/, size_t size, size_t count, void* received) {
  Received& all = *static_cast<Received*>(received);
  all.bytes += size * count;
  return all.bytes <= kAnswerBytesMost ? size * count : 0;
}
size_t TakeBody(char* data, size_t size, size_t count, void* received) {
  const size_t taken = TakeHeader(data, size, count, received);
  static_cast<Received*>(received)->body.append(data, taken);
  return taken;
}

// Ends the request when it is not 0.
int IsStopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<StopSignal*>(stop)->given() ? 1 : 0;
}

using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Headers HeadersOf(const PostRequest& request) {
  Headers headers(nullptr, &curl_slist_free_all);
  // It would cost a round trip.
  headers.reset(curl_slist_append(nullptr, "Expect:"));
  for (const auto& [name, value] : request.headers) {
    const std::string line = absl::StrCat(name, ": ", value);
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  }
  return headers;
}

}  // namespace

HttpClient::HttpClient(std::string url, absl::Duration timeout) {
  InitialiseOnce();
  CURL* curl = curl_easy_init();
  SAMVERK_CHECK(curl != nullptr);
  curl_ = curl;
  const auto timeout_ms = static_cast<long>(absl::ToInt64Milliseconds(timeout));
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "samverk");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &TakeHeader);
  // Does not wait for a name server that does not answer.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &IsStopped);
}

HttpClient::~HttpClient() { curl_easy_cleanup(static_cast<CURL*>(curl_)); }

HttpClientAnswer HttpClient::Post(const PostRequest& request,
                                  StopSignal& stop) {
  CURL* curl = static_cast<CURL*>(curl_);
  const Headers headers = HeadersOf(request);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  HttpClientAnswer answer = Perform(stop);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, nullptr);
  return answer;
}

HttpClientAnswer HttpClient::Get(StopSignal& stop) {
  curl_easy_setopt(static_cast<CURL*>(curl_), CURLOPT_HTTPGET, 1L);
  return Perform(stop);
}

HttpClientAnswer HttpClient::Perform(StopSignal& stop) {
  CURL* curl = static_cast<CURL*>(curl_);
  Received received;
  std::array<char, CURL_ERROR_SIZE> error{};
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &received);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error.data());
  const CURLcode result = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);

  HttpClientAnswer answer;
  long status = 0;
  curl_off_t connected_us = 0;
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s);
  // What is wrong after the status came is of no interest, but for 1xx.
  if (status >= 200 && (result == CURLE_OK || result == CURLE_WRITE_ERROR)) {
    answer.status = static_cast<int>(status);
    answer.body = std::move(received.body);
    answer.retry_after =
        std::min(absl::Seconds(retry_after_s), kRetryAfterMost);
    return answer;
  }
  answer.error = error[0] != '\0' ? error.data() : curl_easy_strerror(result);
  if (result == CURLE_OK) answer.error = "the answer has no status";
  answer.timed_out = result == CURLE_OPERATION_TIMEDOUT && connected_us > 0;
  return answer;
}

}  // namespace samverk

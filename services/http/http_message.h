// What comes and goes over HTTP, apart from the library that carries it.
#ifndef SAMVERK_SERVICES_HTTP_HTTP_MESSAGE_H_
#define SAMVERK_SERVICES_HTTP_HTTP_MESSAGE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace samverk {

// A request. It and what it refers to live until its handler returns.
struct HttpRequest {
  std::string method;  // "POST"
  std::string path;    // decoded, without the query
  // What the query says: names and values, decoded.
  std::multimap<std::string, std::string> query;
  // Names in lower case.
  std::multimap<std::string, std::string> headers;
  // "127.0.0.1:40123"
  std::string remote;
  // Reads the body, decompressed; once. RESOURCE_EXHAUSTED (LIMIT_EXCEEDED):
  // it has more bytes than this. INVALID_ARGUMENT: it did not come whole, or in
  // time. Empty for methods without a body.
  std::function<absl::StatusOr<std::string>(size_t bytes_max)> read_body;

  // The first header of this name (in lower case), or "".
  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  // The first value of this name in the query, or "".
  std::string Query(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
  }
};

// Where a stream is written to. One thread.
class HttpSink {
 public:
  virtual ~HttpSink() = default;
  // Waits until the reader has room for it. False: the reader is gone, or has
  // taken nothing for too long, or the server stops.
  virtual bool Write(std::string_view bytes) = 0;
  // False: as above. Does not wait for a reader who has room.
  virtual bool Alive() = 0;
};

// An answer.
struct HttpAnswer {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  // When set, writes the body piece by piece, and returns true at its end.
  // False: it breaks off, and the reader is to see that.
  std::function<bool(HttpSink&)> stream = nullptr;
  // When set, the body has `size` bytes, and this writes `length` of them from
  // `offset` on. False: as above.
  std::function<bool(size_t offset, size_t length, HttpSink&)> part = nullptr;
  size_t size = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_HTTP_MESSAGE_H_

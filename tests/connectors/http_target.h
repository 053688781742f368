// HTTP servers that a webhook may meet, for tests.
#ifndef SAMVERK_TESTS_CONNECTORS_HTTP_TARGET_H_
#define SAMVERK_TESTS_CONNECTORS_HTTP_TARGET_H_

#include <httplib.h>

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "eventstore/base/mutex.h"

namespace samverk::testing {

// Answers as it is told, and keeps what it was sent.
class HttpTarget {
 public:
  struct Received {
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
  };
  // Fills in the answer to the n-th request, from 1; 200 when it does nothing.
  using Answer =
      std::function<void(int n, const Received&, httplib::Response&)>;

  explicit HttpTarget(Answer answer = nullptr);
  ~HttpTarget();

  std::string url() const;
  std::vector<Received> received();
  // The ids of the events in it, in order.
  std::vector<std::string> ids();

 private:
  httplib::Server server_;
  int port_ = 0;
  Mutex mu_;
  std::vector<Received> received_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

// Takes connections, one after the other: reads, says something or nothing,
// and waits until the other one has gone.
class OddTarget {
 public:
  explicit OddTarget(std::string says);
  ~OddTarget();
  std::string url() const;
  // All that it has read, as it came.
  std::string heard();

 private:
  void Run();

  const std::string says_;
  int port_ = 0;
  int listener_ = -1;
  Mutex mu_;
  std::string heard_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

// A port of the loopback that nobody listens at.
int UnusedPort();

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_CONNECTORS_HTTP_TARGET_H_

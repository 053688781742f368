// Says over grpc.health.v1 which services can do their work.
#ifndef SAMVERK_SERVICES_SERVER_HEALTH_H_
#define SAMVERK_SERVICES_SERVER_HEALTH_H_

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/support/server_interceptor.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"

namespace samverk {

// Looks once in `kInterval` whether the store takes events, with a thread of
// its own, and sets the status of the recording service by it: whoever balances
// load over servers then records elsewhere. What only reads goes on serving.
// The reason of a change goes into the log.
class HealthReporter {
 public:
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  // `why_read_only` gives the reason why no events are taken, or "". Both must
  // outlive the reporter.
  HealthReporter(grpc::HealthCheckServiceInterface& health, bool raw_store,
                 std::function<std::string()> why_read_only);
  ~HealthReporter();

 private:
  void Run();
  void Report(const std::string& why_read_only);

  grpc::HealthCheckServiceInterface& health_;
  const std::function<std::string()> why_read_only_;
  std::string reported_;  // the last reason
  Mutex mu_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // last: it uses all of the above
};

// The calls of grpc.health.v1's Watch that are under way. They last for as long
// as their clients like, gRPC's own service does not end them, and nothing is
// lost with them: a server that stops does not wait for them. They need no
// credential, so they are bounded: one beyond kMost is cancelled at once.
// Thread-safe.
class HealthWatches {
 public:
  // Load balancers keep one or a few each.
  static constexpr int64_t kMost = 256;

  // Counts those of a server that it is an interceptor of.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
  MakeCounter();
  int64_t under_way() const { return *count_; }

 private:
  // Calls have it too.
  const std::shared_ptr<std::atomic<int64_t>> count_ =
      std::make_shared<std::atomic<int64_t>>(0);
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_HEALTH_H_

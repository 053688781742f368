// A gRPC server that does as its caller says, behind a gateway.
#ifndef SAMVERK_TESTS_GATEWAY_SERVED_BUS_H_
#define SAMVERK_TESTS_GATEWAY_SERVED_BUS_H_

#include <grpcpp/server.h>
#include <prometheus/registry.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/base/mutex.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "services/gateway/gateway.h"
#include "services/http/http_server.h"

namespace samverk {

// GetGroup by the group's name: "refused" is refused with details, "never" is
// never answered, others are.
class FakeGroups final : public bus::v1::ConsumerGroupService::CallbackService {
 public:
  // Of the last call.
  std::multimap<std::string, std::string> Metadata();
  uint64_t Caller();
  bool HasDeadline();
  int cancelled() const { return cancelled_; }
  int waiting() const { return waiting_; }

  grpc::ServerUnaryReactor* GetGroup(
      grpc::CallbackServerContext* context,
      const bus::v1::GetGroupRequest* request,
      bus::v1::GetGroupResponse* response) override;

 private:
  class Never;

  Mutex mu_;
  std::multimap<std::string, std::string> metadata_ ABSL_GUARDED_BY(mu_);
  uint64_t caller_ ABSL_GUARDED_BY(mu_) = 0;
  bool has_deadline_ ABSL_GUARDED_BY(mu_) = false;
  std::atomic<int> cancelled_ = 0;
  std::atomic<int> waiting_ = 0;
};

// Subscribe by the filter's process: "endless" gives messages of 64 KiB,
// "silent" none, "three" three of them, "broken" one and an error.
class FakeLog final : public bus::v1::SubscriptionService::CallbackService {
 public:
  static constexpr size_t kMessageBytes = 64 << 10;

  int written() const { return written_; }
  int open() const { return open_; }

  grpc::ServerWriteReactor<bus::v1::SubscribeResponse>* Subscribe(
      grpc::CallbackServerContext* context,
      const bus::v1::SubscribeRequest* request) override;

 private:
  class Writer;

  std::atomic<int> written_ = 0;
  std::atomic<int> open_ = 0;
};

// Both, served. Two streams at a time.
class ServedBus {
 public:
  explicit ServedBus(std::vector<std::string> origins = {});
  ~ServedBus();

  FakeGroups& groups() { return groups_; }
  FakeLog& log() { return log_; }
  int port() const { return http_->port(); }
  int grpc_port() const { return grpc_port_; }
  prometheus::Registry& registry() { return registry_; }

 private:
  FakeGroups groups_;
  FakeLog log_;
  prometheus::Registry registry_;
  int grpc_port_ = 0;
  std::unique_ptr<grpc::Server> grpc_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<HttpServer> http_;
};

// Waits until it holds; false after ten seconds.
bool Eventually(const std::function<bool()>& holds);

}  // namespace samverk

#endif  // SAMVERK_TESTS_GATEWAY_SERVED_BUS_H_

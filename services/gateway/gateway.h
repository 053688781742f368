// Every gRPC service over HTTP.
#ifndef SAMVERK_SERVICES_GATEWAY_GATEWAY_H_
#define SAMVERK_SERVICES_GATEWAY_GATEWAY_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/codec/text.h"
#include "services/gateway/cross_origin.h"
#include "services/gateway/gateway_metrics.h"
#include "services/common/slots.h"
#include "services/gateway/static_files.h"
#include "services/gateway/wire.h"
#include "services/http/http_message.h"

namespace samverk {

// Speaks the Connect protocol (https://connectrpc.com/docs/protocol) for every
// method that this program has the contract of, and calls it on a gRPC server:
// there is nothing here to add for a new service. Thread-safe.
class Gateway {
 public:
  // Calls with one answer at a time; each may hold a body.
  static constexpr size_t kCalls = 64;

  struct Options {
    // Origins of web pages that may call; see CrossOrigin.
    std::vector<std::string> origins;
    // Files to serve; none when empty.
    std::string web_directory;
    // Streams at a time; each holds a thread of the HTTP server.
    size_t streams = 128;
    // What else is answered to GET and HEAD, before files: each gives nullopt
    // for paths that are not its own. For the same callers as GET of a method.
    using Pages =
        std::function<std::optional<HttpAnswer>(const HttpRequest& request)>;
    std::vector<Pages> pages = {};
  };

  // `channel` leads to the server. `registry` must outlive the gateway.
  Gateway(const std::shared_ptr<grpc::Channel>& channel,
          prometheus::Registry& registry, const Options& options);

  // Answers one request. The gateway must outlive the answer.
  HttpAnswer Answer(const HttpRequest& request);

  // Of the HTTP server that it needs: some more than calls and streams, so that
  // health and metrics are answered when those are all taken.
  static size_t ConnectionsFor(const Options& options);

 private:
  using Method = google::protobuf::MethodDescriptor;

  HttpAnswer Route(const HttpRequest& request);
  HttpAnswer Call(const Method& method, const HttpRequest& request,
                  codec::Language language);
  // A call with GET of a method that only reads.
  HttpAnswer Get(const Method& method, const HttpRequest& request,
                 codec::Language language);
  absl::StatusOr<HttpAnswer> CallUnary(const Method& method, const Wire& wire,
                                       const HttpRequest& request,
                                       codec::Language language);
  absl::StatusOr<HttpAnswer> CallStream(const Method& method, const Wire& wire,
                                        const HttpRequest& request,
                                        codec::Language language);
  HttpAnswer Error(const Method& method, const Wire& wire,
                   const grpc::Status& status);

  // A page, or a file.
  HttpAnswer GetPage(const HttpRequest& request, codec::Language language);

  const std::unique_ptr<grpc::GenericStub> stub_;
  const CrossOrigin origins_;
  const std::vector<Options::Pages> pages_;
  std::optional<StaticFiles> files_;
  GatewayMetrics metrics_;
  Slots calls_{kCalls};
  const size_t stream_limit_;
  Slots streams_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_GATEWAY_H_

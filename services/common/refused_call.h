// Calls that are answered with an error alone.
#ifndef SAMVERK_SERVICES_COMMON_REFUSED_CALL_H_
#define SAMVERK_SERVICES_COMMON_REFUSED_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "absl/status/status.h"
#include "services/common/grpc_status.h"

namespace samverk {

// Finishes a unary call. `why` must not be OK.
inline grpc::ServerUnaryReactor* RefuseCall(
    grpc::CallbackServerContext& context, const absl::Status& why) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  reactor->Finish(ToGrpcStatus(why));
  return reactor;
}

// Finishes a call whose answer is a stream. Deletes itself.
template <typename Response>
class RefusedStream final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedStream(const absl::Status& why) {
    this->Finish(ToGrpcStatus(why));
  }
  void OnDone() override { delete this; }
};

// The same of a call with streams both ways.
template <typename Request, typename Response>
class RefusedExchange final
    : public grpc::ServerBidiReactor<Request, Response> {
 public:
  explicit RefusedExchange(const absl::Status& why) {
    this->Finish(ToGrpcStatus(why));
  }
  void OnDone() override { delete this; }
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_REFUSED_CALL_H_

// A call of a gRPC method that is known by its name alone.
#ifndef SAMVERK_SERVICES_GATEWAY_RPC_CALL_H_
#define SAMVERK_SERVICES_GATEWAY_RPC_CALL_H_

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "services/gateway/metadata.h"

namespace samverk {

// One request, and messages back: one or many. Driven by its one thread alone,
// which asks for the next message when it has dealt with the last. Until then
// the service waits: at most one message lies here.
class RpcCall {
 public:
  // `path` as gRPC has it ("/samverk.view.v1.ViewService/GetBudget"). The stub
  // must outlive the call.
  RpcCall(grpc::GenericStub& stub, const std::string& path,
          const CallMetadata& metadata, absl::Time deadline);
  // Cancels it, unless it has ended.
  ~RpcCall();
  RpcCall(const RpcCall&) = delete;
  RpcCall& operator=(const RpcCall&) = delete;

  // Sends the request. Once.
  void Start(const std::string& request);

  enum class Next { kMessage, kEnd, kNothingYet };
  // Waits for the next message until then. After kEnd never again.
  Next Read(absl::Time until, std::string& message);

  // How it ended. After kEnd.
  const grpc::Status& status() const { return status_; }
  // What the service sent beside its messages. After kEnd.
  const grpc::ClientContext& context() const { return context_; }

 private:
  // Waits for what was begun last; whether that was done.
  bool Done();
  void Finish();

  grpc::GenericStub& stub_;
  const std::string path_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer buffer_;  // belongs to the reading that goes on
  bool reading_ = false;
  bool ended_ = false;
  grpc::Status status_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_RPC_CALL_H_

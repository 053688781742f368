// A server stream that is being written to a reader over HTTP.
#ifndef SAMVERK_SERVICES_GATEWAY_OPEN_STREAM_H_
#define SAMVERK_SERVICES_GATEWAY_OPEN_STREAM_H_

#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "services/gateway/gateway_metrics.h"
#include "services/gateway/rpc_call.h"
#include "services/common/slots.h"
#include "services/gateway/wire.h"
#include "services/http/http_message.h"

namespace samverk {

// Reads a message when the one before has been written: the reader's speed is
// the service's, and no more than a message or two lies here. One thread.
class OpenStream {
 public:
  // `request` is the one message sent, `answers` a message of the type that
  // comes back. `metrics` must outlive the stream.
  OpenStream(std::unique_ptr<RpcCall> call, std::string request,
             const google::protobuf::Message& answers, const Wire& wire,
             std::unique_ptr<Slots::Slot> slot, GatewayMetrics& metrics);
  // Cancels the call, unless it has ended.
  ~OpenStream();

  // Calls the method and writes what comes until one of both sides ends it.
  // False: the reader is gone; the call is cancelled.
  bool Run(HttpSink& sink);

 private:
  bool WriteMessage(std::string message, HttpSink& sink);
  bool WriteEnd(const grpc::Status& status, HttpSink& sink);

  std::unique_ptr<RpcCall> call_;
  const std::string request_;
  const google::protobuf::Message& answers_;
  const Wire wire_;
  const std::unique_ptr<Slots::Slot> slot_;
  GatewayMetrics& metrics_;
  grpc::StatusCode outcome_ = grpc::StatusCode::CANCELLED;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_OPEN_STREAM_H_

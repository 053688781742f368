#include "services/gateway/open_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "services/common/grpc_status.h"
#include "services/gateway/connect_error.h"

namespace samverk {
namespace {

// How soon it is noticed that a reader is gone while nothing happens.
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(500);

}  // namespace

OpenStream::OpenStream(std::unique_ptr<RpcCall> call, std::string request,
                       const google::protobuf::Message& answers,
                       const Wire& wire, std::unique_ptr<Slots::Slot> slot,
                       GatewayMetrics& metrics)
    : call_(std::move(call)),
      request_(std::move(request)),
      answers_(answers),
      wire_(wire),
      slot_(std::move(slot)),
      metrics_(metrics) {
  metrics_.streams().Increment();
}

OpenStream::~OpenStream() {
  metrics_.streams().Decrement();
  metrics_.Count("stream", ConnectCode(outcome_));
}

bool OpenStream::Run(HttpSink& sink) {
  call_->Start(request_);
  std::string message;
  while (true) {
    switch (call_->Read(absl::Now() + kBetweenLooks, message)) {
      case RpcCall::Next::kNothingYet:
        if (!sink.Alive()) return false;
        break;
      case RpcCall::Next::kMessage:
        if (!WriteMessage(std::move(message), sink)) return false;
        break;
      case RpcCall::Next::kEnd:
        outcome_ = call_->status().error_code();
        return WriteEnd(call_->status(), sink);
    }
  }
}

bool OpenStream::WriteMessage(std::string message, HttpSink& sink) {
  if (wire_.json) {
    absl::StatusOr<std::string> json = JsonOfBytes(message, answers_);
    if (!json.ok()) return false;
    message = *std::move(json);
  }
  return sink.Write(FrameHead(wire_.framing, message.size())) &&
         sink.Write(message) && sink.Write(FrameTail(wire_.framing));
}

bool OpenStream::WriteEnd(const grpc::Status& status, HttpSink& sink) {
  return sink.Write(
      LastFrame(wire_.framing, status.ok() ? "" : ConnectErrorJson(status),
                MetadataJson(call_->context().GetServerTrailingMetadata())));
}

}  // namespace samverk

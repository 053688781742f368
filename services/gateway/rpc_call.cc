#include "services/gateway/rpc_call.h"

#include <grpcpp/support/slice.h>

#include <chrono>
#include <vector>

#include "eventstore/base/check.h"

namespace samverk {
namespace {

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  SAMVERK_CHECK(buffer.Dump(&slices).ok()) << "a message was read";
  std::string text;
  text.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

std::chrono::system_clock::time_point Chrono(absl::Time time) {
  return time == absl::InfiniteFuture()
             ? std::chrono::system_clock::time_point::max()
             : absl::ToChronoTime(time);
}

}  // namespace

RpcCall::RpcCall(grpc::GenericStub& stub, const std::string& path,
                 const CallMetadata& metadata, absl::Time deadline)
    : stub_(stub), path_(path) {
  for (const auto& [name, value] : metadata) context_.AddMetadata(name, value);
  if (deadline != absl::InfiniteFuture()) {
    context_.set_deadline(Chrono(deadline));
  }
}

RpcCall::~RpcCall() {
  if (stream_ != nullptr && !ended_) {
    context_.TryCancel();
    if (reading_) Done();
    Finish();
  }
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

void RpcCall::Start(const std::string& request) {
  stream_ = stub_.PrepareCall(&context_, path_, &queue_);
  stream_->StartCall(this);
  if (!Done()) return Finish();
  const grpc::Slice slice(request);
  stream_->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), this);
  // Should it fail, reading tells why.
  Done();
}

RpcCall::Next RpcCall::Read(absl::Time until, std::string& message) {
  if (ended_) return Next::kEnd;
  if (!reading_) {
    reading_ = true;
    stream_->Read(&buffer_, this);
  }
  void* tag = nullptr;
  bool ok = false;
  const auto event = queue_.AsyncNext(&tag, &ok, Chrono(until));
  if (event == grpc::CompletionQueue::TIMEOUT) return Next::kNothingYet;
  reading_ = false;
  if (!ok) {
    Finish();
    return Next::kEnd;
  }
  message = TextOf(buffer_);
  buffer_.Clear();
  return Next::kMessage;
}

bool RpcCall::Done() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

void RpcCall::Finish() {
  stream_->Finish(&status_, this);
  Done();
  ended_ = true;
}

}  // namespace samverk

#include "services/common/wire_bytes.h"

#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"

namespace samverk {

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  auto* owned = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owned->data(), owned->size(),
      [](void* string) { delete static_cast<std::string*>(string); }, owned);
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer ToByteBuffer(const google::protobuf::Message& message) {
  return ToByteBuffer(message.SerializeAsString());
}

absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message& message) {
  // The reader takes the slices one by one; it does not change the buffer.
  grpc::ByteBuffer reference(bytes);
  grpc::ProtoBufferReader reader(&reference);
  if (reader.status().ok() && message.ParseFromZeroCopyStream(&reader)) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat("the request is not a ", message.GetTypeName(),
                   ", or a text in it is not UTF-8; send what the contract "
                   "says"),
      {{"field", message.GetTypeName()}});
}

}  // namespace samverk

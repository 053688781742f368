// Messages as the bytes that gRPC carries.
#ifndef SAMVERK_SERVICES_COMMON_WIRE_BYTES_H_
#define SAMVERK_SERVICES_COMMON_WIRE_BYTES_H_

#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace samverk {

// Bytes to send, without a copy of them.
grpc::ByteBuffer ToByteBuffer(std::string bytes);
grpc::ByteBuffer ToByteBuffer(const google::protobuf::Message& message);

// Takes a message that was received. INVALID_ARGUMENT (INVALID_FIELD) when the
// bytes are not one, or a text in it is not UTF-8; gRPC's own parsing would
// answer UNIMPLEMENTED, or end a stream.
absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message& message);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_WIRE_BYTES_H_

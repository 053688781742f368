// Receiving pages of the log: messages of some hundred kilobytes.
#ifndef SAMVERK_CLIENTS_CPP_LARGE_MESSAGES_H_
#define SAMVERK_CLIENTS_CPP_LARGE_MESSAGES_H_

#include <grpcpp/support/channel_arguments.h>

namespace samverk::client {

// Lets them come in fewer and larger pieces than gRPC's defaults, which are
// made for small ones: less waking up, and no waiting for leave to go on
// sending.
inline void ReceiveLargeMessages(grpc::ChannelArguments& arguments) {
  constexpr int kReadBytes = 256 << 10;
  constexpr int kFrameBytes = 1 << 20;
  constexpr int kAheadBytes = 4 << 20;  // as large as a message may be
  arguments.SetInt(GRPC_ARG_TCP_READ_CHUNK_SIZE, kReadBytes);
  arguments.SetInt(GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, 4 * kReadBytes);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, kFrameBytes);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kAheadBytes);
}

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_LARGE_MESSAGES_H_

#include "clients/load/channels.h"

#include <grpcpp/support/channel_arguments.h>

#include "clients/cpp/channel.h"

namespace samverk::load {

std::vector<std::shared_ptr<grpc::Channel>> MakeChannels(
    const client::Options& options, size_t count) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (size_t i = 0; i < count; ++i) {
    grpc::ChannelArguments arguments;
    // Equal channels would share a connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels.push_back(client::MakeChannel(options, arguments));
  }
  return channels;
}

}  // namespace samverk::load

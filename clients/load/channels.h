// Connections to a server.
#ifndef SAMVERK_CLIENTS_LOAD_CHANNELS_H_
#define SAMVERK_CLIENTS_LOAD_CHANNELS_H_

#include <grpcpp/channel.h>

#include <memory>
#include <vector>

#include "clients/cpp/options.h"

namespace samverk::load {

// `count` channels to one server, each with a connection of its own.
std::vector<std::shared_ptr<grpc::Channel>> MakeChannels(
    const client::Options& options, size_t count);

}  // namespace samverk::load

#endif  // SAMVERK_CLIENTS_LOAD_CHANNELS_H_

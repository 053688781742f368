// Channels to a server, as a client's options have them: with TLS or without,
// and with the caller's token on every call.
#ifndef SAMVERK_CLIENTS_CPP_CHANNEL_H_
#define SAMVERK_CLIENTS_CPP_CHANNEL_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>

#include "absl/status/status.h"
#include "clients/cpp/options.h"

namespace samverk::client {

// Whether an address is one of this machine.
bool IsLocal(const std::string& address);

// INVALID_ARGUMENT: a token would go to another machine in clear, or a
// certificate has no key.
absl::Status CheckChannel(const Options& options);

// A channel to options.address. What every client wants of one is added to
// `arguments`.
std::shared_ptr<grpc::Channel> MakeChannel(const Options& options,
                                           grpc::ChannelArguments arguments);

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CHANNEL_H_

#include "services/common/caller.h"

#include <functional>
#include <string>

namespace samverk {

uint64_t CallerOf(const grpc::CallbackServerContext& context) {
  const std::string peer = context.peer();
  // Whoever comes over a network or a socket has an address.
  const bool within_process = peer.find(':') == std::string::npos;
  const auto& metadata = context.client_metadata();
  const auto client = metadata.find(kGatewayPeer);
  if (within_process && client != metadata.end()) {
    return std::hash<std::string>()(
        std::string(client->second.data(), client->second.size()));
  }
  return std::hash<std::string>()(peer);
}

}  // namespace samverk

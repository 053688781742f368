#include "services/common/caller.h"

#include <functional>
#include <string>

namespace samverk {

namespace {

// Where a call comes from, with its port.
std::string PeerOf(const grpc::ServerContextBase& context) {
  const std::string peer = context.peer();
  // Whoever comes over a network or a socket has an address.
  const bool within_process = peer.find(':') == std::string::npos;
  const auto& metadata = context.client_metadata();
  const auto client = metadata.find(kGatewayPeer);
  if (within_process && client != metadata.end()) {
    return std::string(client->second.data(), client->second.size());
  }
  return peer;
}

}  // namespace

uint64_t CallerOf(const grpc::CallbackServerContext& context) {
  return std::hash<std::string>()(PeerOf(context));
}

std::string HostOf(const grpc::ServerContextBase& context) {
  const std::string peer = PeerOf(context);
  return peer.substr(0, peer.rfind(':'));
}

}  // namespace samverk

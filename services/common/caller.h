// Who is at the other end of a call.
#ifndef SAMVERK_SERVICES_COMMON_CALLER_H_
#define SAMVERK_SERVICES_COMMON_CALLER_H_

#include <grpcpp/server_context.h>

#include <cstdint>
#include <string>

namespace samverk {

// Metadata that the gateway puts into calls that it makes within this process:
// the address of the HTTP client that it makes one for.
inline constexpr char kGatewayPeer[] = "samverk-gateway-peer";

// The call's connection as a number, for taking turns. Not to be kept: it is
// another one when the client connects again.
uint64_t CallerOf(const grpc::CallbackServerContext& context);

// The address that the call comes from, without its port: "ipv4:192.0.2.7", or
// "127.0.0.1" through the gateway.
std::string HostOf(const grpc::ServerContextBase& context);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_CALLER_H_

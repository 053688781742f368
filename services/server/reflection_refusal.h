// Has a server tell its contracts to nobody.
#ifndef SAMVERK_SERVICES_SERVER_REFLECTION_REFUSAL_H_
#define SAMVERK_SERVICES_SERVER_REFLECTION_REFUSAL_H_

#include <grpcpp/support/server_interceptor.h>

#include <memory>

namespace samverk {

// Cancels every call of reflection. gRPC adds that service to each server of a
// program that is linked with it, and it knows no gate.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
RefuseReflection();

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_REFLECTION_REFUSAL_H_

// A call with one answer. Internal to clients/cpp.
#ifndef SAMVERK_CLIENTS_CPP_UNARY_CALL_H_
#define SAMVERK_CLIENTS_CPP_UNARY_CALL_H_

#include <grpcpp/client_context.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/status.h"

namespace samverk::client {

// A method of a generated stub that answers once.
template <typename Stub, typename Request, typename Response>
using UnaryMethod = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&,
                                           Response*);

// Calls it, and again where that may help (Connection::Retry).
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallUnary(const Connection& connection, Stub& stub,
                                   UnaryMethod<Stub, Request, Response> method,
                                   const Request& request) {
  Response response;
  const absl::Status status =
      connection.Retry([&](absl::Time deadline) -> absl::Status {
        grpc::ClientContext context;
        connection.Prepare(deadline, context);
        return FromGrpcStatus((stub.*method)(&context, request, &response));
      });
  if (!status.ok()) return status;
  return response;
}

// Calls it once.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallOnce(const Connection& connection, Stub& stub,
                                  UnaryMethod<Stub, Request, Response> method,
                                  const Request& request) {
  Response response;
  grpc::ClientContext context;
  connection.Prepare(absl::Now() + connection.options().timeout, context);
  const absl::Status status =
      FromGrpcStatus((stub.*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_UNARY_CALL_H_

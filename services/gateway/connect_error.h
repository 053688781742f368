// Errors as the Connect protocol writes them
// (https://connectrpc.com/docs/protocol#error-codes).
#ifndef SAMVERK_SERVICES_GATEWAY_CONNECT_ERROR_H_
#define SAMVERK_SERVICES_GATEWAY_CONNECT_ERROR_H_

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

namespace samverk {

// "invalid_argument"; "ok" for OK, which Connect has no word for.
std::string_view ConnectCode(grpc::StatusCode code);

// The HTTP status that a unary call is answered with: 400 for INVALID_ARGUMENT.
int HttpStatusOf(grpc::StatusCode code);

// {"code", "message", "details": [{"type", "value", "debug"}]} on one line.
// `debug` is the detail as JSON, where its type is known here. Pure.
std::string ConnectErrorJson(const grpc::Status& status);

// A text as JSON, in quotes.
std::string JsonText(std::string_view text);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_CONNECT_ERROR_H_

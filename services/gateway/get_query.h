// The query of a call that is made with GET
// (https://connectrpc.com/docs/protocol#unary-get-request).
#ifndef SAMVERK_SERVICES_GATEWAY_GET_QUERY_H_
#define SAMVERK_SERVICES_GATEWAY_GET_QUERY_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/gateway/wire.h"
#include "services/http/http_message.h"

namespace samverk {

// How its message is written: "encoding". Nothing when that is neither "json"
// nor "proto".
std::optional<Wire> WireOfQuery(const HttpRequest& request);

// Its message: taken out of base64 and unpacked, if it is said to be that.
// Pure.
//   INVALID_ARGUMENT (INVALID_FIELD): there is none, it is not what it is said
//     to be, or it is of a version of Connect that is not known here.
//   UNIMPLEMENTED: it is compressed in a way that is not known here.
//   RESOURCE_EXHAUSTED (LIMIT_EXCEEDED): unpacked it is larger than a message
//     may be.
absl::StatusOr<std::string> MessageOfQuery(const HttpRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_GET_QUERY_H_

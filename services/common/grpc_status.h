// The store's and services' errors on the wire.
#ifndef SAMVERK_SERVICES_COMMON_GRPC_STATUS_H_
#define SAMVERK_SERVICES_COMMON_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace samverk {

// The same canonical code and sentence. Its details (the bytes of a
// google.rpc.Status, sent in the trailer grpc-status-details-bin) hold every
// payload of `status`, in the order of their type URLs; they are empty when
// there is none. OK gives OK.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_GRPC_STATUS_H_

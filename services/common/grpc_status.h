// The store's and services' errors on the wire.
#ifndef SAMVERK_SERVICES_COMMON_GRPC_STATUS_H_
#define SAMVERK_SERVICES_COMMON_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace samverk {

// What gRPC's implementations take of a call's trailers by default is 8 KiB;
// more, and the caller sees a transport error in place of ours. The sentence is
// there twice (in the status and in its details), so it is cut at this; those
// who add payloads keep them below 6 KiB together.
inline constexpr size_t kStatusMessageBytes = 800;

// The same canonical code and sentence. Its details (the bytes of a
// google.rpc.Status, sent in the trailer grpc-status-details-bin) hold every
// payload of `status`, in the order of their type URLs; they are empty when
// there is none. OK gives OK.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_GRPC_STATUS_H_

// Headers of HTTP as gRPC's metadata and back.
#ifndef SAMVERK_SERVICES_GATEWAY_METADATA_H_
#define SAMVERK_SERVICES_GATEWAY_METADATA_H_

#include <grpcpp/support/string_ref.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/http/http_message.h"

namespace samverk {

using CallMetadata = std::vector<std::pair<std::string, std::string>>;

// What services are to see of a request's headers: all but those that belong
// to HTTP, to Connect or to gRPC itself, and those that gRPC cannot carry
// (characters outside ASCII). INVALID_ARGUMENT: one whose name ends in "-bin"
// is not base64, or Authorization is one that gRPC cannot carry: without it the
// caller would be somebody else.
absl::StatusOr<CallMetadata> MetadataOf(const HttpRequest& request);

// Metadata of an answer as headers, each name behind `prefix`.
CallMetadata HeadersOf(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata,
    std::string_view prefix);

// The same as Connect's JSON at the end of a stream: {"name": ["value"]}.
// Empty when there is none.
std::string MetadataJson(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

// How long the caller waits: Connect-Timeout-Ms, or forever.
// INVALID_ARGUMENT: it is no number of at most ten digits.
absl::StatusOr<absl::Duration> TimeoutOf(const HttpRequest& request);

// INVALID_ARGUMENT: a version of Connect that is not known here. UNIMPLEMENTED:
// a body that is compressed in a way that is not; messages of streams are not
// compressed here.
absl::Status CheckProtocol(const HttpRequest& request);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_METADATA_H_

// What a failed call says, kept whole: code, sentence and details.
#ifndef SAMVERK_CLIENTS_CPP_STATUS_H_
#define SAMVERK_CLIENTS_CPP_STATUS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "samverk/error/v1/reasons.pb.h"
#include "samverk/recording/v1/recording_service.pb.h"

namespace grpc {
class Status;
}

namespace samverk::client {

// The outcome of a gRPC call. Every detail that the server sent (ErrorInfo,
// RetryInfo, BadRequest, Refusal) becomes a payload of the status, under its
// type URL; the functions below take them out.
absl::Status FromGrpcStatus(const grpc::Status& status);

// The other direction of the details: a google.rpc.Status as its bytes (the
// answer of a stream of appends). INTERNAL when the bytes are not one.
absl::Status FromRpcStatusBytes(const std::string& bytes);

// The reason from the catalogue, or REASON_UNSPECIFIED when the status carries
// none (it was made by gRPC itself) or one that this library does not know.
error::v1::Reason ReasonOf(const absl::Status& status);

// Every value of the sentence, by name; nullopt when the status carries none.
std::optional<google::rpc::ErrorInfo> ErrorInfoOf(const absl::Status& status);

// What the rules refused; nullopt unless the reason is REFUSED.
std::optional<recording::v1::Refusal> RefusalOf(const absl::Status& status);

// How long the server asks to wait; nullopt when it does not say.
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_STATUS_H_

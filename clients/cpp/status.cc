#include "clients/cpp/status.h"

#include <grpcpp/support/status.h>

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"

namespace samverk::client {
namespace {

constexpr char kUrlPrefix[] = "type.googleapis.com/";

void AddDetails(const google::rpc::Status& rpc, absl::Status& status) {
  for (const auto& detail : rpc.details()) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
}

// The payload of type Message, if the status has a well-formed one.
template <typename Message>
std::optional<Message> PayloadOf(const absl::Status& status) {
  const auto payload = status.GetPayload(
      absl::StrCat(kUrlPrefix, Message::descriptor()->full_name()));
  Message message;
  if (!payload.has_value() || !message.ParseFromString(std::string(*payload))) {
    return std::nullopt;
  }
  return message;
}

}  // namespace

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  google::rpc::Status rpc;
  if (rpc.ParseFromString(status.error_details())) AddDetails(rpc, result);
  return result;
}

absl::Status FromRpcStatusBytes(const std::string& bytes) {
  google::rpc::Status rpc;
  if (!rpc.ParseFromString(bytes) || rpc.code() == 0) {
    return absl::InternalError(
        "the server's answer holds an error that cannot be read");
  }
  absl::Status result(static_cast<absl::StatusCode>(rpc.code()), rpc.message());
  AddDetails(rpc, result);
  return result;
}

error::v1::Reason ReasonOf(const absl::Status& status) {
  error::v1::Reason reason = error::v1::REASON_UNSPECIFIED;
  const auto info = ErrorInfoOf(status);
  if (info.has_value()) {
    error::v1::Reason_Parse("REASON_" + info->reason(), &reason);
  }
  return reason;
}

std::optional<google::rpc::ErrorInfo> ErrorInfoOf(const absl::Status& status) {
  return PayloadOf<google::rpc::ErrorInfo>(status);
}

std::optional<recording::v1::Refusal> RefusalOf(const absl::Status& status) {
  return PayloadOf<recording::v1::Refusal>(status);
}

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  const auto info = PayloadOf<google::rpc::RetryInfo>(status);
  if (!info.has_value()) return std::nullopt;
  return absl::Seconds(info->retry_delay().seconds()) +
         absl::Nanoseconds(info->retry_delay().nanos());
}

}  // namespace samverk::client

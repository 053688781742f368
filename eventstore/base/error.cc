#include "eventstore/base/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/strip.h"
#include "eventstore/base/check.h"
#include "google/rpc/error_details.pb.h"

namespace samverk {
namespace {

constexpr char kPrefix[] = "REASON_";

}  // namespace

std::string ReasonName(error::v1::Reason reason) {
  const std::string& name = error::v1::Reason_Name(reason);
  return std::string(absl::StripPrefix(name, kPrefix));
}

absl::Status MakeError(absl::StatusCode code, error::v1::Reason reason,
                       std::string_view message,
                       std::vector<ErrorValue> values) {
  SAMVERK_CHECK(code != absl::StatusCode::kOk) << message;
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonName(reason));
  info.set_domain("samverk");
  for (auto& [name, value] : values) {
    (*info.mutable_metadata())[name] = std::move(value);
  }
  status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

error::v1::Reason ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kErrorInfoUrl);
  if (!payload.has_value()) return error::v1::REASON_UNSPECIFIED;
  google::rpc::ErrorInfo info;
  error::v1::Reason reason = error::v1::REASON_UNSPECIFIED;
  if (info.ParseFromString(std::string(*payload))) {
    error::v1::Reason_Parse(kPrefix + info.reason(), &reason);
  }
  return reason;
}

}  // namespace samverk

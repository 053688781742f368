#include "eventstore/base/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "google/rpc/error_details.pb.h"

namespace samverk {
namespace {

constexpr char kPrefix[] = "REASON_";

// What an error quotes may be damaged: a message takes only UTF-8.
std::string AsText(std::string_view text) {
  return IsValidUtf8(text) ? std::string(text) : absl::CHexEscape(ToAbsl(text));
}

}  // namespace

std::string ReasonName(error::v1::Reason reason) {
  const std::string& name = error::v1::Reason_Name(reason);
  return std::string(absl::StripPrefix(name, kPrefix));
}

absl::Status MakeError(absl::StatusCode code, error::v1::Reason reason,
                       std::string_view message,
                       std::vector<ErrorValue> values) {
  SAMVERK_CHECK(code != absl::StatusCode::kOk) << message;
  absl::Status status(code, AsText(message));
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonName(reason));
  info.set_domain("samverk");
  for (const auto& [name, value] : values) {
    (*info.mutable_metadata())[name] = AsText(value);
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

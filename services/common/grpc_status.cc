#include "services/common/grpc_status.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/cord.h"
#include "google/rpc/status.pb.h"

namespace samverk {
namespace {

// The codes of Abseil, gRPC and google.rpc are the same numbers.
static_assert(static_cast<int>(absl::StatusCode::kUnauthenticated) ==
              static_cast<int>(grpc::StatusCode::UNAUTHENTICATED));
static_assert(static_cast<int>(absl::StatusCode::kAborted) ==
              static_cast<int>(grpc::StatusCode::ABORTED));

// At most kStatusMessageBytes, cut between characters.
std::string Shortened(std::string message) {
  if (message.size() <= kStatusMessageBytes) return message;
  constexpr std::string_view kMore = "…";
  size_t end = kStatusMessageBytes - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) {
    --end;
  }
  message.resize(end);
  message.append(kMore);
  return message;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.raw_code());
  const std::string message = Shortened(std::string(status.message()));

  // Abseil visits payloads in no certain order.
  std::map<std::string, std::string> payloads;
  status.ForEachPayload(
      [&payloads](absl::string_view url, const absl::Cord& payload) {
        payloads[std::string(url)] = std::string(payload);
      });
  if (payloads.empty()) return grpc::Status(code, message);

  google::rpc::Status details;
  details.set_code(status.raw_code());
  details.set_message(message);
  for (auto& [url, payload] : payloads) {
    google::protobuf::Any& any = *details.add_details();
    any.set_type_url(url);
    any.set_value(std::move(payload));
  }
  return grpc::Status(code, message, details.SerializeAsString());
}

}  // namespace samverk

#include "proto/codec/errors.h"

#include <cstddef>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"

namespace samverk::codec {
namespace {

constexpr size_t kQuotedBytes = 40;

}  // namespace

absl::Status CodecError(
    absl::StatusCode code, error::v1::Reason reason, const std::string& message,
    const std::vector<std::pair<std::string, std::string>>& values) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(
      absl::StripPrefix(error::v1::Reason_Name(reason), "REASON_")));
  info.set_domain("samverk");
  for (const auto& [name, value] : values) {
    (*info.mutable_metadata())[name] = value;
  }
  status.SetPayload(View(kErrorInfoUrl), absl::Cord(info.SerializeAsString()));
  return status;
}

std::string Clipped(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  // Back to the first byte of a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return absl::StrCat(View(text.substr(0, end)), "…");
}

std::string Quoted(std::string_view text) {
  return absl::StrCat(
      "\"", absl::Utf8SafeCHexEscape(Clipped(text, kQuotedBytes)), "\"");
}

}  // namespace samverk::codec

#include "proto/codec/errors.h"

#include <cstddef>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"

namespace samverk::codec {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
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
  status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

std::string Quoted(std::string_view text) {
  std::string_view shown = text.substr(0, kQuotedBytes);
  if (shown.size() < text.size()) {
    // Back to the first byte of a character.
    while (!shown.empty() &&
           (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80) {
      shown.remove_suffix(1);
    }
  }
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(View(shown)),
                      shown.size() < text.size() ? "…\"" : "\"");
}

}  // namespace samverk::codec

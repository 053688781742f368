#include "services/access/base64url.h"

#include "absl/strings/escaping.h"
#include "eventstore/base/strings.h"

namespace samverk::access {

std::string ToBase64Url(std::string_view bytes) {
  return absl::WebSafeBase64Escape(ToAbsl(bytes));
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  std::string bytes;
  // Abseil takes more than one form of the same bytes.
  if (!absl::WebSafeBase64Unescape(ToAbsl(text), &bytes) ||
      ToBase64Url(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace samverk::access

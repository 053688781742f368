#include "services/access/credential.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "eventstore/base/strings.h"

namespace samverk::access {

bool IsOrganisation(std::string_view text) {
  const auto plain = [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c));
  };
  return !text.empty() && text.size() <= kOrganisationBytes &&
         plain(text.front()) &&
         std::all_of(text.begin(), text.end(), [&plain](char c) {
           return plain(c) || c == '.' || c == '-' || c == '_';
         });
}

bool IsName(std::string_view text, size_t bytes_most) {
  return !text.empty() && text.size() <= bytes_most && IsValidUtf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_iscntrl(static_cast<unsigned char>(c));
         });
}

}  // namespace samverk::access

// The base64 of tokens and keys (RFC 7515, section 2): with "-" and "_",
// without padding. Pure.
#ifndef SAMVERK_SERVICES_ACCESS_BASE64URL_H_
#define SAMVERK_SERVICES_ACCESS_BASE64URL_H_

#include <optional>
#include <string>
#include <string_view>

namespace samverk::access {

std::string ToBase64Url(std::string_view bytes);

// nullopt of what ToBase64Url would not have written: padding, spaces, "+" and
// "/", bits that are set after the last byte.
std::optional<std::string> FromBase64Url(std::string_view text);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_BASE64URL_H_

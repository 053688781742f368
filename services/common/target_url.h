// Addresses of targets.
#ifndef SAMVERK_SERVICES_COMMON_TARGET_URL_H_
#define SAMVERK_SERVICES_COMMON_TARGET_URL_H_

#include <array>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace samverk {

// Checks an URL of one of two schemes, the first of which is encrypted; the
// second may only lead to this machine itself ("localhost", 127.0.0.1, ::1).
// Pure.
//   INVALID_ARGUMENT (INVALID_FIELD) about `field`: anything else; user,
//     password, fragment; more than 2000 bytes. What may be a password is not
//     in the sentence.
absl::Status CheckUrl(std::string_view field, const std::string& url,
                      const std::array<std::string_view, 2>& schemes);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_TARGET_URL_H_

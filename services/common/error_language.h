// The errors of the catalogue in the caller's language.
#ifndef SAMVERK_SERVICES_COMMON_ERROR_LANGUAGE_H_
#define SAMVERK_SERVICES_COMMON_ERROR_LANGUAGE_H_

#include "absl/status/status.h"
#include "proto/codec/text.h"

namespace samverk {

// The same error, code and payloads, with its sentence in `language`. In
// English, and where the reason has no Swedish sentence, the status as it is.
// Pure.
absl::Status InLanguage(const absl::Status& status, codec::Language language);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_ERROR_LANGUAGE_H_

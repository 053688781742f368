// Errors with a reason from the catalogue.
#ifndef SAMVERK_EVENTSTORE_BASE_ERROR_H_
#define SAMVERK_EVENTSTORE_BASE_ERROR_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "samverk/error/v1/reasons.pb.h"

namespace samverk {

// A value that an error's sentence mentions, by name.
using ErrorValue = std::pair<std::string, std::string>;

// An error with `code`, the sentence `message` (what happened, with the value,
// and what to do), and a google.rpc.ErrorInfo payload {reason, "samverk",
// values}. `code` must not be OK. What is not UTF-8 is escaped ("\x92").
absl::Status MakeError(absl::StatusCode code, error::v1::Reason reason,
                       std::string_view message,
                       std::vector<ErrorValue> values = {});

// The reason that `status` carries, or REASON_UNSPECIFIED.
error::v1::Reason ReasonOf(const absl::Status& status);

// The name without its prefix: "QUEUE_FULL".
std::string ReasonName(error::v1::Reason reason);

// The type URL of the payload that MakeError attaches.
inline constexpr char kErrorInfoUrl[] =
    "type.googleapis.com/google.rpc.ErrorInfo";

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_ERROR_H_

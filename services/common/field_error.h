// Errors about one field of a request.
#ifndef SAMVERK_SERVICES_COMMON_FIELD_ERROR_H_
#define SAMVERK_SERVICES_COMMON_FIELD_ERROR_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "eventstore/types.h"

namespace samverk {

// INVALID_ARGUMENT (INVALID_FIELD), with a BadRequest.
absl::Status FieldError(std::string_view field, std::string_view what);

// Refuses a state (as_of) that is not there yet: answered from the head it
// would be another answer tomorrow.
//   INVALID_ARGUMENT: the position lies beyond the head.
absl::Status CheckRecorded(std::string_view field, uint64_t position,
                           Position head);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_FIELD_ERROR_H_

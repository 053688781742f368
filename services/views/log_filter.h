// Which events of the history a caller wants, in the caller's words.
#ifndef SAMVERK_SERVICES_VIEWS_LOG_FILTER_H_
#define SAMVERK_SERVICES_VIEWS_LOG_FILTER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "eventstore/types.h"

namespace samverk {

// All that is given must hold. Views of a request's fields.
struct LogFilter {
  using Texts = google::protobuf::RepeatedPtrField<std::string>;

  std::string_view process;
  const Texts* streams = nullptr;
  const Texts* types = nullptr;
  const Texts* tags = nullptr;
  // Stands before a field's name in an error: "filter.".
  std::string_view fields;
};

// The query that finds those events. Types get "samverk." where they have no
// dot; tags are qualified by the process where they are not.
//   INVALID_ARGUMENT (INVALID_FIELD), with the field and the value: what can
//     never match (a type inside "samverk." that does not exist, a stream or a
//     tag of another process, an empty text), and too many terms.
absl::StatusOr<Query> QueryOf(const LogFilter& filter);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_LOG_FILTER_H_

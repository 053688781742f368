#include "eventstore/store_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"

namespace samverk {

absl::Status DeadlinePassed() {
  return absl::DeadlineExceededError(
      "the deadline passed before the store came to the request; nothing was "
      "written");
}

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable,
                   error::v1::REASON_SHUTTING_DOWN,
                   "the store is closing; send the request again to the "
                   "restarted server");
}

absl::Status QueueFull(size_t requests, size_t bytes) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat(requests, " appends of ", bytes,
                   " bytes wait already; send the same request again later"),
      {{"requests", absl::StrCat(requests)}, {"bytes", absl::StrCat(bytes)}});
}

absl::Status KeptForOthers(size_t requests, size_t bytes) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat(
          requests, " appends of ", bytes,
          " bytes wait already, this connection's among them, and what "
          "room there is is kept for others; wait for its answers, "
          "then send the same request again"),
      {{"requests", absl::StrCat(requests)}, {"bytes", absl::StrCat(bytes)}});
}

absl::Status ReadOnly(std::string_view why) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   error::v1::REASON_READ_ONLY,
                   absl::StrCat("the store accepts no writes: ", ToAbsl(why)),
                   {{"why", std::string(why)}});
}

absl::Status OutcomeUnknown(std::string_view why) {
  return MakeError(
      absl::StatusCode::kUnavailable, error::v1::REASON_OUTCOME_UNKNOWN,
      absl::StrCat("whether the append was written is not known (", ToAbsl(why),
                   "); send it again with the same ids, that is safe"),
      {{"why", std::string(why)}});
}

absl::Status DataDamaged(std::string_view where, std::string_view what) {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("stored data is damaged at ", ToAbsl(where), ": ",
                   ToAbsl(what),
                   "; stop the server, restore a backup and compare it with a "
                   "kept checkpoint"),
      {{"where", std::string(where)}, {"what", std::string(what)}});
}

}  // namespace samverk

#include "services/common/field_error.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "google/rpc/error_details.pb.h"

namespace samverk {
namespace {

constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";

}  // namespace

absl::Status FieldError(std::string_view field, std::string_view what) {
  absl::Status status = MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat(ToAbsl(field), ": ", ToAbsl(what)),
      {{"field", std::string(field)}});
  google::rpc::BadRequest bad;
  auto& violation = *bad.add_field_violations();
  violation.set_field(std::string(field));
  violation.set_description(std::string(what));
  status.SetPayload(kBadRequestUrl, absl::Cord(bad.SerializeAsString()));
  return status;
}

absl::Status CheckRecorded(std::string_view field, uint64_t position,
                           Position head) {
  if (position <= head.value()) return absl::OkStatus();
  return FieldError(field,
                    absl::StrCat("position ", position,
                                 " has not been recorded yet, the last one is ",
                                 head.value(), "; give that or a lower one"));
}

}  // namespace samverk

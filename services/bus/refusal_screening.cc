#include "services/bus/refusal_screening.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "services/common/field_error.h"
#include "services/recording/text_screening.h"

namespace samverk {
namespace {

using recording::PersonalDetail;

const char* NameOf(PersonalDetail what) {
  switch (what) {
    case PersonalDetail::kIdentityNumber:
      return "a personal identity number";
    case PersonalDetail::kPhoneNumber:
      return "a telephone number";
    case PersonalDetail::kEmailAddress:
      return "an e-mail address";
  }
  return "a personal detail";
}

}  // namespace

absl::Status CheckReasons(const bus::v1::AcknowledgeRequest& request) {
  for (const auto& refused : request.refused()) {
    const std::string& reason = refused.reason();
    // What is no text, or too long, the group refuses.
    if (reason.size() > limits::kRefusalBytes || !IsValidUtf8(reason)) continue;
    const auto detail =
        recording::ScreenText(reason, recording::Screening::kWords);
    if (!detail.has_value()) continue;
    return FieldError(
        "refused.reason",
        absl::StrCat("that of position ", refused.position(),
                     " has what looks like ", NameOf(detail->what), " (",
                     detail->masked, ", at byte ", detail->offset,
                     "); say it without, the register cannot forget"));
  }
  return absl::OkStatus();
}

}  // namespace samverk

#include "eventstore/bus/acknowledgement.h"

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/bus/group_settings.h"
#include "eventstore/limits.h"

namespace samverk::bus {
namespace {

absl::Status CheckReason(const std::string& reason) {
  if (reason.size() > limits::kRefusalBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_LIMIT_EXCEEDED,
                     absl::StrCat("refused.reason has ", reason.size(),
                                  " bytes, but at most ", limits::kRefusalBytes,
                                  " are allowed"),
                     {{"what", "refused.reason"},
                      {"value", absl::StrCat(reason.size())},
                      {"limit", absl::StrCat(limits::kRefusalBytes)}});
  }
  if (!IsValidUtf8(reason)) return WrongField("refused.reason", "is not UTF-8");
  return absl::OkStatus();
}

}  // namespace

std::string RefusalReason(std::string text) {
  if (text.size() > limits::kRefusalBytes) {
    text.resize(limits::kRefusalBytes);
    // Not in the middle of a character.
    while (!text.empty() && !IsValidUtf8(text)) text.pop_back();
  }
  return IsValidUtf8(text) ? text : "the reason is not UTF-8";
}

absl::Status LeaseEnded(std::string_view lease, std::string_view why) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_LEASE_ENDED,
      absl::StrCat("lease ", ToAbsl(lease), " ", ToAbsl(why),
                   "; nothing was changed, go on with what is given next"),
      {{"lease", std::string(lease)}, {"why", std::string(why)}});
}

absl::StatusOr<std::vector<Outcome>> OutcomesOf(const Lease& lease,
                                                const Acknowledgement& said) {
  std::vector<Outcome> outcomes(lease.events.size(), Outcome::kNone);
  const auto claim = [&](Position position, Outcome outcome) -> absl::Status {
    const LeasedPosition* event = lease.Find(position);
    if (event == nullptr) {
      return WrongField(
          "position", absl::StrCat(position.value(),
                                   " was not given under lease ", said.lease));
    }
    Outcome& claimed = outcomes[event - lease.events.data()];
    if (claimed != Outcome::kNone && claimed != outcome) {
      return WrongField(
          "position", absl::StrCat(position.value(), " is said two things of"));
    }
    claimed = outcome;
    if (event->outcome != Outcome::kNone && event->outcome != outcome) {
      return LeaseEnded(said.lease,
                        absl::StrCat("is over for position ", position.value(),
                                     ", of which something else was said"));
    }
    return absl::OkStatus();
  };
  for (const Position position : said.done) {
    RETURN_IF_ERROR(claim(position, Outcome::kDone));
  }
  for (const auto& refusal : said.refused) {
    RETURN_IF_ERROR(CheckReason(refusal.reason));
    RETURN_IF_ERROR(claim(refusal.position, refusal.park
                                                ? Outcome::kRefusedForGood
                                                : Outcome::kRefused));
  }
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome before = lease.events[i].outcome;
    if (outcomes[i] != Outcome::kNone) continue;
    outcomes[i] =
        before == Outcome::kNone && said.all_done ? Outcome::kDone : before;
  }
  return outcomes;
}

}  // namespace samverk::bus

// Rules of what every event carries.
#include "eventstore/base/uuid.h"
#include "proto/codec/text.h"
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

// Clocks differ, and a meeting is recorded while it still goes on.
constexpr int64_t kClockSkewUs = int64_t{3'600} * 1'000'000;

// What gave rise to the event is in the register: of any process, or before
// this event in its batch.
void JudgeCausation(Judge& judge) {
  const std::string& cause = judge.event().causation_id();
  if (cause.empty()) return;
  const auto id = ParseUuid(cause);
  if (!id.ok() || judge.state().Find(*id) != nullptr ||
      judge.context().located.contains(*id)) {
    return;
  }
  judge.RefuseEnvelope(Rule::kEventUnknown, "causation_id", {{"id", cause}});
}

}  // namespace

void JudgeEnvelope(Judge& judge) {
  JudgeCausation(judge);
  const int64_t now_us = judge.context().now_us;
  if (!judge.when().known || judge.when().from_us <= now_us + kClockSkewUs) {
    return;
  }
  judge.RefuseEnvelope(Rule::kTimeInFuture, "occurred.edtf",
                       {{"value", judge.event().occurred().edtf()},
                        {"today", codec::DateText(now_us)}});
}

}  // namespace samverk::recording

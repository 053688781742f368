// Rules of what every event carries.
#include "proto/codec/text.h"
#include "services/recording/judge.h"

namespace samverk::recording {
namespace {

// Clocks differ, and a meeting is recorded while it still goes on.
constexpr int64_t kClockSkewUs = int64_t{3'600} * 1'000'000;

}  // namespace

void JudgeEnvelope(Judge& judge) {
  const int64_t now_us = judge.context().now_us;
  if (!judge.when().known || judge.when().from_us <= now_us + kClockSkewUs) {
    return;
  }
  judge.RefuseEnvelope(Rule::kTimeInFuture, "occurred.edtf",
                       {{"value", judge.event().occurred().edtf()},
                        {"today", codec::DateText(now_us)}});
}

}  // namespace samverk::recording

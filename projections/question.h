// What answers are asked with.
#ifndef SAMVERK_PROJECTIONS_QUESTION_H_
#define SAMVERK_PROJECTIONS_QUESTION_H_

#include <optional>
#include <string>

#include "proto/codec/edtf.h"
#include "proto/codec/text.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::projections {

// A question about a process. Answers are pure functions of views and question.
struct Question {
  std::string process;
  // Selects what intersects it; absent: all time. What has no known time is
  // always selected.
  std::optional<codec::TimeSpan> period;
  // For what depends on the clock: overdue, too old.
  int64_t evaluate_at_us = 0;
  codec::Language language = codec::Language::kSwedish;

  bool Selects(const view::v1::When& when) const {
    if (!period.has_value() || (when.from_us() == 0 && when.to_us() == 0)) {
      return true;
    }
    return when.from_us() < period->to_us && period->from_us < when.to_us();
  }
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_QUESTION_H_

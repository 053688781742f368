// Questions as tests ask them.
#ifndef SAMVERK_TESTS_TESTING_ASKING_H_
#define SAMVERK_TESTS_TESTING_ASKING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "eventstore/base/check.h"
#include "projections/question.h"
#include "proto/codec/edtf.h"
#include "tests/testing/fold_harness.h"

namespace samverk::testing {

// The first instant of a time in EDTF.
inline int64_t StartUs(std::string_view edtf) {
  const auto span = codec::ParseEdtf(edtf);
  SAMVERK_CHECK(span.ok()) << span.status().ToString();
  return span->from_us;
}

// A question about the harness's process. Empty period: all time.
inline projections::Question Asking(
    std::string_view period = "",
    codec::Language language = codec::Language::kSwedish,
    std::string_view evaluate_at = "2026-01-31") {
  projections::Question question;
  question.process = std::string(kProcess);
  question.language = language;
  question.evaluate_at_us = StartUs(evaluate_at);
  if (!period.empty()) {
    const auto span = codec::ParseEdtf(period);
    SAMVERK_CHECK(span.ok()) << span.status().ToString();
    question.period = *span;
  }
  return question;
}

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_ASKING_H_

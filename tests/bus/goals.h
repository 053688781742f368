// Goals of the demo process as lines for "samverk record", and waiting.
#ifndef SAMVERK_TESTS_BUS_GOALS_H_
#define SAMVERK_TESTS_BUS_GOALS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {

inline std::string Goal(uint64_t number, size_t text_bytes) {
  std::string id = absl::StrCat(number);
  id.insert(0, 12 - id.size(), '0');
  return absl::StrCat(R"({"id":"018bcfe5-6800-7000-8000-)", id,
                      R"(","process":"augustenborg","recorded_by":)",
                      R"({"organisation":"mkb","role":"projektledare",)",
                      R"("subject":"p-1"},"goal_set":{"goal":"g-)", number,
                      R"(","text":")", std::string(text_bytes, 'x'), R"("}})",
                      "\n");
}

inline std::string Goals(uint64_t first, uint64_t count,
                         size_t text_bytes = 10) {
  std::string goals;
  for (uint64_t i = 0; i < count; ++i) goals += Goal(first + i, text_bytes);
  return goals;
}

inline bool WaitUntil(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

}  // namespace samverk::e2e

#endif  // SAMVERK_TESTS_BUS_GOALS_H_

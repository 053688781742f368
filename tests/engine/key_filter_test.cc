#include "projections/engine/key_filter.h"

#include <string>

#include "gtest/gtest.h"

namespace samverk::projections {
namespace {

TEST(KeyFilter, HoldsNothingAtFirst) {
  EXPECT_FALSE(KeyFilter().MayHold("p/cost/1"));
}

TEST(KeyFilter, NeverDeniesAKeyThatWasAdded) {
  KeyFilter filter;
  for (int i = 0; i < 100'000; ++i) filter.Add("p/cost/" + std::to_string(i));
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(filter.MayHold("p/cost/" + std::to_string(i))) << i;
  }
}

TEST(KeyFilter, DeniesNearlyAllOthersAtAMillionKeys) {
  KeyFilter filter;
  for (int i = 0; i < 1'000'000; ++i) filter.Add("p/cost/" + std::to_string(i));
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    if (filter.MayHold("p/grant/" + std::to_string(i))) ++wrong;
  }
  EXPECT_LT(wrong, 1'000);
}

}  // namespace
}  // namespace samverk::projections

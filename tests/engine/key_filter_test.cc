#include "projections/engine/key_filter.h"

#include <string>

#include "eventstore/base/strings.h"
#include "gtest/gtest.h"

namespace samverk::projections {
namespace {

uint64_t HashOf(std::string_view key) { return StringHash()(key); }

TEST(KeyFilter, HoldsNothingAtFirst) {
  EXPECT_FALSE(KeyFilter().MayHold(HashOf("p/cost/1")));
}

TEST(KeyFilter, NeverDeniesAKeyThatWasAdded) {
  KeyFilter filter;
  for (int i = 0; i < 100'000; ++i)
    filter.Add(HashOf("p/cost/" + std::to_string(i)));
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(filter.MayHold(HashOf("p/cost/" + std::to_string(i)))) << i;
  }
}

TEST(KeyFilter, DeniesNearlyAllOthersAtAMillionKeys) {
  KeyFilter filter;
  for (int i = 0; i < 1'000'000; ++i)
    filter.Add(HashOf("p/cost/" + std::to_string(i)));
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    if (filter.MayHold(HashOf("p/grant/" + std::to_string(i)))) ++wrong;
  }
  EXPECT_LT(wrong, 1'000);
}

}  // namespace
}  // namespace samverk::projections

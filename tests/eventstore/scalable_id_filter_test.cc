#include "eventstore/rocksdb/scalable_id_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

namespace samverk {
namespace {

constexpr size_t kBytes = 16 << 10;
// All filters are full with as many.
constexpr uint64_t kRoom =
    IdFilter::RoomOf(kBytes) * ((1 << ScalableIdFilter::kFilters) - 1);

EventId RandomId(std::mt19937_64& chance) {
  EventId id;
  for (uint8_t& byte : id.bytes) byte = static_cast<uint8_t>(chance());
  return id;
}

// How many of `asked` ids that were not added are taken for added.
uint64_t TakenForAdded(const ScalableIdFilter& filter, uint64_t asked) {
  std::mt19937_64 chance(0xfeed);
  uint64_t taken = 0;
  for (uint64_t i = 0; i < asked; ++i) {
    taken += filter.MayHave(RandomId(chance));
  }
  return taken;
}

TEST(ScalableIdFilter, NeverDeniesWhatWasAddedHoweverMany) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  ScalableIdFilter filter(kBytes);
  std::mt19937_64 chance(seed);
  for (uint64_t i = 0; i < 2 * kRoom; ++i) filter.Add(RandomId(chance));
  chance.seed(seed);
  for (uint64_t i = 0; i < 2 * kRoom; ++i) {
    ASSERT_TRUE(filter.MayHave(RandomId(chance))) << i;
  }
}

TEST(ScalableIdFilter, DeniesNearlyAllOthersWhileItGrows) {
  ScalableIdFilter filter(kBytes);
  std::mt19937_64 chance(1);
  uint64_t added = 0;
  for (const uint64_t until : {kRoom / 15, kRoom / 5, kRoom / 2, kRoom}) {
    for (; added < until; ++added) filter.Add(RandomId(chance));
    EXPECT_LT(TakenForAdded(filter, 100'000), 1'000) << added;
  }
}

TEST(ScalableIdFilter, GrowsUnderManyThreads) {
  ScalableIdFilter filter(kBytes);
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&filter, t] {
      std::mt19937_64 chance(t);
      for (uint64_t i = 0; i < kRoom / 4; ++i) {
        const EventId id = RandomId(chance);
        filter.Add(id);
        ASSERT_TRUE(filter.MayHave(id));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (uint64_t t = 0; t < 4; ++t) {
    std::mt19937_64 chance(t);
    for (uint64_t i = 0; i < kRoom / 4; ++i) {
      ASSERT_TRUE(filter.MayHave(RandomId(chance))) << t << " " << i;
    }
  }
}

TEST(ScalableIdFilter, GoesOnWhereAnotherEnded) {
  ScalableIdFilter first(kBytes);
  std::mt19937_64 chance(1);
  for (uint64_t i = 0; i < kRoom / 3; ++i) first.Add(RandomId(chance));
  ScalableIdFilter second(kBytes);
  ASSERT_TRUE(second.AddParts(first.Parts()));
  for (uint64_t i = kRoom / 3; i < kRoom; ++i) second.Add(RandomId(chance));
  chance.seed(1);
  for (uint64_t i = 0; i < kRoom; ++i) {
    ASSERT_TRUE(second.MayHave(RandomId(chance))) << i;
  }
  EXPECT_LT(TakenForAdded(second, 100'000), 1'000);
}

TEST(ScalableIdFilter, TakesNothingOfAFilterOfAnotherSize) {
  ScalableIdFilter larger(2 * kBytes);
  std::mt19937_64 chance(1);
  for (uint64_t i = 0; i < kRoom; ++i) larger.Add(RandomId(chance));
  ScalableIdFilter filter(kBytes);
  EXPECT_FALSE(filter.AddParts(larger.Parts()));
  EXPECT_FALSE(filter.AddParts({}));
  // The first of them fits, the second does not.
  ScalableIdFilter same(kBytes);
  for (uint64_t i = 0; i < kRoom; ++i) same.Add(RandomId(chance));
  auto parts = same.Parts();
  parts[1].bits.remove_suffix(64);
  EXPECT_FALSE(filter.AddParts(parts));
  EXPECT_EQ(TakenForAdded(filter, 1'000), 0);
}

}  // namespace
}  // namespace samverk

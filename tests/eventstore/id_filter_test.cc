#include "eventstore/rocksdb/id_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"

namespace samverk {
namespace {

EventId RandomId(std::mt19937_64& chance) {
  EventId id;
  for (uint8_t& byte : id.bytes) byte = static_cast<uint8_t>(chance());
  return id;
}

// Ids that differ in their last bytes alone, as those of a counter do.
EventId NumberedId(uint32_t number) {
  EventId id;
  for (int i = 0; i < 4; ++i) {
    id.bytes[12 + i] = static_cast<uint8_t>(number >> (8 * (3 - i)));
  }
  return id;
}

constexpr size_t kBytes = 64 << 10;
constexpr uint32_t kIds = IdFilter::RoomOf(kBytes);

TEST(IdFilter, NeverDeniesWhatWasAdded) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  IdFilter filter(kBytes);
  std::mt19937_64 chance(seed);
  // Ten times more than it has room for.
  for (uint32_t i = 0; i < 10 * kIds; ++i) filter.Add(RandomId(chance));
  chance.seed(seed);
  for (uint32_t i = 0; i < 10 * kIds; ++i) {
    ASSERT_TRUE(filter.MayHave(RandomId(chance))) << i;
  }
}

TEST(IdFilter, DeniesMostOfWhatWasNotAdded) {
  IdFilter filter(kBytes);
  EXPECT_FALSE(filter.MayHave(NumberedId(1)));
  for (uint32_t i = 0; i < kIds; ++i) filter.Add(NumberedId(i));
  uint32_t taken_for_added = 0;
  for (uint32_t i = kIds; i < 11 * kIds; ++i) {
    taken_for_added += filter.MayHave(NumberedId(i));
  }
  EXPECT_LT(taken_for_added, 10 * kIds / 200);
}

TEST(IdFilter, ManyThreadsAdd) {
  IdFilter filter(kBytes);
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([&filter, t] {
      for (uint32_t i = 0; i < kIds; ++i) filter.Add(NumberedId(4 * i + t));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (uint32_t i = 0; i < 4 * kIds; ++i) {
    ASSERT_TRUE(filter.MayHave(NumberedId(i))) << i;
  }
}

TEST(IdFilter, TakesInTheBitsOfAnother) {
  IdFilter first(kBytes);
  for (uint32_t i = 0; i < kIds; ++i) first.Add(NumberedId(i));
  IdFilter second(kBytes);
  second.Add(NumberedId(kIds));
  ASSERT_TRUE(second.AddBits(first.bits()));
  for (uint32_t i = 0; i <= kIds; ++i) {
    ASSERT_TRUE(second.MayHave(NumberedId(i))) << i;
  }
  IdFilter larger(2 * kBytes);
  EXPECT_FALSE(larger.AddBits(first.bits()));
}

// They are in files: another place for an id would deny it after a start.
TEST(IdFilter, AnIdsBitsNeverChange) {
  IdFilter filter(64);
  filter.Add(NumberedId(0x12345678));
  EXPECT_EQ(
      absl::BytesToHexString(std::string(filter.bits())),
      "00000000040000000000000000000000000000002400000000000020000000000000"
      "000000000020000000000000008000000000000000000000000000000000");
}

}  // namespace
}  // namespace samverk

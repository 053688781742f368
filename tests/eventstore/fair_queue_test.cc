#include "eventstore/rocksdb/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace samverk {
namespace {

using testing::ElementsAre;
using Queue = FairQueue<std::string>;

constexpr QueuedSize kOne = {1, 10};
constexpr QueuedSize kAll = {100'000, 100'000'000};

std::vector<std::string> Take(Queue& queue, QueuedSize limit = kAll) {
  std::vector<std::string> taken;
  queue.TakeUpTo(limit, true, [&](std::string request) {
    taken.push_back(std::move(request));
  });
  return taken;
}

TEST(FairQueue, SaysWhetherTheLimitKeptItFromTakingAll) {
  Queue queue(10, 1000);
  for (const char* name : {"a", "b", "c"}) queue.Push(1, kOne, name);
  EXPECT_EQ(queue.events(), 3u);
  std::vector<std::string> taken;
  const auto take = [&](std::string request) { taken.push_back(request); };
  EXPECT_FALSE(queue.TakeUpTo({0, 1000}, false, take));
  EXPECT_THAT(taken, ElementsAre());
  EXPECT_FALSE(queue.TakeUpTo({0, 1000}, true, take));
  EXPECT_THAT(taken, ElementsAre("a"));
  EXPECT_TRUE(queue.TakeUpTo({2, 1000}, false, take));
  EXPECT_THAT(taken, ElementsAre("a", "b", "c"));
  EXPECT_EQ(queue.events(), 0u);
}

TEST(FairQueue, OneCallersRequestsKeepTheirOrder) {
  Queue queue(10, 1000);
  for (const char* name : {"a", "b", "c"}) queue.Push(1, kOne, name);
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(queue.bytes(), 30u);
  EXPECT_THAT(Take(queue), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(FairQueue, ACallerThatSendsMuchDoesNotHoldUpOneThatSendsLittle) {
  Queue queue(10'000, 1'000'000);
  for (int i = 0; i < 5'000; ++i) queue.Push(1, kOne, "much");
  queue.Push(2, kOne, "little");
  const auto taken = Take(queue, {100, 1'000'000});
  ASSERT_EQ(taken.size(), 100u);
  // After one turn of the other.
  EXPECT_EQ(taken[Queue::kQuantum], "little");
}

TEST(FairQueue, TurnsAreCountedInEvents) {
  Queue queue(10'000, 1'000'000);
  const QueuedSize large = {Queue::kQuantum, 10};
  for (int i = 0; i < 3; ++i) queue.Push(1, large, "large");
  for (int i = 0; i < 2; ++i) queue.Push(2, {Queue::kQuantum / 2, 10}, "half");
  EXPECT_THAT(Take(queue),
              ElementsAre("large", "half", "half", "large", "large"));
}

TEST(FairQueue, ARequestLargerThanATurnComesWhenItsCallerHasSavedUp) {
  Queue queue(10'000, 1'000'000);
  queue.Push(1, {3 * Queue::kQuantum, 10}, "large");
  for (int i = 0; i < 4; ++i) queue.Push(2, {Queue::kQuantum, 10}, "other");
  EXPECT_THAT(Take(queue),
              ElementsAre("other", "other", "large", "other", "other"));
}

TEST(FairQueue, AtLeastOneIsTakenHoweverLarge) {
  Queue queue(10, 1'000'000);
  queue.Push(1, {1'000, 10'000}, "large");
  queue.Push(1, kOne, "next");
  EXPECT_THAT(Take(queue, {10, 100}), ElementsAre("large"));
  EXPECT_THAT(Take(queue, {10, 100}), ElementsAre("next"));
}

TEST(FairQueue, ATurnThatWasCutShortGoesOn) {
  Queue queue(1'000, 1'000'000);
  for (int i = 0; i < 10; ++i) queue.Push(1, kOne, "a");
  for (int i = 0; i < 10; ++i) queue.Push(2, kOne, "b");
  const QueuedSize four = {4, 1'000'000};
  EXPECT_THAT(Take(queue, four), ElementsAre("a", "a", "a", "a"));
  EXPECT_THAT(Take(queue, four), ElementsAre("a", "a", "a", "a"));
  EXPECT_THAT(Take(queue, four), ElementsAre("a", "a", "b", "b"));
}

// T2
TEST(FairQueue, ThereIsRoomForNewcomersHoweverMuchOthersSend) {
  Queue queue(800, 1'000'000);
  for (uint64_t caller = 1; caller <= 10; ++caller) {
    while (queue.RoomFor(caller, kOne) == Queue::Room::kThereIs) {
      queue.Push(caller, kOne, "");
    }
    EXPECT_EQ(queue.RoomFor(caller, kOne), Queue::Room::kKeptForOthers);
  }
  // The first took seven eighths, the others one each.
  EXPECT_EQ(queue.size(), 700u + 9u);
  for (uint64_t caller = 11; queue.size() < 800; ++caller) {
    ASSERT_EQ(queue.RoomFor(caller, kOne), Queue::Room::kThereIs) << caller;
    queue.Push(caller, kOne, "");
  }
  EXPECT_EQ(queue.RoomFor(1'000, kOne), Queue::Room::kQueueIsFull);
}

TEST(FairQueue, BytesAreBoundedToo) {
  Queue queue(1'000, 80);
  EXPECT_EQ(queue.RoomFor(1, {1, 81}), Queue::Room::kQueueIsFull);
  queue.Push(1, {1, 60}, "");
  EXPECT_EQ(queue.RoomFor(1, {1, 10}), Queue::Room::kThereIs);
  EXPECT_EQ(queue.RoomFor(1, {1, 11}), Queue::Room::kKeptForOthers);
  EXPECT_EQ(queue.RoomFor(2, {1, 20}), Queue::Room::kThereIs);
  EXPECT_EQ(queue.RoomFor(2, {1, 21}), Queue::Room::kQueueIsFull);
}

TEST(FairQueue, CallersThatAreGoneAreForgotten) {
  Queue queue(10, 1'000);
  for (uint64_t caller = 0; caller < 10 * Queue::kIdleCallers; ++caller) {
    queue.Push(caller, kOne, "x");
    EXPECT_THAT(Take(queue), ElementsAre("x"));
  }
}

}  // namespace
}  // namespace samverk

// Threads that callers share.
#include "services/common/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eventstore/base/error.h"
#include "tests/testing/gate.h"

namespace samverk {
namespace {

using ::testing::ElementsAre;

// A pool of one thread, held up, and what its jobs did.
struct Held {
  testing::Gate gate;
  std::vector<std::string> done;  // by the pool's thread alone
  WorkerPool pool{1, 8};

  Held() {
    gate.Close();
    EXPECT_TRUE(pool.Submit([this] { gate.Pass(); }).ok());
    gate.AwaitSomebody();
  }
  absl::Status Submit(const std::string& caller, const std::string& job) {
    return pool.Submit([this, job] { done.push_back(job); }, caller);
  }
  void Finish() {
    gate.Open();
    pool.Close();
  }
};

TEST(WorkerPool, TakesCallersInTurn) {
  Held held;
  for (const char* job : {"a1", "a2"}) EXPECT_TRUE(held.Submit("a", job).ok());
  EXPECT_TRUE(held.Submit("b", "b1").ok());
  EXPECT_TRUE(held.Submit("c", "c1").ok());
  EXPECT_TRUE(held.Submit("b", "b2").ok());
  held.Finish();
  EXPECT_THAT(held.done, ElementsAre("a1", "b1", "c1", "a2", "b2"));
}

TEST(WorkerPool, LeavesRoomForOthers) {
  Held held;
  EXPECT_TRUE(held.Submit("a", "a1").ok());
  EXPECT_TRUE(held.Submit("a", "a2").ok());
  // A quarter of eight is theirs.
  EXPECT_EQ(ReasonOf(held.Submit("a", "a3")), error::v1::REASON_QUEUE_FULL);
  EXPECT_TRUE(held.Submit("b", "b1").ok());
  // What is nobody's fills what is left.
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(held.Submit("", "x").ok());
  EXPECT_EQ(ReasonOf(held.Submit("", "x")), error::v1::REASON_QUEUE_FULL);
  EXPECT_EQ(ReasonOf(held.Submit("c", "c1")), error::v1::REASON_QUEUE_FULL);
  held.Finish();
  EXPECT_EQ(held.done.size(), 8u);
}

TEST(WorkerPool, RunsWhatItTookWhenItCloses) {
  Held held;
  EXPECT_TRUE(held.Submit("a", "a1").ok());
  held.Finish();
  EXPECT_THAT(held.done, ElementsAre("a1"));
  EXPECT_EQ(ReasonOf(held.Submit("a", "a2")), error::v1::REASON_SHUTTING_DOWN);
}

}  // namespace
}  // namespace samverk

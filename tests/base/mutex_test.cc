#include "eventstore/base/mutex.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace samverk {
namespace {

TEST(CondVar, SaysWhenTheDeadlineHasPassed) {
  Mutex mu;
  CondVar changed;
  MutexLock lock(mu);
  EXPECT_FALSE(changed.WaitUntil(mu, absl::Now() - absl::Hours(1)));
  EXPECT_FALSE(changed.WaitUntil(mu, absl::InfinitePast()));
  const absl::Time deadline = absl::Now() + absl::Milliseconds(20);
  while (changed.WaitUntil(mu, deadline)) {
  }
  EXPECT_GE(absl::Now(), deadline - absl::Milliseconds(1));
}

TEST(CondVar, WaitsForWhatIsFarAway) {
  for (const absl::Time deadline :
       {absl::InfiniteFuture(), absl::Now() + absl::Hours(24 * 365 * 1000)}) {
    Mutex mu;
    CondVar changed;
    bool done = false;
    std::thread other([&] {
      MutexLock lock(mu);
      done = true;
      changed.NotifyAll();
    });
    {
      MutexLock lock(mu);
      while (!done) EXPECT_TRUE(changed.WaitUntil(mu, deadline));
    }
    other.join();
  }
}

}  // namespace
}  // namespace samverk
